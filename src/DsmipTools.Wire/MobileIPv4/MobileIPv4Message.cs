using System.Globalization;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>A Mobile IPv4 control message as an immutable value (RFC 5944, 1.8); the payload of UDP.</summary>
public abstract record MobileIPv4Message : Structure
{
    /// <summary>The UDP port of Mobile IPv4 (RFC 5944, 1.8).</summary>
    public const ushort Port = 434;

    /// <summary>The extensions in wire order.</summary>
    public ValueList<Extension> Extensions { get; init; }

    /// <summary>The message type.</summary>
    public abstract MobileIPv4MessageType Type { get; }

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => Extensions;

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

    /// <summary>Reads a message; the error says what is wrong with octets that are none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out MobileIPv4Message? message, out WireError error)
    {
        if (octets.Length > 0 && octets[0] == (byte)MobileIPv4MessageType.RegistrationReply)
        {
            message = RegistrationReplyView.TryParse(octets, out var reply, out error) ? RegistrationReply.From(reply) : null;
        }
        else
        {
            message = RegistrationRequestView.TryParse(octets, out var request, out error) ? RegistrationRequest.From(request) : null;
        }

        return message is not null;
    }

    internal static bool TryCheck(ReadOnlySpan<byte> octets, MobileIPv4MessageType type, Layout layout, out WireError error)
    {
        if (octets.Length > 0 && octets[0] != (byte)type)
        {
            error = new WireError("Type", 0, string.Create(CultureInfo.InvariantCulture, $"the message is of type {octets[0]}, not {(byte)type}"));
            return false;
        }

        if (octets.Length < layout.Length)
        {
            error = new WireError(layout.Name, octets.Length, string.Create(CultureInfo.InvariantCulture, $"ends before its {layout.Length} octets"));
            return false;
        }

        return ExtensionSequence.TryCheck(octets[layout.Length..], layout.Length, out error);
    }

    private protected abstract void WriteFields(Span<byte> message);

    private protected static ValueList<Extension> ExtensionsOf(ExtensionSequence sequence)
    {
        var extensions = new List<Extension>();
        foreach (var extension in sequence)
        {
            extensions.Add(Extension.From(extension));
        }

        return ValueList.From(extensions);
    }
}
