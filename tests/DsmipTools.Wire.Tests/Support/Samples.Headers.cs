using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Packets of headers and encapsulations.</content>
internal static partial class Samples
{
    internal static readonly IPv4Header OuterIPv4 = new() { Source = "198.51.100.7", Destination = "192.0.2.1", Identification = 0x1234 };

    internal static readonly IPv4Header InnerIPv4 = new()
    {
        Source = "10.1.1.7", Destination = "203.0.113.9", DifferentiatedServices = 46, CongestionNotification = 1, DontFragment = true, TimeToLive = 7,
    };

    internal static readonly IPv6Header OuterIPv6 = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b", TrafficClass = 0xB9, FlowLabel = 0xABCDE };

    internal static readonly IPv6Header InnerIPv6 = new() { Source = "2001:db8:7:1::7", Destination = "2001:db8:9::9", HopLimit = 3 };

    internal static readonly UdpHeader Udp = new() { SourcePort = 7001, DestinationPort = 7002 };

    internal static readonly UdpHeader DualStackUdp = new() { SourcePort = 40000, DestinationPort = Envelope.DualStackMobileIPv6Port };

    private static readonly Data Payload = new() { Octets = Octets.FromHex("0102030405060708") };

    private static readonly BindingUpdate Update = new() { SequenceNumber = 0x1234, Acknowledge = true, HomeRegistration = true, Lifetime = 900 };

    /// <summary>Every header in a packet, with names for the tests.</summary>
    internal static readonly (string Name, Structure[] Layers)[] HeaderStacks =
    [
        ("IPv4 options", [
            OuterIPv4 with
            {
                Options =
                [
                    new IPv4Option { Type = IPv4OptionType.NoOperation },
                    new IPv4Option { Type = IPv4OptionType.RouterAlert, Data = new byte[2] },
                    new IPv4Option { Type = IPv4OptionType.EndOfOptionList },
                ],
            },
            Udp, Payload]),
        ("IPv6 UDP", [OuterIPv6, Udp, Payload]),
        ("hop-by-hop options", [
            OuterIPv6,
            new HopByHopOptionsHeader { Options = [new RouterAlertOption { Value = 0x1234 }, new GenericIPv6Option { OptionType = (IPv6OptionType)0x3E, Data = new byte[7] }] },
            Udp, Payload]),
        ("home address", [OuterIPv6, new DestinationOptionsHeader { Options = [new HomeAddressOption { HomeAddress = "2001:db8:7::7" }] }, Update]),
        ("type 2 routing", [OuterIPv6, new Type2RoutingHeader { HomeAddress = "2001:db8:7::7", Reserved = 0x11223344 }, Update]),
        ("routing and home address", [
            OuterIPv6,
            new Type2RoutingHeader { HomeAddress = "2001:db8:7::7" },
            new DestinationOptionsHeader { Options = [new HomeAddressOption { HomeAddress = "2001:db8:7::8" }] },
            Update]),
        ("other routing", [OuterIPv6, new RoutingHeader { RoutingType = 253, SegmentsLeft = 1, TypeSpecificData = new byte[12] }, Udp, Payload]),
        ("atomic fragment", [OuterIPv6, new FragmentHeader { Identification = 0x01020304, Reserved = 5, ReservedBits = 2 }, Udp, Payload]),
        ("IPv4 in IPv4", [OuterIPv4, InnerIPv4, Udp, Payload]),
        ("IPv6 in IPv4", [OuterIPv4, InnerIPv6, Udp, Payload]),
        ("IPv6 in IPv6", [
            OuterIPv6,
            new DestinationOptionsHeader { Options = [new TunnelEncapsulationLimitOption { TunnelEncapsulationLimit = 4 }] },
            InnerIPv6, Udp, Payload]),
        ("IPv4 in IPv6", [OuterIPv6, InnerIPv4, Udp, Payload]),
        ("IPv6 in IPv4 in IPv4", [OuterIPv4, InnerIPv4, InnerIPv6, Udp, Payload]),
        ("GRE", [OuterIPv4, new GreHeader(), InnerIPv4, Udp, Payload]),
        ("GRE with all fields", [
            OuterIPv4,
            new GreHeader { Checksum = new GreChecksum { Reserved1 = 0x0505 }, Key = 0xCAFE0001, SequenceNumber = 77, Reserved0 = 1 },
            InnerIPv6, Udp, Payload]),
        ("GRE over IPv6", [OuterIPv6, new GreHeader { Key = 1 }, InnerIPv4, Udp, Payload]),
        ("GRE with another payload", [OuterIPv4, new GreHeader { ProtocolType = (EtherType)0x9999 }, Payload]),
        ("minimal encapsulation", [OuterIPv4, new MinimalForwardingHeader { OriginalDestinationAddress = "10.1.1.7", Reserved = 3 }, Udp, Payload]),
        ("minimal encapsulation with source", [
            OuterIPv4,
            new MinimalForwardingHeader { OriginalDestinationAddress = "10.1.1.7", OriginalSourceAddress = "203.0.113.9" },
            Udp, Payload]),
        ("UDP 4191", [OuterIPv4, DualStackUdp, InnerIPv6, Update]),
        ("UDP 4191 with IPv4", [OuterIPv4, DualStackUdp, InnerIPv4, Udp, Payload]),
        ("UDP 5437", [OuterIPv4, DualStackUdp with { DestinationPort = Envelope.ProxyMobileIPv6DataPort }, InnerIPv6, Udp, Payload]),
        ("UDP 4191 with a TLV header", [OuterIPv4, DualStackUdp, new TlvHeader { Reserved = 9 }, new GreHeader { Key = 5 }, InnerIPv6, Udp, Payload]),
        ("ESP", [OuterIPv6, new EncapsulatingSecurityPayloadHeader { SecurityParametersIndex = 0x01020304, SequenceNumber = 9 }, Payload]),
    ];
}
