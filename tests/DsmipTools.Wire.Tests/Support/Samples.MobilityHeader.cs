using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobility Header messages and options.</content>
internal static partial class Samples
{
    internal static readonly MobilityOption[] Options =
    [
        new Pad1Option(),
        new PadNOption { Padding = Octets.FromHex("000000") },
        new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" },
        MobileNodeIdentifierOption.Create("mn7@example.com"),
        new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64", Reserved = 0x11 },
        new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways, Reserved = 0x22 },
        new AccessTechnologyTypeOption { AccessTechnologyType = AccessTechnologyType.WirelessLan, Reserved = 0x33 },
        new TimestampOption { Timestamp = 0x0000_6774_8580_8001 },
        new UnknownMobilityOption { OptionType = 200, Data = Octets.FromHex("a1a2a3") },
    ];

    internal static readonly MobilityMessage[] MobilityMessages =
    [
        new BindingUpdate
        {
            SequenceNumber = 0x1234,
            Acknowledge = true,
            LinkLocalCompatibility = true,
            MobileRouter = true,
            ProxyRegistration = true,
            TlvHeaderFormat = true,
            ReservedFlags = 0b10_1010,
            Lifetime = 900,
            Options = [.. Options],
        },
        new BindingAcknowledgement
        {
            Status = BindingStatus.TimestampMismatch,
            MobileRouter = true,
            ProxyRegistration = true,
            ReservedFlags = 0b101,
            SequenceNumber = 0x1234,
            Lifetime = 900,
            Options = [.. Options],
        },
        new BindingRevocationIndication
        {
            Trigger = RevocationTrigger.RevokingMobilityNodeLocalPolicy,
            SequenceNumber = 0xABCD,
            ProxyBinding = true,
            Global = true,
            ReservedFlags = 0x0AAA,
            Options = [.. Options],
        },
        new BindingRevocationAcknowledgement
        {
            Status = RevocationStatus.RevokedMobileNodesIdentityRequired,
            SequenceNumber = 0xABCD,
            IPv4HomeAddressBindingOnly = true,
            Global = true,
            ReservedFlags = 0x1555,
            Options = [.. Options],
        },
        new BindingRefreshRequest { MessageReserved = 0xA55A },
        new HomeTestInit { MessageReserved = 0x1234, HomeInitCookie = 0x0102_0304_0506_0708 },
        new CareOfTestInit { MessageReserved = 0x4321, CareOfInitCookie = 0x1112_1314_1516_1718 },
        new HomeTest { HomeNonceIndex = 13, HomeInitCookie = 0x0102_0304_0506_0708, HomeKeygenToken = 0x2122_2324_2526_2728 },
        new CareOfTest { CareOfNonceIndex = 14, CareOfInitCookie = 0x1112_1314_1516_1718, CareOfKeygenToken = 0x3132_3334_3536_3738 },
        new BindingError
        {
            Status = BindingErrorStatus.UnrecognizedMobilityHeaderType,
            MessageReserved = 0x5A,
            HomeAddress = "2001:db8:100:7::1",
        },
        new Heartbeat { ReservedFlags = 0x2A55, Response = true, SequenceNumber = 0x89AB_CDEF },
    ];
}
