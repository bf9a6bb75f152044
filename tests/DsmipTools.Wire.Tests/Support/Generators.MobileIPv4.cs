using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobile IPv4 messages and extensions.</content>
internal static partial class Generators
{
    private static readonly Gen<Extension> Extensions = Gen.OneOf(
        Gen.Constant<Extension>(new PaddingExtension()),
        OctetsOf(0, 255).Select(Extension (nai) => new MobileNodeNaiExtension { Nai = nai }),
        from spi in U64
        from authenticator in OctetsOf(0, 251)
        select (Extension)new MobileHomeAuthenticationExtension { SecurityParameterIndex = (uint)spi, Authenticator = authenticator },
        Prefixes.Select(Extension (prefix) => new IPv6PrefixRequestExtension { Prefix = prefix }),
        from prefix in Prefixes
        from code in U8
        from reserved in U8
        select (Extension)new IPv6PrefixReplyExtension { Prefix = prefix, Code = (PrefixReplyCode)code, Reserved = reserved },
        U8.Select(Extension (reserved) => new IPv6TunnelingModeExtension { Reserved = reserved }),
        from type in U8.Where(type => type is not (0 or 32 or 131 or 152))
        from data in OctetsOf(0, 255)
        select (Extension)new UnknownExtension { ExtensionType = type, Data = data },
        // Known types with a length or subtype that they do not have.
        OctetsOf(0, 3).Select(Extension (data) => new UnknownExtension { ExtensionType = 32, Data = data }),
        OctetsOf(3, 17).Select(Extension (data) => new UnknownExtension { ExtensionType = 152, Data = data }));

    internal static readonly Arbitrary<MobileIPv4Message> MobileIPv4Messages = Gen.OneOf(
        from flags in Flag.ArrayOf(8)
        from lifetime in U16
        from addresses in IPv4.ArrayOf(3)
        from identification in U64
        from extensions in ListOf(Extensions, 6)
        select (MobileIPv4Message)new RegistrationRequest
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
        select (MobileIPv4Message)new RegistrationReply
        {
            Code = (RegistrationCode)code,
            Lifetime = lifetime,
            HomeAddress = addresses[0],
            HomeAgent = addresses[1],
            Identification = identification,
            Extensions = extensions,
        }).ToArbitrary();
}
