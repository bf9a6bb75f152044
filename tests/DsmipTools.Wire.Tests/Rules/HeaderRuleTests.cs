using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Tunneling;
using static DsmipTools.Wire.Rules.RuleSeverity;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Checksums, IP headers and encapsulations: each rule with a packet that breaks it alone; octets that cannot be read.</summary>
public class HeaderRuleTests
{
    private static readonly IPv4Header IPv4 = new() { Source = "198.51.100.7", Destination = "192.0.2.1" };
    private static readonly IPv6Header IPv6 = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" };
    private static readonly UdpHeader Udp = new() { SourcePort = 7001, DestinationPort = 7002 };
    private static readonly UdpHeader ProxyUdp = new() { SourcePort = Envelope.ProxyMobileIPv6Port, DestinationPort = Envelope.ProxyMobileIPv6Port };
    private static readonly UdpHeader RegistrationUdp = new() { SourcePort = 4434, DestinationPort = MobileIPv4Message.Port };
    private static readonly Data Payload = new() { Octets = Octets.FromHex("0102030405060708") };
    private static readonly Type2RoutingHeader Routing = new() { HomeAddress = "2001:db8:7::7" };
    private static readonly HomeAddressOption Home = new() { HomeAddress = "2001:db8:7::7" };
    private static readonly DestinationOptionsHeader HomeHeader = new() { Options = [Home] };

    private static readonly BindingRevocationIndication Revocation = new()
    {
        Trigger = RevocationTrigger.AdministrativeReason, ProxyBinding = true, Options = [MobileNodeIdentifierOption.Create("mn7@example.com")],
    };

    private static readonly RegistrationRequest Request = new()
    {
        DecapsulationByMobileNode = true, Lifetime = 1800, HomeAddress = "10.1.1.7", HomeAgent = "192.0.2.1", CareOfAddress = "198.51.100.7",
        Extensions = [new MobileHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = new byte[16] }],
    };

    internal static readonly BrokenPacket[] Cases =
    [
        BrokenPacket.Packet("RFC 791, 3.1", Error, "IPv4.HeaderChecksum", 10, IPv4 with { HeaderChecksum = 1 }, Udp, Payload),
        BrokenPacket.Packet("RFC 791, 3.1", Error, "IPv4.Reserved", 6, IPv4 with { Reserved = true }, Udp, Payload),
        BrokenPacket.Packet("RFC 768", Error, "UDP.Checksum", 26, IPv4, Udp with { Checksum = 1 }, Payload),
        BrokenPacket.Packet("RFC 768", Error, "UDP.Checksum", 46, IPv6, Udp with { Checksum = 1 }, Payload),
        BrokenPacket.Packet("RFC 768", Information, "UDP.Checksum", 26, IPv4, Udp with { Checksum = Unfinished() }, Payload),
        BrokenPacket.Packet("RFC 768", Warning, "UDP.Length", 24, IPv4, Udp with { Length = 10, Checksum = 0 }, Payload),
        BrokenPacket.Packet("RFC 768", Error, "UDP.Length", 24, IPv4, Udp with { Length = 100 }, Payload),
        BrokenPacket.Packet("RFC 768", Error, "UDP.Length", 24, IPv4, Udp with { Length = 7 }, Payload),
        BrokenPacket.Packet("RFC 8200, 8.1", Error, "UDP.Checksum", 46, IPv6, Udp with { Checksum = 0 }, Payload),
        BrokenPacket.Packet("5846-4-03", Error, "UDP.Checksum", 26, IPv4, ProxyUdp with { Checksum = 0 }, Revocation),
        BrokenPacket.Packet("5846-4-03", Error, "Binding Revocation Indication.Checksum", 32, IPv4, ProxyUdp, Revocation with { Checksum = 0x1234 }),
        BrokenPacket.Packet("RFC 5944, 3.2", Warning, "UDP.Checksum", 26, IPv4, RegistrationUdp with { Checksum = 0 }, Request),
        BrokenPacket.Packet("RFC 2784, 2.5", Error, "GRE Checksum.Checksum", 24, IPv4, new GreHeader { Checksum = new GreChecksum { Checksum = 1 } }, IPv4, Udp, Payload),
        BrokenPacket.Packet("RFC 2784, 2.1", Error, "GRE.Reserved0", 20, IPv4, new GreHeader { Reserved0 = 1 }, IPv4, Udp, Payload),
        BrokenPacket.Packet(
            "RFC 2004, 3.1", Error, "Minimal Forwarding.HeaderChecksum", 22,
            IPv4, new MinimalForwardingHeader { OriginalDestinationAddress = "10.1.1.7", HeaderChecksum = 1 }, Udp, Payload),
        BrokenPacket.Packet("RFC 2004, 3.1", Warning, "Minimal Forwarding.Reserved", 21, IPv4, new MinimalForwardingHeader { OriginalDestinationAddress = "10.1.1.7", Reserved = 1 }, Udp, Payload),
        BrokenPacket.Packet("RFC 6275, 6.4.1", Error, "Type 2 Routing.SegmentsLeft", 43, IPv6, Routing with { SegmentsLeft = 2 }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.4", Error, "Type 2 Routing.HomeAddress", 48, IPv6, Routing with { HomeAddress = "fe80::7" }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.4", Error, "Type 2 Routing.Reserved", 44, IPv6, Routing with { Reserved = 1 }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.4.1", Error, "Routing.HeaderLength", 41, IPv6, new RoutingHeader { RoutingType = 2, TypeSpecificData = new byte[4] }, Udp, Payload),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Home Address.HomeAddress", 48, IPv6, new DestinationOptionsHeader { Options = [Home with { HomeAddress = "ff02::7" }] }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "IPv6 Option.Length", 43, IPv6, new DestinationOptionsHeader { Options = [new GenericIPv6Option { OptionType = IPv6OptionType.HomeAddress, Data = new byte[2] }] }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Home Address", 46, IPv6, new HopByHopOptionsHeader { Options = [Home] }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Home Address", 70, IPv6, new DestinationOptionsHeader { Options = [Home, Home] }, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Home Address", 70, IPv6, HomeHeader, HomeHeader, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Destination Options", 48, IPv6, new FragmentHeader(), HomeHeader, Revocation),
        BrokenPacket.Packet("RFC 6275, 6.3", Error, "Type 2 Routing", 64, IPv6, HomeHeader, Routing, Revocation),
        BrokenPacket.Packet("RFC 8200, 4.1", Error, "Hop-by-Hop Options", 64, IPv6, HomeHeader, new HopByHopOptionsHeader(), Revocation),
        BrokenPacket.Packet("RFC 8200, 4.5", Warning, "Fragment.Reserved", 41, IPv6, new FragmentHeader { Reserved = 1 }, Udp, Payload),
        BrokenPacket.Packet("RFC 8200, 4.5", Information, "Fragment.FragmentOffset", 42, IPv6, new FragmentHeader { MoreFragments = true }, Payload),
        BrokenPacket.Packet("RFC 791, 3.1", Information, "IPv4.FragmentOffset", 6, IPv4 with { MoreFragments = true }, Udp, Payload),
        BrokenPacket.Packet("RFC 8200, 4.2", Warning, "IPv6 Option.Data", 44, IPv6, new DestinationOptionsHeader { Verbatim = true, Options = [new GenericIPv6Option { Data = new byte[] { 0, 1, 0, 0 } }] }, Revocation),
        BrokenPacket.Packet(
            "RFC 8200, 4.2", Warning, "Home Address", 42,
            IPv6, new DestinationOptionsHeader { Verbatim = true, Options = [Home, new GenericIPv6Option { Data = new byte[2] }] }, Revocation),
        BrokenPacket.Packet("RFC 5845, 7.2", Error, "TLV.Length", 30, IPv4, new UdpHeader { SourcePort = 40000, DestinationPort = 4191 }, new TlvHeader { Length = 1 }, IPv6, Udp, Payload),
        BrokenPacket.Packet("RFC 791, 3.1", Error, "IPv4.TotalLength", 2, IPv4 with { TotalLength = 100 }, Udp, Payload),
        new("RFC 8200, 3", Error, "IPv6", 20, () => Decoded("6000000000003b40000000000000000000000000")),
        new("RFC 5944, 1.8", Information, "Mobile IPv4.Type", 28, () => PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(IPv4, RegistrationUdp, new Data { Octets = Octets.FromHex("10000000") })))),
        new("RFC 5944, 1.9", Error, "Unknown Extension.Length", 25, () => PacketRules.Check(new PacketDecoder().DecodeMobileIPv4(Octets.FromHex("01" + new string('0', 46) + "21ff00")))),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => BrokenPacket.Names(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5845-7.2-05")]
    public void A_packet_breaks_this_rule_alone(string name) => BrokenPacket.Assert(Cases, name);

    [Fact]
    public void A_frame_that_the_capture_cut_is_not_judged_by_what_is_missing()
    {
        var whole = PacketComposer.Compose(IPv4, ProxyUdp, Revocation);
        var cut = new PacketDecoder().Decode(whole.Span[..40]);
        Assert.Contains(PacketRules.Check(cut), violation => violation.Severity == Error);
        Assert.DoesNotContain(PacketRules.Check(cut.Layers, cut.Error, isCut: true), violation => violation.Severity == Error);
    }

    [Fact]
    public void Headers_alone_can_be_judged()
    {
        Assert.Empty(PacketRules.Check(HomeHeader));
        Assert.Empty(PacketRules.Check(IPv4));
        Assert.Equal("Type 2 Routing.SegmentsLeft", Assert.Single(PacketRules.Check(Routing with { SegmentsLeft = 0 })).Where);
        Assert.Equal(Error, Assert.Single(PacketRules.Check(Revocation with { Options = [new UnknownMobilityOption { OptionType = 200, Data = new byte[256] }] })).Severity);
    }

    [Fact]
    public void Octets_behind_an_Ethernet_packet_break_no_rule()
    {
        byte[] frame = [.. new EthernetHeader { EtherType = EtherType.IPv4 }.ToOctets(), .. PacketComposer.Compose(IPv4, ProxyUdp, Revocation), .. new byte[4]];
        Assert.Empty(PacketRules.Check(new PacketDecoder().Decode(frame, LinkType.Ethernet)));
    }

    private static IReadOnlyList<RuleViolation> Decoded(string hex) => PacketRules.Check(new PacketDecoder().Decode(Octets.FromHex(hex)));

    /// <summary>The sum of the pseudo-header, as a system leaves it for its network interface.</summary>
    private static ushort Unfinished() => (ushort)~InternetChecksum.Finish(InternetChecksum.PseudoHeader(IPv4.Source, IPv4.Destination, 17, 16));
}
