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
    ];
}
