using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Binding Identifier option (RFC 5648, 4.3): one of several bindings of a home address.</summary>
public sealed record BindingIdentifierOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Identifier", "RFC 5648, 4.3");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.BindingIdentifier, From)
        {
            Alternatives = [4, 8, 20],
            AlignmentByLength = length => length > 6 ? (8, 2) : (2, 0),
        };

        /// <summary>The binding identification number (BID); 0 is reserved.</summary>
        public static readonly Field BindingId = Layout.Number("BindingId", 16, "the BID; 0 is reserved");

        /// <summary>The status of this binding; 0 leaves it to the Binding Acknowledgement.</summary>
        public static readonly Field Status = Layout.Code<BindingStatus>("Status", 8, "the status of this binding; 0 leaves it to the acknowledgement");

        /// <summary>H: bindings while the mobile node is on its home link.</summary>
        public static readonly Field SimultaneousHomeAndForeignBinding = Layout.Flag("SimultaneousHomeAndForeignBinding", "H: bindings while the mobile node is on its home link");

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(7);

        /// <summary>The care-of address of this binding, IPv4 or IPv6; null when there is none.</summary>
        public static readonly Field CareOfAddress = Layout.Address("CareOfAddress", "the care-of address of this binding, IPv4 or IPv6, or none");
    }

    /// <summary>The binding identification number (BID); 0 is reserved.</summary>
    public required ushort BindingId { get; init; }

    /// <summary>The status of this binding; 0 leaves it to the Binding Acknowledgement.</summary>
    public BindingStatus Status { get; init; }

    /// <summary>H: bindings while the mobile node is on its home link.</summary>
    public bool SimultaneousHomeAndForeignBinding { get; init; }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public byte Reserved { get; init; }

    /// <summary>The care-of address of this binding, IPv4 or IPv6; null when there is none.</summary>
    public Address? CareOfAddress { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + (CareOfAddress?.Length ?? 0);

    /// <summary>Reads the fields; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ushort bindingId, out BindingStatus status, out Address? careOfAddress)
    {
        var fits = Fields.Form.Matches(view);
        bindingId = fits ? Fields.BindingId.ReadUInt16(view.Octets) : default;
        status = fits ? (BindingStatus)Fields.Status.ReadByte(view.Octets) : default;
        careOfAddress = fits ? AddressOf(view.Octets) : default;
        return fits;
    }

    private static BindingIdentifierOption From(ReadOnlySpan<byte> option) => new()
    {
        BindingId = Fields.BindingId.ReadUInt16(option),
        Status = (BindingStatus)Fields.Status.ReadByte(option),
        SimultaneousHomeAndForeignBinding = Fields.SimultaneousHomeAndForeignBinding.ReadFlag(option),
        Reserved = Fields.Reserved.ReadByte(option),
        CareOfAddress = AddressOf(option),
    };

    private static Address? AddressOf(ReadOnlySpan<byte> option) =>
        option.Length == Fields.Layout.Length ? default(Address?) : Address.FromOctets(Fields.CareOfAddress.ReadRest(option));

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.BindingId.Write(option, BindingId);
        Fields.Status.Write(option, (byte)Status);
        Fields.SimultaneousHomeAndForeignBinding.Write(option, SimultaneousHomeAndForeignBinding);
        Fields.Reserved.Write(option, Reserved);
        if (CareOfAddress is { } address)
        {
            Fields.CareOfAddress.Write(option, address);
        }
    }
}
