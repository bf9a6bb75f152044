using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>A Mobile IPv4 control message: a fixed part and extensions up to the end of the datagram (RFC 5944, 1.8).</summary>
public abstract record MobileIPv4ControlMessage : MobileIPv4Message
{
    /// <summary>The extensions in wire order.</summary>
    public ValueList<Extension> Extensions { get; init; }

    /// <inheritdoc/>
    public sealed override IEnumerable<Structure> Parts => Extensions;

    /// <inheritdoc/>
    public sealed override int GetLength()
    {
        var length = Table.Length;
        foreach (var extension in Extensions)
        {
            length += extension.GetLength();
        }

        return length;
    }

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var length = Table.Length;
        destination[..length].Clear();
        WriteFields(destination);
        foreach (var extension in Extensions)
        {
            length += extension.Write(destination[length..]);
        }

        return length;
    }

    /// <summary>
    /// The extensions of a control message of any type where they stand, without making a record of them; what verifying an authenticator
    /// takes.
    /// </summary>
    /// <param name="octets">The message.</param>
    /// <param name="extensions">The extensions in wire order; tunnel data has none.</param>
    /// <param name="error">What is wrong with octets that are no such message.</param>
    public static bool TryGetExtensions(ReadOnlySpan<byte> octets, out ExtensionSequence extensions, out WireError error)
    {
        var isMessage = TryCheck(octets, out error);
        var table = TableOf(octets);
        extensions = isMessage && table != TunnelData.Fields.Layout ? new ExtensionSequence(octets[table.Length..], table.Length) : default;
        return isMessage;
    }

    private protected static ValueList<Extension> ExtensionsOf(ExtensionSequence sequence)
    {
        var extensions = new List<Extension>();
        foreach (var extension in sequence)
        {
            extensions.Add(Extension.From(extension));
        }

        return ValueList.From(extensions);
    }

    private protected static ValueList<Extension> ExtensionsOf(ReadOnlySpan<byte> message, Layout layout) =>
        ExtensionsOf(new ExtensionSequence(message[layout.Length..], layout.Length));
}
