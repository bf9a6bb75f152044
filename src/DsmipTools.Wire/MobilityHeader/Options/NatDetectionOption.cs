using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>NAT Detection option of a Binding Acknowledgement (RFC 5555, 3.2.2).</summary>
public sealed record NatDetectionOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("NAT Detection", "RFC 5555, 3.2.2");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.NatDetection, From, 4);

        /// <summary>F: UDP encapsulation is required, with a NAT or without.</summary>
        public static readonly Field ForcingUdpEncapsulation = Layout.Flag("ForcingUdpEncapsulation", "F: UDP encapsulation is required, with a NAT or without");

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>Suggested time to refresh the NAT binding in seconds; 0 is ignored, 4294967295 says that no NAT was detected.</summary>
        public static readonly Field RefreshTime = Layout.Number("RefreshTime", 32, "time to refresh the NAT binding in seconds, 4294967295 when there is no NAT");
    }

    /// <summary>F: UDP encapsulation is required, with a NAT or without.</summary>
    public bool ForcingUdpEncapsulation { get; init; }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Suggested time to refresh the NAT binding in seconds; 0 is ignored, 4294967295 says that no NAT was detected.</summary>
    public required uint RefreshTime { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the fields; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out bool forcingUdpEncapsulation, out uint refreshTime)
    {
        var fits = Fields.Form.Matches(view);
        forcingUdpEncapsulation = fits && Fields.ForcingUdpEncapsulation.ReadFlag(view.Octets);
        refreshTime = fits ? Fields.RefreshTime.ReadUInt32(view.Octets) : default;
        return fits;
    }

    private static NatDetectionOption From(ReadOnlySpan<byte> option) => new()
    {
        ForcingUdpEncapsulation = Fields.ForcingUdpEncapsulation.ReadFlag(option),
        Reserved = (ushort)Fields.Reserved.ReadNumber(option),
        RefreshTime = Fields.RefreshTime.ReadUInt32(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.ForcingUdpEncapsulation.Write(option, ForcingUdpEncapsulation);
        Fields.Reserved.Write(option, Reserved);
        Fields.RefreshTime.Write(option, RefreshTime);
    }
}
