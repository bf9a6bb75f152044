using System.Globalization;

namespace DsmipTools.Net;

/// <summary>A process of this host by its number and the moment at which it started: numbers are used again.</summary>
/// <param name="Id">The number.</param>
/// <param name="Start">When it started, in the kernel's ticks since it booted (proc(5), stat, field 22); empty where that cannot be read.</param>
public readonly record struct ProcessIdentity(int Id, string Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current => Of(Environment.ProcessId);

    /// <summary>True as long as it runs.</summary>
    public bool IsAlive => Start.Length > 0 && Of(Id) == this;

    /// <summary>The process that has a number now.</summary>
    public static ProcessIdentity Of(int id)
    {
        const int StartAt = 19;
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // The name, in brackets, may hold anything.
            return new ProcessIdentity(id, text[(text.LastIndexOf(')') + 2)..].Split(' ')[StartAt]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ProcessIdentity(id, "");
        }
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out ProcessIdentity result)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ');
        result = default;
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        result = new ProcessIdentity(id, parts[1]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Start}");
}
