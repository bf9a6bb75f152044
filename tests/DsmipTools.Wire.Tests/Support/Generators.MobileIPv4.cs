using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobile IPv4 messages and extensions.</content>
internal static partial class Generators
{
    private static Gen<Extension> Authentications =>
        from spi in U64
        from subtype in U8
        from isLong in Flag
        from authenticator in OctetsOf(0, isLong ? 300 : 251)
        from extension in isLong
            ? Gen.Constant<Extension>(new GeneralizedAuthenticationExtension
            {
                Subtype = (GeneralizedAuthenticationSubtype)subtype,
                SecurityParameterIndex = (uint)spi,
                Authenticator = authenticator,
            })
            : Gen.Elements<Extension>(
                new MobileHomeAuthenticationExtension { SecurityParameterIndex = (uint)spi, Authenticator = authenticator },
                new MobileForeignAuthenticationExtension { SecurityParameterIndex = (uint)spi, Authenticator = authenticator },
                new ForeignHomeAuthenticationExtension { SecurityParameterIndex = (uint)spi, Authenticator = authenticator })
        select extension;

    private static Gen<Extension> VendorSpecifics =>
        from id in U64
        from type in U16
        from reserved in U16
        from isLong in Flag
        from value in OctetsOf(0, isLong ? 400 : 247)
        select isLong
            ? (Extension)new CriticalVendorOrganizationSpecificExtension
            {
                Reserved = (byte)reserved,
                VendorOrganizationId = (uint)id,
                VendorType = type,
                VendorValue = value,
            }
            : new NormalVendorOrganizationSpecificExtension
            {
                Reserved = reserved,
                VendorOrganizationId = (uint)id,
                VendorType = type,
                VendorValue = value,
            };

    private static Gen<Extension> UdpTunnels =>
        from code in U8
        from flags in Flag.ArrayOf(2)
        from reserved in U16
        from number in U16
        from isRequest in Flag
        select isRequest
            ? (Extension)new UdpTunnelRequestExtension
            {
                Reserved1 = (byte)reserved,
                Force = flags[0],
                RegistrationThroughForeignAgentRequired = flags[1],
                Reserved2 = (byte)(reserved >> 10),
                Encapsulation = (IpProtocol)code,
                Reserved3 = number,
            }
            : new UdpTunnelReplyExtension
            {
                ReplyCode = (UdpTunnelReplyCode)code,
                Forced = flags[0],
                Reserved = (ushort)(reserved >> 1),
                KeepaliveInterval = number,
            };

    private static Gen<Extension> MobileNetworks =>
        from subtype in Gen.Elements(Enum.GetValues<MobileNetworkSubtype>())
        from code in U8
        from length in U8
        from reserved in U8
        from prefix in IPv4
        select subtype == MobileNetworkSubtype.Request
            ? (Extension)new MobileNetworkRequestExtension { PrefixLength = length, Prefix = prefix }
            : new MobileNetworkAcknowledgementExtension
            {
                Subtype = subtype,
                Code = (MobileNetworkCode)code,
                PrefixLength = length,
                Reserved = reserved,
                Prefix = prefix,
            };

    private static readonly Gen<Extension> Extensions = Gen.OneOf(
        Gen.Constant<Extension>(new PaddingExtension()),
        OctetsOf(0, 255).Select(Extension (nai) => new MobileNodeNaiExtension { Nai = nai }),
        Prefixes.Select(Extension (prefix) => new IPv6PrefixRequestExtension { Prefix = prefix }),
        from prefix in Prefixes
        from code in U8
        from reserved in U8
        select (Extension)new IPv6PrefixReplyExtension { Prefix = prefix, Code = (PrefixReplyCode)code, Reserved = reserved },
        U8.Select(Extension (reserved) => new IPv6TunnelingModeExtension { Reserved = reserved }),
        Authentications,
        VendorSpecifics,
        UdpTunnels,
        Gen.Constant<Extension>(new EncapsulatingDeliveryStyleExtension()),
        OctetsOf(0, 255).Select(Extension (challenge) => new MobileForeignChallengeExtension { Challenge = challenge }),
        from inform in Flag
        from reserved in Gen.Choose(0, 0x7FFF)
        from timestamp in U64
        select (Extension)new RevocationSupportExtension { Inform = inform, Reserved = (ushort)reserved, Timestamp = (uint)timestamp },
        from subtype in Gen.Elements(Enum.GetValues<DynamicHomeAgentSubtype>())
        from homeAgent in IPv4
        select (Extension)new DynamicHomeAgentExtension { Subtype = subtype, HomeAgent = homeAgent },
        MobileNetworks,
        from type in U8.Where(type => type is not (0 or 32 or 33 or 34 or 36 or 38 or 44 or 47 or 130 or 131 or 132 or 134 or 137 or 139 or 144 or 148 or 152))
        from data in OctetsOf(0, 255)
        select (Extension)new UnknownExtension { ExtensionType = type, Data = data },
        // Known types with a length or subtype that they do not have.
        from type in Gen.Elements<byte>(32, 33, 34, 44, 137, 139, 144, 148)
        from data in OctetsOf(0, 3)
        select (Extension)new UnknownExtension { ExtensionType = type, Data = data },
        OctetsOf(1, 4).Select(Extension (data) => new UnknownExtension { ExtensionType = 130, Data = data }),
        OctetsOf(3, 17).Select(Extension (data) => new UnknownExtension { ExtensionType = 152, Data = data }),
        OctetsOf(9, 20).Select(Extension (data) => new UnknownExtension { ExtensionType = 148, Data = data }),
        from type in Gen.Elements<byte>(36, 38)
        from subtype in U8
        from data in OctetsOf(0, 3)
        select (Extension)new UnknownLongExtension { ExtensionType = type, Subtype = subtype, Data = data },
        from subtype in U8
        from data in OctetsOf(0, 400)
        select (Extension)new UnknownLongExtension { ExtensionType = 47, Subtype = subtype, Data = data });

    internal static readonly Arbitrary<MobileIPv4ControlMessage> MobileIPv4Messages = Gen.OneOf(
        from flags in Flag.ArrayOf(8)
        from lifetime in U16
        from addresses in IPv4.ArrayOf(3)
        from identification in U64
        from extensions in ListOf(Extensions, 6)
        select (MobileIPv4ControlMessage)new RegistrationRequest
        {
            SimultaneousBindings = flags[0],
            BroadcastDatagrams = flags[1],
            DecapsulationByMobileNode = flags[2],
            MinimalEncapsulation = flags[3],
            GreEncapsulation = flags[4],
            ReservedR = flags[5],
            ReverseTunneling = flags[6],
            ReservedX = flags[7],
            Lifetime = lifetime,
            HomeAddress = addresses[0],
            HomeAgent = addresses[1],
            CareOfAddress = addresses[2],
            Identification = identification,
            Extensions = extensions,
        },
        from code in U8
        from lifetime in U16
        from addresses in IPv4.ArrayOf(2)
        from identification in U64
        from extensions in ListOf(Extensions, 6)
        select (MobileIPv4ControlMessage)new RegistrationReply
        {
            Code = (RegistrationCode)code,
            Lifetime = lifetime,
            HomeAddress = addresses[0],
            HomeAgent = addresses[1],
            Identification = identification,
            Extensions = extensions,
        },
        from flags in Flag.ArrayOf(2)
        from reserved in U8
        from reservedFlags in Gen.Choose(0, 0x3FFF)
        from addresses in IPv4.ArrayOf(3)
        from identifier in U64
        from extensions in ListOf(Extensions, 6)
        select (MobileIPv4ControlMessage)new RegistrationRevocation
        {
            Reserved = reserved,
            Agent = flags[0],
            Inform = flags[1],
            ReservedFlags = (ushort)reservedFlags,
            HomeAddress = addresses[0],
            HomeDomainAddress = addresses[1],
            ForeignDomainAddress = addresses[2],
            RevocationIdentifier = (uint)identifier,
            Extensions = extensions,
        },
        from inform in Flag
        from reserved in U8
        from reservedFlags in Gen.Choose(0, 0x7FFF)
        from address in IPv4
        from identifier in U64
        from extensions in ListOf(Extensions, 6)
        select (MobileIPv4ControlMessage)new RegistrationRevocationAcknowledgment
        {
            Reserved = reserved,
            Inform = inform,
            ReservedFlags = (ushort)reservedFlags,
            HomeAddress = address,
            RevocationIdentifier = (uint)identifier,
            Extensions = extensions,
        }).ToArbitrary();

    /// <summary>Tunnel data with a payload that no decoder knows.</summary>
    internal static readonly Arbitrary<TunnelData> TunnelDatas = (
        from reserved in U16
        from payload in OctetsOf(0, 100)
        select new TunnelData { NextHeader = ExperimentalProtocol, Reserved = reserved, Payload = payload }).ToArbitrary();

    /// <summary>A protocol number for experiments (RFC 3692), which nothing decodes.</summary>
    private const IpProtocol ExperimentalProtocol = (IpProtocol)253;
}
