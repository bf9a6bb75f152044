using System.Text;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobile Node Identifier option (RFC 4283, 3).</summary>
public sealed record MobileNodeIdentifierOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Node Identifier", "RFC 4283, 3");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.MobileNodeIdentifier, From);

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<MobileNodeIdentifierSubtype>("Subtype", 8, "what kind of identifier it is");

        /// <summary>Identifier.</summary>
        public static readonly Field Identifier = Layout.Text("Identifier", "the identifier, of variable length");
    }

    /// <summary>The kind of identifier, 0 to 255.</summary>
    public MobileNodeIdentifierSubtype Subtype { get; init; } = MobileNodeIdentifierSubtype.NetworkAccessIdentifier;

    /// <summary>The identifier, at most 254 octets; empty in the answer to an update that had none (RFC 5213, 5.3.6).</summary>
    public required Octets Identifier { get; init; }

    /// <summary>The identifier as text; octets that are no UTF-8 show as U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Identifier.Span);

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Makes the option from a Network Access Identifier, or from <c>@realm</c> (RFC 5846, 8.1).</summary>
    public static MobileNodeIdentifierOption Create(string identifier)
    {
        ArgumentException.ThrowIfNullOrEmpty(identifier);
        return new MobileNodeIdentifierOption { Identifier = Octets.Create(Encoding.UTF8.GetBytes(identifier)) };
    }

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Identifier.Length;

    /// <summary>Reads the octets of a Network Access Identifier; false for another type or subtype and for an empty one.</summary>
    public static bool TryRead(MobilityOptionView view, out ReadOnlySpan<byte> identifier)
    {
        var fits = view.Type == MobilityOptionType.MobileNodeIdentifier
            && view.Octets.Length > Fields.Layout.Length
            && Fields.Subtype.ReadByte(view.Octets) == (byte)MobileNodeIdentifierSubtype.NetworkAccessIdentifier;
        identifier = fits ? Fields.Identifier.ReadRest(view.Octets) : default;
        return fits;
    }

    private static MobileNodeIdentifierOption From(ReadOnlySpan<byte> option) => new()
    {
        Subtype = (MobileNodeIdentifierSubtype)Fields.Subtype.ReadByte(option),
        Identifier = Octets.Create(Fields.Identifier.ReadRest(option)),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Subtype.Write(option, (byte)Subtype);
        Identifier.Span.CopyTo(option[Fields.Identifier.Offset..]);
    }
}
