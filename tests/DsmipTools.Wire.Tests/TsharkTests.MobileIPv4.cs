using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>Mobile IPv4 messages and their extensions.</content>
public partial class TsharkTests
{
    private static IEnumerable<Case> Requests()
    {
        var flags = new (string Field, string Letter, RegistrationRequest Message)[]
        {
            ("mip.s", "S", new() { SimultaneousBindings = true }),
            ("mip.b", "B", new() { BroadcastDatagrams = true }),
            ("mip.d", "D", new() { DecapsulationByMobileNode = true }),
            ("mip.m", "M", new() { MinimalEncapsulation = true }),
            ("mip.g", "G", new() { GreEncapsulation = true }),
            ("mip.v", "r", new() { ReservedR = true }),
            ("mip.t", "T", new() { ReverseTunneling = true }),
            ("mip.x", "x", new() { ReservedX = true }),
        };
        foreach (var (field, letter, message) in flags)
        {
            yield return MobileIPv4($"RRQ {letter}", message with
            {
                Lifetime = 1800,
                Identification = (2_208_988_800UL + 1_735_689_600UL) << 32 | 0x8000_0000, // NTP: seconds since 1900, and half a second.
                HomeAddress = "10.1.1.7",
                HomeAgent = "192.0.2.1",
                CareOfAddress = "198.51.100.7",
                Extensions =
                [
                    MobileNodeNaiExtension.Create("mn7@example.com"),
                    new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" },
                    new IPv6TunnelingModeExtension(),
                    new MobileHomeAuthenticationExtension { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("00112233445566778899aabbccddeeff") },
                ],
            },
            [
                ("mip.type", "1"), ("mip.life", "1800"), ("mip.ident", "~2025 00:00:00.5"), ("mip.homeaddr", "10.1.1.7"), ("mip.haaddr", "192.0.2.1"), ("mip.coa", "198.51.100.7"),
                .. flags.Select(flag => (flag.Field, flag.Field == field ? "1" : "0")),
                ("mip.ext.type", "131|152|152|32"), ("mip.ext.len", "15|18|2|20"), ("mip.nai", "mn7@example.com"),
                ("mip.auth.spi", "16909060"), ("mip.auth.auth", "00112233445566778899aabbccddeeff"),
                ("mip.extension", "014020010db8000700010000000000000000|0300"),
            ]);
        }
    }

    private static IEnumerable<Case> Replies()
    {
        foreach (var code in Enum.GetValues<RegistrationCode>())
        {
            yield return MobileIPv4($"RRP {code}", new RegistrationReply
            {
                Code = code,
                Lifetime = 600,
                HomeAddress = "10.1.1.7",
                HomeAgent = "192.0.2.1",
                Extensions =
                [
                    new IPv6PrefixReplyExtension { Code = PrefixReplyCode.RejectedProhibited, Prefix = "fe80::1/255" },
                    new MobileHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("ffeeddcc") },
                ],
            },
            [
                ("mip.type", "3"), ("mip.code", Number(code)), ("mip.life", "600"), ("mip.homeaddr", "10.1.1.7"), ("mip.haaddr", "192.0.2.1"),
                ("mip.ext.type", "152|32"), ("mip.ext.len", "20|8"), ("mip.extension", "0209ff00fe800000000000000000000000000001"),
                ("mip.auth.spi", "256"), ("mip.auth.auth", "ffeeddcc"),
            ]);
        }
    }

    /// <summary>Each extension that tshark has fields for, alone in a request or, where it belongs there, in a reply.</summary>
    private static IEnumerable<Case> Extensions()
    {
        (string, string)[] Of(string type, string length, params (string, string)[] fields) =>
            [("mip.ext.type", type), ("mip.ext.len", length), .. fields];
        (Extension Extension, (string, string)[] Expected)[] all =
        [
            (new MobileForeignAuthenticationExtension { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("a1a2a3") },
                Of("33", "7", ("mip.auth.spi", "16909060"), ("mip.auth.auth", "a1a2a3"))),
            (new ForeignHomeAuthenticationExtension { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("a1a2a3") },
                Of("34", "7", ("mip.auth.spi", "16909060"), ("mip.auth.auth", "a1a2a3"))),
            .. Enum.GetValues<GeneralizedAuthenticationSubtype>().Select(subtype => (
                (Extension)new GeneralizedAuthenticationExtension
                {
                    Subtype = subtype,
                    SecurityParameterIndex = 0x01020304,
                    Authenticator = new byte[300],
                },
                Of("36", "304", ("mip.ext.auth.subtype", Number(subtype)), ("mip.auth.spi", "16909060"), ("mip.auth.auth", new string('0', 600))))),
            (new CriticalVendorOrganizationSpecificExtension { VendorOrganizationId = 12299, VendorType = 258, VendorValue = Octets.FromHex("0a0b0c") },
                Of("38", "9", ("mip.ext.cvse.reserved", "0"), ("mip.ext.cvse.vendor_id", "12299"), ("mip.ext.cvse.vendor_type", "258"), ("mip.ext.cvse.vendor_value", "0a0b0c"))),
            (new CriticalVendorOrganizationSpecificExtension { Reserved = 0x5A, VendorOrganizationId = 12299, VendorType = 1, VendorValue = new byte[400] },
                Of("38", "406", ("mip.ext.cvse.reserved", "90"), ("mip.ext.cvse.vendor_value", new string('0', 800)))),
            (new NormalVendorOrganizationSpecificExtension { Reserved = 0x1234, VendorOrganizationId = 12345, VendorType = 258, VendorValue = Octets.FromHex("0a0b0c") },
                Of("134", "11", ("mip.ext.nvse.reserved", "4660"), ("mip.ext.nvse.vendor_id", "12345"), ("mip.ext.nvse.vendor_type", "258"), ("mip.ext.nvse.vendor_value", "0a0b0c"))),
            (new UdpTunnelRequestExtension { Force = true, Encapsulation = IpProtocol.Gre },
                Of("144", "6", ("mip.ext.utrq.subtype", "0"), ("mip.ext.utrq.f", "1"), ("mip.ext.utrq.r", "0"), ("mip.ext.utrq.encaptype", "47"), ("mip.ext.utrq.reserved1", "0"), ("mip.ext.utrq.reserved2", "0"), ("mip.ext.utrq.reserved3", "0"))),
            (new UdpTunnelRequestExtension { Reserved1 = 0x11, RegistrationThroughForeignAgentRequired = true, Reserved2 = 0x15, Reserved3 = 0x2233 },
                Of("144", "6", ("mip.ext.utrq.f", "0"), ("mip.ext.utrq.r", "1"), ("mip.ext.utrq.encaptype", "0"), ("mip.ext.utrq.reserved1", "17"), ("mip.ext.utrq.reserved2", "21"), ("mip.ext.utrq.reserved3", "8755"))),
            (new UdpTunnelReplyExtension { Forced = true, KeepaliveInterval = 110 },
                Of("44", "6", ("mip.ext.utrp.subtype", "0"), ("mip.ext.utrp.code", "0"), ("mip.ext.utrp.f", "1"), ("mip.ext.utrp.reserved", "0"), ("mip.ext.utrp.keepalive", "110"))),
            (new UdpTunnelReplyExtension { ReplyCode = UdpTunnelReplyCode.TunnellingDeclined, Reserved = 0x1234 },
                Of("44", "6", ("mip.ext.utrp.code", "64"), ("mip.ext.utrp.f", "0"), ("mip.ext.utrp.reserved", "4660"), ("mip.ext.utrp.keepalive", "0"))),
            (new EncapsulatingDeliveryStyleExtension(), Of("130", "0")),
            (new MobileForeignChallengeExtension { Challenge = Octets.FromHex("deadbeef") }, Of("132", "4", ("mip.extension", "deadbeef"))),
            (new RevocationSupportExtension { Inform = true, Timestamp = 1735689600 },
                Of("137", "6", ("mip.ext.rev.i", "1"), ("mip.ext.rev.reserved", "0"), ("mip.ext.rev.tstamp", "1735689600"))),
            (new RevocationSupportExtension { Reserved = 0x7001, Timestamp = 1 },
                Of("137", "6", ("mip.ext.rev.i", "0"), ("mip.ext.rev.reserved", "28673"), ("mip.ext.rev.tstamp", "1"))),
            .. Enum.GetValues<DynamicHomeAgentSubtype>().Select(subtype => (
                (Extension)new DynamicHomeAgentExtension { Subtype = subtype, HomeAgent = "192.0.2.9" },
                Of("139", "5", ("mip.ext.dynha.subtype", Number(subtype)), ("mip.ext.dynha.ha", "192.0.2.9")))),
            (new MobileNetworkRequestExtension { PrefixLength = 24, Prefix = "10.9.8.0" },
                Of("148", "6", ("mip.ext.mne.subtype", "0"), ("mip.ext.mne.prefix_length", "24"), ("mip.ext.mne.prefix", "10.9.8.0"))),
            .. Enum.GetValues<MobileNetworkCode>().Select(code => (
                (Extension)new MobileNetworkAcknowledgementExtension
                {
                    Subtype = MobileNetworkSubtype.ExplicitModeAcknowledgement,
                    Code = code,
                    PrefixLength = 16,
                    Reserved = 0x77,
                    Prefix = "10.9.0.0",
                },
                Of("148", "8", ("mip.ext.mne.subtype", "1"), ("mip.ext.mne.code", Number(code)), ("mip.ext.mne.prefix_length", "16"), ("mip.ext.mne.reserved", "119"), ("mip.ext.mne.prefix", "10.9.0.0")))),
            (new UnknownLongExtension { ExtensionType = 47, Subtype = 1, Data = Octets.FromHex("02") },
                Of("47", "1", ("mip.ext.pmipv4nonskipext.subtype", "1"), ("mip.ext.pmipv4nonskipext.pernodeauthmethod", "2"))),
        ];
        foreach (var (extension, expected) in all)
        {
            // What stands behind the extension shows where it ends.
            yield return MobileIPv4($"{extension.Type}", new RegistrationRequest { Extensions = [extension, MobileNodeNaiExtension.Create("mn7@example.com")] },
            [
                ("mip.type", "1"), ("mip.nai", "mn7@example.com"),
                .. expected.Select(each => each.Item1 is "mip.ext.type" ? (each.Item1, each.Item2 + "|131") : each.Item1 is "mip.ext.len" ? (each.Item1, each.Item2 + "|15") : each),
            ]);
        }
    }

    private static IEnumerable<Case> Revocations()
    {
        Extension[] protection =
        [
            new ForeignHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("ffeeddcc") },
        ];
        (string, string)[] ends = [("mip.homeaddr", "10.1.1.7"), ("mip.revid", "1735689600"), ("mip.ext.type", "34"), ("mip.auth.spi", "256"), ("mip.auth.auth", "ffeeddcc")];
        var revocation = new RegistrationRevocation
        {
            HomeAddress = "10.1.1.7",
            HomeDomainAddress = "192.0.2.1",
            ForeignDomainAddress = "198.51.100.7",
            RevocationIdentifier = 1735689600,
            Extensions = [.. protection],
        };
        (string, string)[] domains = [("mip.type", "7"), ("mip.rev.hda", "192.0.2.1"), ("mip.rev.fda", "198.51.100.7"), .. ends];
        yield return MobileIPv4("Revocation A", revocation with { Agent = true },
            [("mip.rev.a", "1"), ("mip.rev.i", "0"), ("mip.rev.reserved", "0"), ("mip.rev.reserved2", "0"), .. domains]);
        yield return MobileIPv4("Revocation I", revocation with { Inform = true },
            [("mip.rev.a", "0"), ("mip.rev.i", "1"), ("mip.rev.reserved", "0"), ("mip.rev.reserved2", "0"), .. domains]);
        yield return MobileIPv4("Revocation, reserved bits", revocation with { ReservedFlags = 0x2001 },
            [("mip.rev.a", "0"), ("mip.rev.i", "0"), ("mip.rev.reserved2", "8193"), .. domains]);

        var acknowledgment = new RegistrationRevocationAcknowledgment
        {
            HomeAddress = "10.1.1.7",
            RevocationIdentifier = 1735689600,
            Extensions = [.. protection],
        };
        yield return MobileIPv4("Revocation Acknowledgment", acknowledgment,
            [("mip.type", "15"), ("mip.ack.i", "0"), ("mip.ack.reserved", "0"), ("mip.ack.reserved2", "0"), .. ends]);
        yield return MobileIPv4("Revocation Acknowledgment I", acknowledgment with { Reserved = 0x5A, Inform = true, ReservedFlags = 0x4001 },
            [("mip.type", "15"), ("mip.ack.i", "1"), ("mip.ack.reserved", "90"), ("mip.ack.reserved2", "16385"), .. ends]);
    }

    private static IEnumerable<Case> TunnelDatas()
    {
        var data = new TunnelData { NextHeader = IpProtocol.IPv4, Payload = Samples.EchoRequest };
        yield return Tunnelled("Tunnel Data, keepalive", data, [("mip.nattt.nexthdr", "4"), ("mip.nattt.reserved", "0")]);
        yield return Tunnelled("Tunnel Data, reserved", data with { Reserved = 0x1234 }, [("mip.nattt.reserved", "4660")]);
    }

    private static Case Tunnelled(string name, TunnelData data, (string Field, string Value)[] expected)
    {
        var whole = MobileIPv4(name, data, [("mip.type", "4"), ("icmp.type", "8"), ("icmp.seq", "1"), ("icmp.checksum.status", "1"), .. expected]);
        // Both IP headers are there: the outer one and the tunnelled one.
        whole.Expected["ip.src"] = "192.0.2.1|10.1.1.7";
        whole.Expected["ip.checksum.status"] = "1|1";
        return whole;
    }
}
