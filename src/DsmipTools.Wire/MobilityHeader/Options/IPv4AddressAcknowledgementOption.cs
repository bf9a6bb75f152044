using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>IPv4 Address Acknowledgement option of a Binding Acknowledgement (RFC 5555, 3.2.1).</summary>
public sealed record IPv4AddressAcknowledgementOption : IPv4HomePrefixOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Address Acknowledgement", "RFC 5555, 3.2.1");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.IPv4AddressAcknowledgement, From, 4);

        /// <summary>The outcome: accepted below 128.</summary>
        public static readonly Field Status = Layout.Code<IPv4AddressAcknowledgementStatus>("Status", 8, "the outcome: accepted below 128");

        /// <summary>Length of the prefix in bits.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 6, "length of the prefix in bits");

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(2);

        /// <summary>The IPv4 home address.</summary>
        public static readonly Field IPv4HomeAddress = Layout.IPv4("IPv4HomeAddress", "the IPv4 home address of the binding");
    }

    /// <summary>The outcome: accepted below 128.</summary>
    public IPv4AddressAcknowledgementStatus Status { get; init; }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public byte Reserved { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the fields; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out IPv4AddressAcknowledgementStatus status, out Address address, out byte prefixLength)
    {
        var fits = Fields.Form.Matches(view);
        status = fits ? (IPv4AddressAcknowledgementStatus)Fields.Status.ReadByte(view.Octets) : default;
        address = fits ? Fields.IPv4HomeAddress.ReadAddress(view.Octets) : default;
        prefixLength = fits ? Fields.PrefixLength.ReadByte(view.Octets) : default;
        return fits;
    }

    private static IPv4AddressAcknowledgementOption From(ReadOnlySpan<byte> option) => new()
    {
        Status = (IPv4AddressAcknowledgementStatus)Fields.Status.ReadByte(option),
        PrefixLength = Fields.PrefixLength.ReadByte(option),
        Reserved = Fields.Reserved.ReadByte(option),
        IPv4HomeAddress = Fields.IPv4HomeAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Status.Write(option, (byte)Status);
        Fields.PrefixLength.Write(option, PrefixLength);
        Fields.Reserved.Write(option, Reserved);
        Fields.IPv4HomeAddress.Write(option, IPv4HomeAddress);
    }
}
