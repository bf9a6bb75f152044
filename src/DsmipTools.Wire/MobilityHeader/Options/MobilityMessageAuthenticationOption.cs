using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobility Message Authentication option (RFC 4285, 5): protects a message up to and with its mobility SPI.</summary>
public sealed record MobilityMessageAuthenticationOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobility Message Authentication", "RFC 4285, 5");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.MobilityMessageAuthentication, From, 4, 1);

        /// <summary>Who authenticates the message.</summary>
        public static readonly Field Subtype = Layout.Code<MobilityMessageAuthenticationSubtype>("Subtype", 8, "who authenticates the message");

        /// <summary>The mobility security parameter index; 0 to 255 are reserved.</summary>
        public static readonly Field MobilitySpi = Layout.Number("MobilitySpi", 32, "the mobility security association; 0 to 255 are reserved");

        /// <summary>The authentication data; 12 octets with MN-HA.</summary>
        public static readonly Field AuthenticationData = Layout.Rest("AuthenticationData", "the first 96 bits of the code, with MN-HA");
    }

    /// <summary>Who authenticates the message.</summary>
    public required MobilityMessageAuthenticationSubtype Subtype { get; init; }

    /// <summary>The mobility security parameter index; 0 to 255 are reserved.</summary>
    public required uint MobilitySpi { get; init; }

    /// <summary>The authentication data; 12 octets with MN-HA.</summary>
    public required Octets AuthenticationData { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + AuthenticationData.Length;

    /// <summary>Reads the fields; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out MobilityMessageAuthenticationSubtype subtype, out uint mobilitySpi, out ReadOnlySpan<byte> authenticationData)
    {
        var fits = Fields.Form.Matches(view);
        subtype = fits ? (MobilityMessageAuthenticationSubtype)Fields.Subtype.ReadByte(view.Octets) : default;
        mobilitySpi = fits ? Fields.MobilitySpi.ReadUInt32(view.Octets) : default;
        authenticationData = fits ? Fields.AuthenticationData.ReadRest(view.Octets) : default;
        return fits;
    }

    private static MobilityMessageAuthenticationOption From(ReadOnlySpan<byte> option) => new()
    {
        Subtype = (MobilityMessageAuthenticationSubtype)Fields.Subtype.ReadByte(option),
        MobilitySpi = Fields.MobilitySpi.ReadUInt32(option),
        AuthenticationData = Octets.Create(Fields.AuthenticationData.ReadRest(option)),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Subtype.Write(option, (byte)Subtype);
        Fields.MobilitySpi.Write(option, MobilitySpi);
        AuthenticationData.Span.CopyTo(option[Fields.AuthenticationData.Offset..]);
    }
}
