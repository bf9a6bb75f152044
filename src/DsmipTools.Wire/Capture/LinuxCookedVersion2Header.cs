using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The cooked header of Linux, version 2: it says on which interface each packet was.</summary>
public sealed record LinuxCookedVersion2Header : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Linux Cooked Version 2", "tcpdump.org, LINKTYPE_LINUX_SLL2");

        /// <summary>What follows, on most interfaces an EtherType.</summary>
        public static readonly Field ProtocolType = Layout.Code<EtherType>("ProtocolType", 16, "what follows, on most interfaces an EtherType");

        /// <summary>The reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The number of the interface on the host that captured.</summary>
        public static readonly Field InterfaceIndex = Layout.Number("InterfaceIndex", 32, "number of the interface on the host that captured");

        /// <summary>The type of the interface (linux/if_arp.h); 1 is Ethernet.</summary>
        public static readonly Field ArphrdType = Layout.Number("ArphrdType", 16, "type of the interface (linux/if_arp.h); 1 is Ethernet");

        /// <summary>Whom the frame is for and who sent it.</summary>
        public static readonly Field PacketType = Layout.Code<LinuxPacketType>("PacketType", 8, "whom the frame is for and who sent it");

        /// <summary>Octets of the sender's link-layer address; above 8 the rest is missing.</summary>
        public static readonly Field LinkLayerAddressLength = Layout.Number("LinkLayerAddressLength", 8, "octets of the sender's link-layer address");

        /// <summary>The sender's link-layer address, filled up with anything.</summary>
        public static readonly Field LinkLayerAddress = Layout.Octets("LinkLayerAddress", 8, "the sender's link-layer address, filled up");
    }

    /// <summary>What follows, on most interfaces an EtherType.</summary>
    public EtherType ProtocolType { get; init; }

    /// <summary>The reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The number of the interface on the host that captured.</summary>
    public uint InterfaceIndex { get; init; }

    /// <summary>The type of the interface (linux/if_arp.h); 1 is Ethernet.</summary>
    public ushort ArphrdType { get; init; }

    /// <summary>Whom the frame is for and who sent it.</summary>
    public LinuxPacketType PacketType { get; init; }

    /// <summary>Octets of the sender's link-layer address; above 8 the rest is missing.</summary>
    public byte LinkLayerAddressLength { get; init; }

    /// <summary>The sender's link-layer address, filled up with anything.</summary>
    public Octets LinkLayerAddress { get; init; } = new byte[8];

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static LinuxCookedVersion2Header Read(ReadOnlySpan<byte> octets) => new()
    {
        ProtocolType = (EtherType)Fields.ProtocolType.ReadUInt16(octets),
        Reserved = Fields.Reserved.ReadUInt16(octets),
        InterfaceIndex = Fields.InterfaceIndex.ReadUInt32(octets),
        ArphrdType = Fields.ArphrdType.ReadUInt16(octets),
        PacketType = (LinuxPacketType)Fields.PacketType.ReadByte(octets),
        LinkLayerAddressLength = Fields.LinkLayerAddressLength.ReadByte(octets),
        LinkLayerAddress = Read(Fields.LinkLayerAddress, octets),
    };

    private protected override void WriteFields(Span<byte> header)
    {
        Fields.ProtocolType.Write(header, (ushort)ProtocolType);
        Fields.Reserved.Write(header, Reserved);
        Fields.InterfaceIndex.Write(header, InterfaceIndex);
        Fields.ArphrdType.Write(header, ArphrdType);
        Fields.PacketType.Write(header, (byte)PacketType);
        Fields.LinkLayerAddressLength.Write(header, LinkLayerAddressLength);
        Write(Fields.LinkLayerAddress, header, LinkLayerAddress);
    }
}
