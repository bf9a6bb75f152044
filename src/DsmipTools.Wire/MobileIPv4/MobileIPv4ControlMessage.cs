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
