using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobility Header messages and options.</content>
internal static partial class Generators
{
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
}
