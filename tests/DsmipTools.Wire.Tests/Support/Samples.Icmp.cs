using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Tests.Support;

/// <content>ICMP and ICMPv6 messages, options, extensions and records.</content>
internal static partial class Samples
{
    internal static readonly NeighborDiscoveryOption[] NeighborDiscoveryOptions =
    [
        new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") },
        new TargetLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("0200000000020000000000000000") },
        new PrefixInformationOption
        {
            AdvertisedPrefix = "2001:db8:100:7::1/64",
            OnLink = true,
            RouterAddress = true,
            Reserved1 = 0b10101,
            ValidLifetime = 86400,
            PreferredLifetime = 14400,
            Reserved2 = 0x01020304,
        },
        new RedirectedHeaderOption { Reserved = 0x010203040506, RedirectedPacket = Octets.FromHex("6000000000001140") },
        new MtuOption { Reserved = 0x1122, MaximumTransmissionUnit = 1420 },
        new AdvertisementIntervalOption { Reserved = 0x3344, AdvertisementInterval = 600_000 },
        new HomeAgentInformationOption { MobileRouterSupport = true, Reserved = 0x2AAA, HomeAgentPreference = 7, HomeAgentLifetime = 1800 },
        new RecursiveDnsServerOption { Reserved = 0x5566, Lifetime = 1200, Servers = ["2001:db8::53", "2001:db8::54"] },
        new UnknownNeighborDiscoveryOption { OptionType = 200, OptionData = Octets.FromHex("a1a2a3a4a5a6") },
    ];

    internal static readonly AgentAdvertisementExtension[] AgentAdvertisementExtensions =
    [
        new MobilityAgentAdvertisementExtension
        {
            SequenceNumber = 0x1234,
            RegistrationLifetime = 1800,
            RegistrationRequired = true,
            HomeAgent = true,
            MinimalEncapsulation = true,
            ReservedR = true,
            UdpTunneling = true,
            RegionalRegistration = true,
            Reserved = 0b10101,
            CareOfAddresses = ["198.51.100.1", "198.51.100.2"],
        },
        new PrefixLengthsExtension { PrefixLengths = Octets.FromHex("1820") },
        new UnknownAgentAdvertisementExtension { ExtensionType = 24, ExtensionData = Octets.FromHex("0011223344") },
        new AgentAdvertisementPaddingExtension(),
    ];

    internal static readonly MulticastAddressRecord[] MulticastAddressRecords =
    [
        new() { RecordType = MulticastAddressRecordType.ChangeToExcludeMode, MulticastAddress = "ff02::1:ff00:1" },
        new()
        {
            RecordType = MulticastAddressRecordType.AllowNewSources,
            MulticastAddress = "ff3e::1",
            SourceAddresses = ["2001:db8::1", "2001:db8::2"],
            AuxiliaryData = Octets.FromHex("0102030405060708"),
        },
    ];

    internal static readonly RouterAddressEntry[] RouterAddressEntries =
    [
        new() { RouterAddress = "192.0.2.1", PreferenceLevel = 5 },
        new() { RouterAddress = "192.0.2.2", PreferenceLevel = int.MinValue },
    ];

    internal static readonly IcmpV6Message[] IcmpV6Messages =
    [
        new IcmpV6DestinationUnreachable { Code = (byte)IcmpV6DestinationUnreachableCode.PortUnreachable, Unused = 0x01020304, Data = Quoted },
        new PacketTooBig { MaximumTransmissionUnit = 1280, Data = Quoted },
        new IcmpV6TimeExceeded { Code = (byte)IcmpV6TimeExceededCode.FragmentReassemblyTimeExceeded, Unused = 0x05060708, Data = Quoted },
        new IcmpV6ParameterProblem { Code = (byte)IcmpV6ParameterProblemCode.UnrecognizedIPv6Option, Pointer = 42, Data = Quoted },
        new IcmpV6EchoRequest { Identifier = 0x1234, SequenceNumber = 7, Data = Octets.FromHex("616263") },
        new IcmpV6EchoReply { Identifier = 0x1234, SequenceNumber = 7, Data = Octets.FromHex("616263") },
        new RouterSolicitation { Reserved = 0x0A0B0C0D, Options = [.. NeighborDiscoveryOptions] },
        new RouterAdvertisement
        {
            CurHopLimit = 64,
            ManagedAddressConfiguration = true,
            HomeAgent = true,
            DefaultRouterPreference = DefaultRouterPreference.High,
            Reserved = 2,
            RouterLifetime = 1800,
            ReachableTime = 30_000,
            RetransTimer = 1000,
            Options = [.. NeighborDiscoveryOptions],
        },
        new NeighborSolicitation { Reserved = 0x0A0B0C0D, TargetAddress = "2001:db8:100:7::9", Options = [.. NeighborDiscoveryOptions] },
        new NeighborAdvertisement
        {
            Router = true,
            Override = true,
            Reserved = 0x0A0B0C0D,
            TargetAddress = "2001:db8:100:7::9",
            Options = [.. NeighborDiscoveryOptions],
        },
        new Redirect { Reserved = 0x0A0B0C0D, TargetAddress = "fe80::1", DestinationAddress = "2001:db8:2::b", Options = [.. NeighborDiscoveryOptions] },
        new MobilePrefixSolicitation { Identifier = 0x4321, Reserved = 0x0A0B, Options = [.. NeighborDiscoveryOptions] },
        new MobilePrefixAdvertisement
        {
            Identifier = 0x4321,
            OtherConfiguration = true,
            Reserved = 0x2AAA,
            Options = [.. NeighborDiscoveryOptions],
        },
        new HomeAgentAddressDiscoveryRequest { Identifier = 0x5678, MobileRouterSupport = true, Reserved = 0x2AAA },
        new HomeAgentAddressDiscoveryReply { Identifier = 0x5678, Reserved = 0x5555, HomeAgentAddresses = ["2001:db8:1::a", "2001:db8:1::b"] },
        new MulticastListenerQuery { MaximumResponseDelay = 10_000, Reserved = 0x0A0B, MulticastAddress = "::" },
        new MulticastListenerReport { MaximumResponseDelay = 1, Reserved = 0x0A0B, MulticastAddress = "ff02::1:ff00:1" },
        new MulticastListenerDone { MaximumResponseDelay = 2, Reserved = 0x0A0B, MulticastAddress = "ff02::1:ff00:1", Data = Octets.FromHex("beef") },
        new MulticastListenerQueryV2
        {
            MaximumResponseCode = 0x8123,
            Reserved = 0x0A0B,
            MulticastAddress = "ff3e::1",
            Resv = 0b1010,
            SuppressRouterSideProcessing = true,
            QuerierRobustnessVariable = 5,
            QuerierQueryIntervalCode = 125,
            SourceAddresses = ["2001:db8::1", "2001:db8::2"],
        },
        new MulticastListenerReportV2 { Reserved = 0x0A0B, MulticastAddressRecords = [.. MulticastAddressRecords] },
        new UnknownIcmpV6Message { MessageType = 200, Code = 9, Data = Octets.FromHex("a1a2a3a4a5") },
    ];

    internal static readonly IcmpV4Message[] IcmpV4Messages =
    [
        new IcmpV4DestinationUnreachable
        {
            Code = (byte)IcmpV4DestinationUnreachableCode.FragmentationNeeded,
            Unused = 0x0A0B,
            NextHopMtu = 1400,
            Data = Quoted,
        },
        new IcmpV4TimeExceeded { Code = (byte)IcmpV4TimeExceededCode.FragmentReassemblyTimeExceeded, Unused = 0x05060708, Data = Quoted },
        new IcmpV4ParameterProblem { Code = (byte)IcmpV4ParameterProblemCode.MissingRequiredOption, Pointer = 20, Unused = 0x010203, Data = Quoted },
        new IcmpV4Redirect { Code = (byte)IcmpV4RedirectCode.Host, GatewayInternetAddress = "192.0.2.254", Data = Quoted },
        new IcmpV4EchoRequest { Identifier = 0x1234, SequenceNumber = 7, Data = Octets.FromHex("616263") },
        new IcmpV4EchoReply { Identifier = 0x1234, SequenceNumber = 7, Data = Octets.FromHex("616263") },
        new IcmpV4RouterSolicitation { Reserved = 0x0A0B0C0D },
        new IcmpV4RouterAdvertisement
        {
            Code = (byte)IcmpV4RouterAdvertisementCode.DoesNotRouteCommonTraffic,
            Lifetime = 1800,
            RouterAddresses = [.. RouterAddressEntries],
            Extensions = [.. AgentAdvertisementExtensions],
        },
        new IcmpV4RouterAdvertisement
        {
            RouterAddresses = [new() { RouterAddress = "192.0.2.1", MoreWords = Octets.FromHex("01020304") }],
        },
        new UnknownIcmpV4Message { MessageType = 200, Code = 9, Data = Octets.FromHex("a1a2a3a4a5") },
    ];

    /// <summary>The beginning of a packet that an error quotes.</summary>
    private static Octets Quoted => Octets.FromHex("45000054000040004001f4a6c6336407c0000201");

    /// <summary>A message as a packet with right checksums, unless the message overrides its own.</summary>
    internal static byte[] Packet(IcmpMessage message) =>
        PacketComposer.Compose(message is IcmpV4Message ? OuterIPv4 : OuterIPv6 with { HopLimit = 255 }, message).ToArray();

    /// <summary>Octets as the ICMPv6 message of a packet.</summary>
    internal static byte[] IcmpV6Packet(byte[] message) =>
        PacketComposer.Compose(OuterIPv6 with { NextHeader = IpProtocol.IcmpV6 }, new Data { Octets = message }).ToArray();

    /// <summary>Octets as the ICMP message of a packet.</summary>
    internal static byte[] IcmpV4Packet(byte[] message) =>
        PacketComposer.Compose(OuterIPv4 with { Protocol = IpProtocol.Icmp }, new Data { Octets = message }).ToArray();

    private static IEnumerable<byte[]> IcmpPackets() => [.. IcmpV6Messages.Select(Packet), .. IcmpV4Messages.Select(Packet)];
}
