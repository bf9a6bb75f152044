using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Mobility Header messages and options.</content>
internal static partial class Samples
{
    /// <summary>One option of every form, and one that has none.</summary>
    internal static readonly MobilityOption[] Options =
    [
        new Pad1Option(),
        new PadNOption { Padding = Octets.FromHex("000000") },
        new BindingRefreshAdviceOption { RefreshInterval = 450 },
        new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" },
        new NonceIndicesOption { HomeNonceIndex = 0x1234, CareOfNonceIndex = 0x5678 },
        new MobileNetworkPrefixOption { Prefix = "2001:db8:200::/48", Reserved = 0x12 },
        MobileNodeIdentifierOption.Create("mn7@example.com"),
        new MobileNodeIdentifierOption { Subtype = (MobileNodeIdentifierSubtype)5, Identifier = Octets.FromHex("00005e005301") },
        new MobilityMessageReplayProtectionOption { Timestamp = 0xEB1F_0400_1234_5678 },
        new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64", Reserved = 0x11 },
        new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways, Reserved = 0x22 },
        new AccessTechnologyTypeOption { AccessTechnologyType = AccessTechnologyType.WirelessLan, Reserved = 0x33 },
        new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex("00005e005301"), Reserved = 0x4455 },
        new LinkLocalAddressOption { LinkLocalAddress = "fe80::1" },
        new TimestampOption { Timestamp = 0x0000_6774_8580_8001 },
        new RestartCounterOption { RestartCounter = 0x0102_0304 },
        new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 24, MobileNetworkPrefixRequested = true, Reserved = 0x155 },
        new IPv4AddressAcknowledgementOption
        {
            Status = IPv4AddressAcknowledgementStatus.PrefixAllocationUnauthorized,
            PrefixLength = 32,
            Reserved = 1,
            IPv4HomeAddress = "10.1.1.7",
        },
        new NatDetectionOption { ForcingUdpEncapsulation = true, Reserved = 0x2AAA, RefreshTime = 110 },
        new IPv4CareOfAddressOption { IPv4CareOfAddress = "198.51.100.7", Reserved = 0xA5A5 },
        new GreKeyOption { GreKeyIdentifier = 0xDEAD_BEEF, Reserved = 0x5A5A },
        new GreKeyOption { Reserved = 0x1221 },
        new BindingIdentifierOption { BindingId = 7, Status = BindingStatus.MultipleCareOfAddressesProhibited, Reserved = 0x55 },
        new BindingIdentifierOption { BindingId = 8, SimultaneousHomeAndForeignBinding = true, CareOfAddress = "198.51.100.7" },
        new BindingIdentifierOption { BindingId = 9, SimultaneousHomeAndForeignBinding = true, CareOfAddress = "2001:db8:2::c" },
        new IPv4HomeAddressRequestOption { PrefixLength = 24, Reserved = 0x2AA, IPv4HomeAddress = "10.1.1.7" },
        new IPv4HomeAddressReplyOption
        {
            Status = IPv4HomeAddressReplyStatus.DynamicIPv4HomeAddressAssignmentNotAvailable,
            PrefixLength = 24,
            Reserved = 2,
            IPv4HomeAddress = "10.1.1.7",
        },
        new IPv4DefaultRouterAddressOption { IPv4DefaultRouterAddress = "10.1.1.1", Reserved = 0x1234 },
        new IPv4DhcpSupportModeOption { DhcpSupportMode = true, Reserved = 0x2AAA },
        new UnknownMobilityOption { OptionType = 200, Data = Octets.FromHex("a1a2a3") },
        new MobilityMessageAuthenticationOption
        {
            Subtype = MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent,
            MobilitySpi = 256,
            AuthenticationData = Octets.FromHex("00112233445566778899aabb"),
        },
        new BindingAuthorizationDataOption { Authenticator = Octets.FromHex("00112233445566778899aabb") },
    ];

    /// <summary>The options of messages that need not have all.</summary>
    private static MobilityOption[] SomeOptions => [.. Options.Where(option => option is MobileNodeIdentifierOption or HomeNetworkPrefixOption or PadNOption)];

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
            Options = [.. SomeOptions],
        },
        new BindingAcknowledgement
        {
            Status = BindingStatus.TimestampMismatch,
            MobileRouter = true,
            ProxyRegistration = true,
            ReservedFlags = 0b101,
            SequenceNumber = 0x1234,
            Lifetime = 900,
            Options = [.. SomeOptions],
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
            Options = [.. SomeOptions],
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
