using System.Buffers.Binary;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Headers of link layers.</content>
internal static partial class Samples
{
    private static readonly Octets Mac = new byte[] { 2, 0, 0, 0, 0, 0xA };
    private static readonly Octets OtherMac = new byte[] { 2, 0, 0, 0, 0, 0xB };

    internal static readonly LinkHeader[] LinkHeaders =
    [
        new EthernetHeader { Destination = OtherMac, Source = Mac, EtherType = EtherType.IPv6 },
        new VlanTag { PriorityCodePoint = 5, DropEligibleIndicator = true, VlanIdentifier = 0xABC, EtherType = EtherType.IPv6 },
        new LinuxCookedHeader
        {
            PacketType = LinuxPacketType.FromThisHost, ArphrdType = 1, LinkLayerAddressLength = 6, LinkLayerAddress = new byte[] { 2, 0, 0, 0, 0, 0xA, 0, 0 },
            ProtocolType = EtherType.IPv6,
        },
        new LinuxCookedVersion2Header
        {
            PacketType = LinuxPacketType.Multicast, InterfaceIndex = 7, ArphrdType = 1, LinkLayerAddressLength = 6,
            LinkLayerAddress = new byte[] { 2, 0, 0, 0, 0, 0xA, 0, 0 }, ProtocolType = EtherType.IPv6,
        },
        new BsdLoopbackHeader { ProtocolFamily = new byte[] { 30, 0, 0, 0 } },
        new OpenBsdLoopbackHeader { ProtocolFamily = ProtocolFamily.IPv6OnNetBsd },
    ];

    /// <summary>An IPv6 packet behind each header, the VLAN tag behind that of Ethernet.</summary>
    internal static (LinkType LinkType, byte[] Octets)[] LinkFrames =>
    [
        (LinkType.Ethernet, Behind(LinkHeaders[0])),
        (LinkType.Ethernet, Behind(new EthernetHeader { EtherType = EtherType.ServiceVlanTag }, new VlanTag { EtherType = EtherType.CustomerVlanTag }, LinkHeaders[1])),
        (LinkType.LinuxCooked, Behind(LinkHeaders[2])),
        (LinkType.LinuxCookedVersion2, Behind(LinkHeaders[3])),
        (LinkType.BsdLoopback, Behind(LinkHeaders[4])),
        (LinkType.OpenBsdLoopback, Behind(LinkHeaders[5])),
    ];

    /// <summary>A binding revocation over IPv6 behind headers.</summary>
    internal static byte[] Behind(params LinkHeader[] headers) =>
        [.. headers.SelectMany(header => header.ToOctets()), .. Packet(Native, MobilityMessages[3].ToOctets().Span)];

    /// <summary>A registration over IPv4 behind headers.</summary>
    internal static byte[] IPv4Behind(params LinkHeader[] headers) =>
        [.. headers.SelectMany(header => header.ToOctets()), .. Packet(MobileIPv4, MobileIPv4Messages[0].ToOctets().Span)];

    /// <summary>A protocol family in a byte order.</summary>
    internal static BsdLoopbackHeader Loopback(uint family, bool bigEndian)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, bigEndian ? family : BinaryPrimitives.ReverseEndianness(family));
        return new BsdLoopbackHeader { ProtocolFamily = octets };
    }
}
