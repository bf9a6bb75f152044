using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>IPv4 DHCP Support Mode option of a Proxy Binding Acknowledgement (RFC 5844, 3.3.4).</summary>
public sealed record IPv4DhcpSupportModeOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 DHCP Support Mode", "RFC 5844, 3.3.4");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.IPv4DhcpSupportMode, From);

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>S: the mobile access gateway is a DHCP server; clear, a DHCP relay.</summary>
        public static readonly Field DhcpSupportMode = Layout.Flag("DhcpSupportMode", "S: the mobile access gateway is a DHCP server; clear, a DHCP relay");
    }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>S: the mobile access gateway is a DHCP server; clear, a DHCP relay.</summary>
    public bool DhcpSupportMode { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the mode; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out bool dhcpSupportMode)
    {
        var fits = Fields.Form.Matches(view);
        dhcpSupportMode = fits && Fields.DhcpSupportMode.ReadFlag(view.Octets);
        return fits;
    }

    private static IPv4DhcpSupportModeOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = (ushort)Fields.Reserved.ReadNumber(option),
        DhcpSupportMode = Fields.DhcpSupportMode.ReadFlag(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.DhcpSupportMode.Write(option, DhcpSupportMode);
    }
}
