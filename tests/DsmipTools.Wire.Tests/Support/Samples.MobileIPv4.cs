using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobile IPv4 messages and extensions.</content>
internal static partial class Samples
{
    internal static readonly MobileHomeAuthenticationExtension Authentication =
        new() { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("00112233445566778899aabbccddeeff") };

    internal static readonly Extension[] Extensions =
    [
        new PaddingExtension(),
        MobileNodeNaiExtension.Create("mn7@example.com"),
        new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" },
        new IPv6PrefixReplyExtension { Code = PrefixReplyCode.RejectedProhibited, Prefix = "2001:db8:ffff::/48", Reserved = 0x5A },
        new IPv6TunnelingModeExtension { Reserved = 0xA5 },
        new UnknownExtension { ExtensionType = 200, Data = Octets.FromHex("0a0b0c") },
        Authentication,
        new MobileForeignAuthenticationExtension { SecurityParameterIndex = 0x11223344, Authenticator = Octets.FromHex("0102030405") },
        new ForeignHomeAuthenticationExtension { SecurityParameterIndex = 0x55667788, Authenticator = Octets.FromHex("060708090a0b") },
        new GeneralizedAuthenticationExtension
        {
            Subtype = GeneralizedAuthenticationSubtype.ForeignForeignAuthentication,
            SecurityParameterIndex = 0x99aabbcc,
            Authenticator = Octets.FromHex("0c0d0e"),
        },
        new CriticalVendorOrganizationSpecificExtension
        {
            Reserved = 0x5A,
            VendorOrganizationId = 32473,
            VendorType = 0x0102,
            VendorValue = Octets.FromHex("101112"),
        },
        new UdpTunnelReplyExtension { ReplyCode = UdpTunnelReplyCode.TunnellingDeclined, Forced = true, Reserved = 0x2AAA, KeepaliveInterval = 110 },
        new EncapsulatingDeliveryStyleExtension(),
        new MobileForeignChallengeExtension { Challenge = Octets.FromHex("deadbeef") },
        new NormalVendorOrganizationSpecificExtension
        {
            Reserved = 0xA55A,
            VendorOrganizationId = 9,
            VendorType = 0x0304,
            VendorValue = Octets.FromHex("1314"),
        },
        new RevocationSupportExtension { Inform = true, Reserved = 0x1234, Timestamp = 0x677485A8 },
        new DynamicHomeAgentExtension { Subtype = DynamicHomeAgentSubtype.RedirectedHomeAgent, HomeAgent = "192.0.2.9" },
        new UdpTunnelRequestExtension
        {
            Reserved1 = 0x11,
            Force = true,
            Reserved2 = 0b10_1010,
            Encapsulation = IpProtocol.Gre,
            Reserved3 = 0x2233,
        },
        new MobileNetworkRequestExtension { PrefixLength = 24, Prefix = "10.9.8.0" },
        new MobileNetworkAcknowledgementExtension
        {
            Subtype = MobileNetworkSubtype.ImplicitModeAcknowledgement,
            Code = MobileNetworkCode.Unauthorized,
            PrefixLength = 16,
            Reserved = 0x77,
            Prefix = "10.9.0.0",
        },
        new UnknownLongExtension { ExtensionType = 47, Subtype = 1, Data = Octets.FromHex("02") },
    ];

    internal static readonly MobileIPv4Message[] MobileIPv4Messages =
    [
        new RegistrationRequest
        {
            SimultaneousBindings = true,
            DecapsulationByMobileNode = true,
            GreEncapsulation = true,
            ReverseTunneling = true,
            Lifetime = 1800,
            HomeAddress = "10.1.1.7",
            HomeAgent = "192.0.2.1",
            CareOfAddress = "198.51.100.7",
            Identification = 0xEB1F_0400_1234_5678,
            Extensions = [.. Extensions],
        },
        new RegistrationReply
        {
            Code = RegistrationCode.AcceptedSimultaneousBindingsUnsupported,
            Lifetime = 600,
            HomeAddress = "10.1.1.7",
            HomeAgent = "192.0.2.1",
            Identification = 0xEB1F_0400_1234_5678,
            Extensions = [.. Extensions],
        },
        new RegistrationRevocation
        {
            Reserved = 0x5A,
            Agent = true,
            ReservedFlags = 0x2A5A,
            HomeAddress = "10.1.1.7",
            HomeDomainAddress = "192.0.2.1",
            ForeignDomainAddress = "198.51.100.7",
            RevocationIdentifier = 0x677485B2,
            Extensions = [.. Extensions],
        },
        new RegistrationRevocationAcknowledgment
        {
            Reserved = 0xA5,
            Inform = true,
            ReservedFlags = 0x5AA5,
            HomeAddress = "10.1.1.7",
            RevocationIdentifier = 0x677485B2,
            Extensions = [.. Extensions],
        },
        new TunnelData { NextHeader = IpProtocol.IPv4, Reserved = 0x1234, Payload = EchoRequest },
    ];

    /// <summary>A keepalive of RFC 3519, 4.9: an ICMP echo request of a mobile node with a co-located care-of address to its home agent.</summary>
    internal static Octets EchoRequest => Octets.FromHex(
        "4500001c000100004001add7" + "0a010107" + "c0000201" // IPv4, protocol 1, 10.1.1.7 to 192.0.2.1
        + "0800f7fd" + "00010001"); // echo request, identifier 1, sequence number 1

    /// <summary>The message without what follows its fixed part.</summary>
    internal static MobileIPv4Message FixedPart(MobileIPv4Message message) => message switch
    {
        MobileIPv4ControlMessage control => control with { Extensions = [] },
        TunnelData data => data with { Payload = Octets.Empty },
        _ => message,
    };
}
