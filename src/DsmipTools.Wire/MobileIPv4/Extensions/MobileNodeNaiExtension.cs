using System.Text;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile Node NAI extension (RFC 2794, 2).</summary>
public sealed record MobileNodeNaiExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Node NAI", "RFC 2794, 2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "131");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>NAI.</summary>
        public static readonly Field Nai = Layout.Text("Nai", "the Network Access Identifier");
    }

    /// <summary>The Network Access Identifier, at most 255 octets.</summary>
    public required Octets Nai { get; init; }

    /// <summary>The identifier as text; octets that are no UTF-8 show as U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Nai.Span);

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileNodeNai;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the extension from text.</summary>
    public static MobileNodeNaiExtension Create(string nai) => new() { Nai = Octets.Create(Encoding.UTF8.GetBytes(nai)) };

    /// <summary>Writes an extension without making a record of it; returns the octets written.</summary>
    /// <exception cref="ArgumentException">There is no room, or the identifier has more than 255 octets.</exception>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> nai)
    {
        var target = destination[..(Fields.Layout.Length + nai.Length)];
        target[0] = (byte)ExtensionType.MobileNodeNai;
        target[1] = nai.Length <= byte.MaxValue ? (byte)nai.Length : throw new ArgumentException("An extension has at most 255 octets of data.", nameof(nai));
        nai.CopyTo(target[Fields.Nai.Offset..]);
        return target.Length;
    }

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Nai.Length;

    /// <summary>Reads the octets of the identifier; false when the extension is of another type.</summary>
    public static bool TryRead(ExtensionView view, out ReadOnlySpan<byte> nai)
    {
        var fits = view.Type == ExtensionType.MobileNodeNai;
        nai = fits ? view.Data : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> extension) => Nai.Span.CopyTo(extension[Fields.Nai.Offset..]);
}
