using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The VLAN tag behind the EtherType that announces it, with the EtherType of what follows.</summary>
public sealed record VlanTag : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("VLAN Tag", "IEEE 802.1Q, 9.6");

        /// <summary>Priority, 0 to 7.</summary>
        public static readonly Field PriorityCodePoint = Layout.Number("PriorityCodePoint", 3, "priority, 0 to 7");

        /// <summary>May be dropped first.</summary>
        public static readonly Field DropEligibleIndicator = Layout.Flag("DropEligibleIndicator", "may be dropped first");

        /// <summary>The VLAN, 0 to 4095; 0 for priority only.</summary>
        public static readonly Field VlanIdentifier = Layout.Number("VlanIdentifier", 12, "the VLAN; 0 for priority only");

        /// <summary>What follows the tag.</summary>
        public static readonly Field EtherType = Layout.Code<EtherType>("EtherType", 16, "what follows the tag");
    }

    /// <summary>Priority, 0 to 7.</summary>
    public byte PriorityCodePoint { get; init; }

    /// <summary>May be dropped first.</summary>
    public bool DropEligibleIndicator { get; init; }

    /// <summary>The VLAN, 0 to 4095; 0 for priority only.</summary>
    public ushort VlanIdentifier { get; init; }

    /// <summary>What follows the tag.</summary>
    public EtherType EtherType { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static VlanTag Read(ReadOnlySpan<byte> octets) => new()
    {
        PriorityCodePoint = Fields.PriorityCodePoint.ReadByte(octets),
        DropEligibleIndicator = Fields.DropEligibleIndicator.ReadFlag(octets),
        VlanIdentifier = (ushort)Fields.VlanIdentifier.ReadNumber(octets),
        EtherType = (EtherType)Fields.EtherType.ReadUInt16(octets),
    };

    private protected override void WriteFields(Span<byte> header)
    {
        Fields.PriorityCodePoint.Write(header, PriorityCodePoint);
        Fields.DropEligibleIndicator.Write(header, DropEligibleIndicator);
        Fields.VlanIdentifier.Write(header, VlanIdentifier);
        Fields.EtherType.Write(header, (ushort)EtherType);
    }
}
