using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>Registration messages and their extensions.</content>
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
}
