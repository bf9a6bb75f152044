using System.Buffers.Binary;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Generators of every record. Reserved bits, unassigned code points, prefix lengths up to 255 and stray host bits are all among them.</summary>
internal static class Generators
{
    private static readonly Gen<bool> Flag = Gen.Elements(false, true);

    private static readonly Gen<byte> U8 = Gen.Choose(0, 255).Select(value => (byte)value);

    private static readonly Gen<ushort> U16 = Gen.Choose(0, 65535).Select(value => (ushort)value);

    private static readonly Gen<ulong> U64 = U8.ArrayOf(8).Select(octets => BinaryPrimitives.ReadUInt64BigEndian(octets));

    private static readonly Gen<Address> IPv4 = U8.ArrayOf(4).Select(octets => Address.FromOctets(octets));

    private static readonly Gen<Address> IPv6 = U8.ArrayOf(16).Select(octets => Address.FromOctets(octets));

    internal static readonly Gen<Prefix> Prefixes =
        from bits in IPv6
        from length in Gen.OneOf(U8, Gen.Elements<byte>(0, 1, 64, 127, 128, 129, 255))
        select new Prefix(bits.Value, length);

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

    private static readonly Gen<MobilityOption> Options = Gen.OneOf(
        IPv6.Select(MobilityOption (address) => new AlternateCareOfAddressOption { AlternateCareOfAddress = address }),
        from subtype in U8
        from identifier in OctetsOf(0, 254)
        select (MobilityOption)new MobileNodeIdentifierOption { Subtype = subtype, Identifier = identifier },
        from prefix in Prefixes
        from reserved in U8
        select (MobilityOption)new HomeNetworkPrefixOption { Prefix = prefix, Reserved = reserved },
        from indicator in U8
        from reserved in U8
        select (MobilityOption)new HandoffIndicatorOption { Indicator = (HandoffIndicator)indicator, Reserved = reserved },
        from technology in U8
        from reserved in U8
        select (MobilityOption)new AccessTechnologyTypeOption { AccessTechnologyType = (AccessTechnologyType)technology, Reserved = reserved },
        U64.Select(MobilityOption (timestamp) => new TimestampOption { Timestamp = timestamp }),
        from type in U8.Where(type => type is not (0 or 1 or 3 or 8 or 22 or 23 or 24 or 27))
        from data in OctetsOf(0, 255)
        select (MobilityOption)new UnknownMobilityOption { OptionType = type, Data = data },
        // Known types with a length that they do not have.
        from type in Gen.Elements<byte>(3, 22, 23, 24, 27)
        from data in OctetsOf(3, 7)
        select (MobilityOption)new UnknownMobilityOption { OptionType = type, Data = data });

    private static readonly Gen<MobilityOption> Padding = Gen.OneOf(
        Gen.Constant<MobilityOption>(new Pad1Option()),
        OctetsOf(0, 253).Select(MobilityOption (padding) => new PadNOption { Padding = padding }));

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

    private static readonly Gen<MobilityMessage> Messages = Gen.OneOf(
        from flags in Flag.ArrayOf(10)
        from reserved in Gen.Choose(0, 63)
        from sequence in U16
        from lifetime in U16
        select (MobilityMessage)new BindingUpdate
        {
            SequenceNumber = sequence,
            Acknowledge = flags[0],
            HomeRegistration = flags[1],
            LinkLocalCompatibility = flags[2],
            KeyManagementMobility = flags[3],
            MapRegistration = flags[4],
            MobileRouter = flags[5],
            ProxyRegistration = flags[6],
            ForcingUdpEncapsulation = flags[7],
            TlvHeaderFormat = flags[8],
            BulkBindingUpdate = flags[9],
            ReservedFlags = (byte)reserved,
            Lifetime = lifetime,
        },
        from flags in Flag.ArrayOf(5)
        from reserved in Gen.Choose(0, 7)
        from status in U8
        from sequence in U16
        from lifetime in U16
        select (MobilityMessage)new BindingAcknowledgement
        {
            Status = (BindingStatus)status,
            KeyManagementMobility = flags[0],
            MobileRouter = flags[1],
            ProxyRegistration = flags[2],
            TlvHeaderFormat = flags[3],
            BulkBindingUpdate = flags[4],
            ReservedFlags = (byte)reserved,
            SequenceNumber = sequence,
            Lifetime = lifetime,
        },
        from flags in Flag.ArrayOf(3)
        from reserved in Gen.Choose(0, 8191)
        from trigger in U8
        from sequence in U16
        select (MobilityMessage)new BindingRevocationIndication
        {
            Trigger = (RevocationTrigger)trigger,
            SequenceNumber = sequence,
            ProxyBinding = flags[0],
            IPv4HomeAddressBindingOnly = flags[1],
            Global = flags[2],
            ReservedFlags = (ushort)reserved,
        },
        from flags in Flag.ArrayOf(3)
        from reserved in Gen.Choose(0, 8191)
        from status in U8
        from sequence in U16
        select (MobilityMessage)new BindingRevocationAcknowledgement
        {
            Status = (RevocationStatus)status,
            SequenceNumber = sequence,
            ProxyBinding = flags[0],
            IPv4HomeAddressBindingOnly = flags[1],
            Global = flags[2],
            ReservedFlags = (ushort)reserved,
        });

    /// <summary>Messages to compose: options without padding of their own.</summary>
    internal static readonly Arbitrary<MobilityMessage> MobilityMessages = (
        from message in Messages
        from reserved in U8
        from options in ListOf(Options, 5)
        select message with { Reserved = reserved, Options = options }).ToArbitrary();

    /// <summary>Messages as somebody else may send them: padding anywhere and of any content, any checksum and payload proto.</summary>
    internal static readonly Arbitrary<MobilityMessage> ForeignMobilityMessages = (
        from message in Messages
        from proto in U8
        from checksum in U16
        from options in ListOf(Gen.OneOf(Options, Padding), 6)
        select Filled(message with { PayloadProto = proto, Checksum = checksum, Options = options, Verbatim = true })).ToArbitrary();

    private static MobilityMessage Filled(MobilityMessage message)
    {
        while (message.GetLength() % 8 != 0)
        {
            message = message with { Options = [.. message.Options, new Pad1Option()] };
        }

        return message with { HeaderLength = (byte)((message.GetLength() / 8) - 1) };
    }

    private static Gen<Octets> OctetsOf(int least, int most) =>
        from length in Gen.OneOf(Gen.Choose(least, most), Gen.Elements(least, most))
        from octets in U8.ArrayOf(length)
        select Octets.Create(octets);

    private static Gen<ValueList<T>> ListOf<T>(Gen<T> elements, int most) =>
        from count in Gen.Choose(0, most)
        from items in elements.ArrayOf(count)
        select ValueList.From(items);
}
