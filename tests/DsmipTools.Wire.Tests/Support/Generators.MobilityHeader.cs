using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobility Header messages and options.</content>
internal static partial class Generators
{
    /// <summary>The lengths that the RFCs give to option types; those of no fixed length are not here.</summary>
    private static readonly Dictionary<byte, int[]> OptionLengths = new()
    {
        [2] = [2], [3] = [16], [4] = [4], [6] = [18], [10] = [8], [22] = [18], [23] = [2], [24] = [2], [26] = [16], [27] = [8], [28] = [4],
        [29] = [6], [30] = [6], [31] = [6], [32] = [6], [33] = [2, 6], [35] = [4, 8, 20], [36] = [6], [37] = [6], [38] = [6], [39] = [2],
    };

    private static readonly Gen<MobilityOption> Options = Gen.OneOf(
        Gen.OneOf(MobileIPv6Options()),
        Gen.OneOf(ProxyMobileIPv6Options()),
        Gen.OneOf(DualStackOptions()),
        from type in U8.Where(type => type is not (0 or 1 or 5 or 8 or 9 or 25) && !OptionLengths.ContainsKey(type))
        from data in OctetsOf(0, 255)
        select (MobilityOption)new UnknownMobilityOption { OptionType = type, Data = data },
        // Known types with a length that they do not have.
        from type in Gen.Elements<byte>([.. OptionLengths.Keys])
        from data in OctetsOf(0, 24).Where(data => !OptionLengths[type].Contains(data.Length))
        select (MobilityOption)new UnknownMobilityOption { OptionType = type, Data = data },
        from option in Gen.Elements<(byte Type, int Least)>((8, 1), (9, 5), (25, 2))
        from data in OctetsOf(0, option.Least - 1)
        select (MobilityOption)new UnknownMobilityOption { OptionType = option.Type, Data = data });

    private static readonly Gen<MobilityOption> Padding = Gen.OneOf(
        Gen.Constant<MobilityOption>(new Pad1Option()),
        OctetsOf(0, 253).Select(MobilityOption (padding) => new PadNOption { Padding = padding }));

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
        },
        U16.Select(MobilityMessage (reserved) => new BindingRefreshRequest { MessageReserved = reserved }),
        from reserved in U16
        from cookie in U64
        select (MobilityMessage)new HomeTestInit { MessageReserved = reserved, HomeInitCookie = cookie },
        from reserved in U16
        from cookie in U64
        select (MobilityMessage)new CareOfTestInit { MessageReserved = reserved, CareOfInitCookie = cookie },
        from index in U16
        from cookie in U64
        from token in U64
        select (MobilityMessage)new HomeTest { HomeNonceIndex = index, HomeInitCookie = cookie, HomeKeygenToken = token },
        from index in U16
        from cookie in U64
        from token in U64
        select (MobilityMessage)new CareOfTest { CareOfNonceIndex = index, CareOfInitCookie = cookie, CareOfKeygenToken = token },
        from status in U8
        from reserved in U8
        from address in IPv6
        select (MobilityMessage)new BindingError { Status = (BindingErrorStatus)status, MessageReserved = reserved, HomeAddress = address },
        from reserved in Gen.Choose(0, 16383)
        from flags in Flag.ArrayOf(2)
        from sequence in U64
        select (MobilityMessage)new Heartbeat
        {
            ReservedFlags = (ushort)reserved,
            Unsolicited = flags[0],
            Response = flags[1],
            SequenceNumber = (uint)sequence,
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

    private static Gen<MobilityOption>[] MobileIPv6Options() =>
    [
        U16.Select(MobilityOption (interval) => new BindingRefreshAdviceOption { RefreshInterval = interval }),
        IPv6.Select(MobilityOption (address) => new AlternateCareOfAddressOption { AlternateCareOfAddress = address }),
        U16.ArrayOf(2).Select(MobilityOption (indices) => new NonceIndicesOption { HomeNonceIndex = indices[0], CareOfNonceIndex = indices[1] }),
        OctetsOf(0, 255).Select(MobilityOption (authenticator) => new BindingAuthorizationDataOption { Authenticator = authenticator }),
        from prefix in Prefixes
        from reserved in U8
        select (MobilityOption)new MobileNetworkPrefixOption { Prefix = prefix, Reserved = reserved },
        from subtype in U8
        from identifier in OctetsOf(0, 254)
        select (MobilityOption)new MobileNodeIdentifierOption { Subtype = (MobileNodeIdentifierSubtype)subtype, Identifier = identifier },
        from subtype in U8
        from spi in U64
        from data in OctetsOf(0, 250)
        select (MobilityOption)new MobilityMessageAuthenticationOption
        {
            Subtype = (MobilityMessageAuthenticationSubtype)subtype,
            MobilitySpi = (uint)spi,
            AuthenticationData = data,
        },
        U64.Select(MobilityOption (timestamp) => new MobilityMessageReplayProtectionOption { Timestamp = timestamp }),
        from id in U16
        from status in U8
        from home in Flag
        from reserved in Gen.Choose(0, 127)
        from address in Gen.OneOf(Gen.Constant(default(Address?)), IPv4.Select(address => (Address?)address), IPv6.Select(address => (Address?)address))
        select (MobilityOption)new BindingIdentifierOption
        {
            BindingId = id,
            Status = (BindingStatus)status,
            SimultaneousHomeAndForeignBinding = home,
            Reserved = (byte)reserved,
            CareOfAddress = address,
        },
    ];

    private static Gen<MobilityOption>[] ProxyMobileIPv6Options() =>
    [
        from prefix in Prefixes
        from reserved in U8
        select (MobilityOption)new HomeNetworkPrefixOption { Prefix = prefix, Reserved = reserved },
        from indicator in U8
        from reserved in U8
        select (MobilityOption)new HandoffIndicatorOption { Indicator = (HandoffIndicator)indicator, Reserved = reserved },
        from technology in U8
        from reserved in U8
        select (MobilityOption)new AccessTechnologyTypeOption { AccessTechnologyType = (AccessTechnologyType)technology, Reserved = reserved },
        from identifier in OctetsOf(0, 251)
        from reserved in U16
        select (MobilityOption)new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = identifier, Reserved = reserved },
        IPv6.Select(MobilityOption (address) => new LinkLocalAddressOption { LinkLocalAddress = address }),
        U64.Select(MobilityOption (timestamp) => new TimestampOption { Timestamp = timestamp }),
        U64.Select(MobilityOption (counter) => new RestartCounterOption { RestartCounter = (uint)counter }),
        from key in Gen.OneOf(Gen.Constant(default(uint?)), U64.Select(key => (uint?)key))
        from reserved in U16
        select (MobilityOption)new GreKeyOption { GreKeyIdentifier = key, Reserved = reserved },
    ];

    private static Gen<MobilityOption>[] DualStackOptions() =>
    [
        from address in IPv4
        from length in Gen.Choose(0, 63)
        from requested in Flag
        from reserved in Gen.Choose(0, 511)
        select (MobilityOption)new IPv4HomeAddressOption
        {
            IPv4HomeAddress = address,
            PrefixLength = (byte)length,
            MobileNetworkPrefixRequested = requested,
            Reserved = (ushort)reserved,
        },
        from status in U8
        from address in IPv4
        from length in Gen.Choose(0, 63)
        from reserved in Gen.Choose(0, 3)
        select (MobilityOption)new IPv4AddressAcknowledgementOption
        {
            Status = (IPv4AddressAcknowledgementStatus)status,
            IPv4HomeAddress = address,
            PrefixLength = (byte)length,
            Reserved = (byte)reserved,
        },
        from forcing in Flag
        from reserved in Gen.Choose(0, 32767)
        from time in U64
        select (MobilityOption)new NatDetectionOption { ForcingUdpEncapsulation = forcing, Reserved = (ushort)reserved, RefreshTime = (uint)time },
        from address in IPv4
        from reserved in U16
        select (MobilityOption)new IPv4CareOfAddressOption { IPv4CareOfAddress = address, Reserved = reserved },
        from address in IPv4
        from length in Gen.Choose(0, 63)
        from reserved in Gen.Choose(0, 1023)
        select (MobilityOption)new IPv4HomeAddressRequestOption { IPv4HomeAddress = address, PrefixLength = (byte)length, Reserved = (ushort)reserved },
        from status in U8
        from address in IPv4
        from length in Gen.Choose(0, 63)
        from reserved in Gen.Choose(0, 3)
        select (MobilityOption)new IPv4HomeAddressReplyOption
        {
            Status = (IPv4HomeAddressReplyStatus)status,
            IPv4HomeAddress = address,
            PrefixLength = (byte)length,
            Reserved = (byte)reserved,
        },
        from address in IPv4
        from reserved in U16
        select (MobilityOption)new IPv4DefaultRouterAddressOption { IPv4DefaultRouterAddress = address, Reserved = reserved },
        from server in Flag
        from reserved in Gen.Choose(0, 32767)
        select (MobilityOption)new IPv4DhcpSupportModeOption { DhcpSupportMode = server, Reserved = (ushort)reserved },
    ];
}
