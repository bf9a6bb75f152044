using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The cooked header of Linux before packets of the pseudo-interface any and of interfaces without a link type of their own.</summary>
public sealed record LinuxCookedHeader : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Linux Cooked", "tcpdump.org, LINKTYPE_LINUX_SLL");

        /// <summary>Whom the frame is for and who sent it.</summary>
        public static readonly Field PacketType = Layout.Code<LinuxPacketType>("PacketType", 16, "whom the frame is for and who sent it");

        /// <summary>The type of the interface (linux/if_arp.h); 1 is Ethernet.</summary>
        public static readonly Field ArphrdType = Layout.Number("ArphrdType", 16, "type of the interface (linux/if_arp.h); 1 is Ethernet");

        /// <summary>Octets of the sender's link-layer address; above 8 the rest is missing.</summary>
        public static readonly Field LinkLayerAddressLength = Layout.Number("LinkLayerAddressLength", 16, "octets of the sender's link-layer address");

        /// <summary>The sender's link-layer address, filled up with anything.</summary>
        public static readonly Field LinkLayerAddress = Layout.Octets("LinkLayerAddress", 8, "the sender's link-layer address, filled up");

        /// <summary>What follows, on most interfaces an EtherType.</summary>
        public static readonly Field ProtocolType = Layout.Code<EtherType>("ProtocolType", 16, "what follows, on most interfaces an EtherType");
    }

    /// <summary>Whom the frame is for and who sent it.</summary>
    public LinuxPacketType PacketType { get; init; }

    /// <summary>The type of the interface (linux/if_arp.h); 1 is Ethernet.</summary>
    public ushort ArphrdType { get; init; }

    /// <summary>Octets of the sender's link-layer address; above 8 the rest is missing.</summary>
    public ushort LinkLayerAddressLength { get; init; }

    /// <summary>The sender's link-layer address, filled up with anything.</summary>
    public Octets LinkLayerAddress { get; init; } = new byte[8];

    /// <summary>What follows, on most interfaces an EtherType.</summary>
    public EtherType ProtocolType { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static LinuxCookedHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        PacketType = (LinuxPacketType)Fields.PacketType.ReadUInt16(octets),
        ArphrdType = Fields.ArphrdType.ReadUInt16(octets),
        LinkLayerAddressLength = Fields.LinkLayerAddressLength.ReadUInt16(octets),
        LinkLayerAddress = Read(Fields.LinkLayerAddress, octets),
        ProtocolType = (EtherType)Fields.ProtocolType.ReadUInt16(octets),
    };

    private protected override void WriteFields(Span<byte> header)
    {
        Fields.PacketType.Write(header, (ushort)PacketType);
        Fields.ArphrdType.Write(header, ArphrdType);
        Fields.LinkLayerAddressLength.Write(header, LinkLayerAddressLength);
        Write(Fields.LinkLayerAddress, header, LinkLayerAddress);
        Fields.ProtocolType.Write(header, (ushort)ProtocolType);
    }
}
