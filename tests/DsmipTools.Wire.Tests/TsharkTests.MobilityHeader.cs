using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>Mobility Header messages and their options.</content>
public partial class TsharkTests
{
    private static IEnumerable<Case> Updates()
    {
        var flags = new (string Field, string Letter, BindingUpdate Message)[]
        {
            ("mip6.bu.a_flag", "A", new() { Acknowledge = true }),
            ("mip6.bu.h_flag", "H", new() { HomeRegistration = true }),
            ("mip6.bu.l_flag", "L", new() { LinkLocalCompatibility = true }),
            ("mip6.bu.k_flag", "K", new() { KeyManagementMobility = true }),
            ("mip6.bu.m_flag", "M", new() { MapRegistration = true }),
            ("mip6.nemo.bu.r_flag", "R", new() { MobileRouter = true }),
            ("mip6.bu.p_flag", "P", new() { ProxyRegistration = true }),
            ("mip6.bu.f_flag", "F", new() { ForcingUdpEncapsulation = true }),
            ("mip6.bu.t_flag", "T", new() { TlvHeaderFormat = true }),
            ("mip6.bu.b_flag", "B", new() { BulkBindingUpdate = true }),
        };
        return flags.SelectMany(each => Everywhere(
            $"BU {each.Letter}",
            each.Message with { SequenceNumber = 0x1234, Lifetime = 900, Options = [.. AllOptions] },
            [
                ("mip6.mhtype", "5"), ("mip6.bu.seqnr", "4660"), ("mip6.bu.lifetime", "900"), ("mip6.hlen", "11"),
                .. flags.Select(flag => (flag.Field, flag.Field == each.Field ? "1" : "0")),
                .. AllOptionsExpected,
            ]));
    }

    private static IEnumerable<Case> Acknowledgements()
    {
        var flags = new (string Field, string Letter, BindingAcknowledgement Message)[]
        {
            ("mip6.ba.k_flag", "K", new() { KeyManagementMobility = true }),
            ("mip6.nemo.ba.r_flag", "R", new() { MobileRouter = true }),
            ("mip6.ba.p_flag", "P", new() { ProxyRegistration = true }),
            ("mip6.ba.t_flag", "T", new() { TlvHeaderFormat = true }),
            ("mip6.ba.b_flag", "B", new() { BulkBindingUpdate = true }),
        };
        return
        [
            .. flags.SelectMany(each => Everywhere(
                $"BA {each.Letter}",
                each.Message with { SequenceNumber = 0x1234, Lifetime = 900, Options = [.. AllOptions] },
                [
                    ("mip6.mhtype", "6"), ("mip6.ba.seqnr", "4660"), ("mip6.ba.lifetime", "900"), ("mip6.ba.status", "0"), ("mip6.hlen", "11"),
                    .. flags.Select(flag => (flag.Field, flag.Field == each.Field ? "1" : "0")),
                    .. AllOptionsExpected,
                ])),
            .. Enum.GetValues<BindingStatus>().SelectMany(status => Everywhere(
                $"PBA {status}",
                new BindingAcknowledgement { Status = status, ProxyRegistration = true, SequenceNumber = 7 },
                [("mip6.mhtype", "6"), ("mip6.ba.status", Number(status)), ("mip6.ba.seqnr", "7"), ("mip6.ba.p_flag", "1"), ("mip6.hlen", "1")])),
        ];
    }

    /// <summary>The messages of RFC 6275 besides update and acknowledgement, and the heartbeat of RFC 5847.</summary>
    private static IEnumerable<Case> OtherMobilityMessages() =>
    [
        .. Everywhere(
            "BRR",
            new BindingRefreshRequest(),
            [("mip6.mhtype", "0"), ("mip6.hlen", "0"), ("mip6.mobility_opt.len", "")]),
        .. Everywhere(
            "HoTI",
            new HomeTestInit { HomeInitCookie = 0x0102_0304_0506_0708 },
            [("mip6.mhtype", "1"), ("mip6.hlen", "1"), ("mip6.hoti.cookie", "72623859790382856")]),
        .. Everywhere(
            "CoTI",
            new CareOfTestInit { CareOfInitCookie = 0xFFFE_FDFC_FBFA_F9F8 },
            [("mip6.mhtype", "2"), ("mip6.hlen", "1"), ("mip6.coti.cookie", "18446460386757245432")]),
        .. Everywhere(
            "HoT",
            new HomeTest { HomeNonceIndex = 0x1234, HomeInitCookie = 0x0102_0304_0506_0708, HomeKeygenToken = 0xFFFE_FDFC_FBFA_F9F8 },
            [
                ("mip6.mhtype", "3"), ("mip6.hlen", "2"), ("mip6.hot.nindex", "4660"),
                ("mip6.hot.cookie", "72623859790382856"), ("mip6.hot.token", "18446460386757245432"),
            ]),
        .. Everywhere(
            "CoT", // Its token has no field of its own in tshark.
            new CareOfTest { CareOfNonceIndex = 65535, CareOfInitCookie = 1, CareOfKeygenToken = 2, Options = [MobileNodeIdentifierOption.Create("@abc.org")] },
            [
                ("mip6.mhtype", "4"), ("mip6.hlen", "4"), ("mip6.cot.nindex", "65535"), ("mip6.cot.cookie", "1"), ("mip6.hot.token", "2"),
                ("mip6.mnid.identifier", "@abc.org"), ("mip6.padn", "000000"),
            ]),
        .. Enum.GetValues<BindingErrorStatus>().SelectMany(status => Everywhere(
            $"BE {status}",
            new BindingError { Status = status, HomeAddress = "2001:db8:100:7::1" },
            [("mip6.mhtype", "7"), ("mip6.hlen", "2"), ("mip6.be.status", Number(status)), ("mip6.be.haddr", "2001:db8:100:7::1")])),
        .. Everywhere(
            "Heartbeat request",
            new Heartbeat { SequenceNumber = 0x89AB_CDEF },
            [("mip6.mhtype", "13"), ("mip6.hlen", "1"), ("mip6.hb.u_flag", "0"), ("mip6.hb.r_flag", "0"), ("mip6.hb.seqnr", "2309737967")]),
        .. Everywhere(
            "Heartbeat response",
            new Heartbeat { Response = true, SequenceNumber = 1 },
            [("mip6.hb.u_flag", "0"), ("mip6.hb.r_flag", "1"), ("mip6.hb.seqnr", "1")]),
        .. Everywhere(
            "Heartbeat unsolicited response",
            new Heartbeat { Unsolicited = true, Response = true },
            [("mip6.hb.u_flag", "1"), ("mip6.hb.r_flag", "1"), ("mip6.hb.seqnr", "0")]),
    ];

    private static IEnumerable<Case> Indications() =>
    [
        .. Enum.GetValues<RevocationTrigger>().SelectMany(trigger => Everywhere(
            $"BRI {trigger}",
            new BindingRevocationIndication
            {
                Trigger = trigger,
                SequenceNumber = 65535,
                ProxyBinding = true,
                Global = true,
                Options = [MobileNodeIdentifierOption.Create("@example.com")],
            },
            [
                ("mip6.mhtype", "16"), ("mip6.bri_br.type", "1"), ("mip6.bri_r.trigger", Number(trigger)), ("mip6.bri_seqnr", "65535"),
                ("mip6.bri_ip", "1"), ("mip6.bri_iv", "0"), ("mip6.bri_ig", "1"), ("mip6.hlen", "3"),
                ("mip6.mnid.subtype", "1"), ("mip6.mnid.identifier", "@example.com"),
            ])),
        .. Everywhere(
            "BRI V",
            new BindingRevocationIndication { IPv4HomeAddressBindingOnly = true, Options = [.. AllOptions] },
            [
                ("mip6.bri_ip", "0"), ("mip6.bri_iv", "1"), ("mip6.bri_ig", "0"), ("mip6.bri_seqnr", "0"), .. AllOptionsExpected,
            ]),
        .. Everywhere(
            "BRI with Pad1",
            new BindingRevocationIndication { Options = [MobileNodeIdentifierOption.Create("@abc.org")] },
            [("mip6.mnid.identifier", "@abc.org"), ("mip6.options.pad1", "00"), ("mip6.hlen", "2")]),
        .. Everywhere(
            "BRI without options",
            new BindingRevocationIndication { Trigger = RevocationTrigger.PerPeerPolicy, ProxyBinding = true, Global = true, SequenceNumber = 1 },
            [("mip6.bri_r.trigger", "128"), ("mip6.hlen", "1"), ("mip6.mobility_opt.len", "2"), ("mip6.padn", "0000"), ("mip6.mnid.identifier", "")]),
    ];

    private static IEnumerable<Case> RevocationAcknowledgements() =>
    [
        .. Enum.GetValues<RevocationStatus>().SelectMany(status => Everywhere(
            $"BRA {status}",
            new BindingRevocationAcknowledgement { Status = status, SequenceNumber = 0x8001, ProxyBinding = true },
            [
                ("mip6.mhtype", "16"), ("mip6.bri_br.type", "2"), ("mip6.bri_status", Number(status)), ("mip6.bri_seqnr", "32769"),
                ("mip6.bri_ap", "1"), ("mip6.bri_av", "0"), ("mip6.bri_ag", "0"), ("mip6.hlen", "1"), ("mip6.mobility_opt.len", "2"), ("mip6.padn", "0000"),
            ])),
        .. Everywhere(
            "BRA V G",
            new BindingRevocationAcknowledgement { IPv4HomeAddressBindingOnly = true, Global = true, Options = [.. AllOptions] },
            [("mip6.bri_ap", "0"), ("mip6.bri_av", "1"), ("mip6.bri_ag", "1"), .. AllOptionsExpected]),
    ];

    /// <summary>One message for each option that the others do not have, and for each of its lengths.</summary>
    private static IEnumerable<Case> MobilityOptions() =>
    [
        .. Everywhere(
            "Binding Refresh Advice",
            new BindingAcknowledgement { Options = [new BindingRefreshAdviceOption { RefreshInterval = 450 }] },
            [("mip6.mobility_opt.len", "2"), ("mip6.bra.interval", "450"), ("mip6.hlen", "1")]),
        .. Everywhere(
            "Nonce Indices and Binding Authorization Data",
            new BindingUpdate
            {
                Options =
                [
                    new NonceIndicesOption { HomeNonceIndex = 0x1234, CareOfNonceIndex = 0x5678 },
                    new BindingAuthorizationDataOption { Authenticator = Octets.FromHex("00112233445566778899aabb") },
                ],
            },
            [
                ("mip6.mobility_opt.len", "4|12"), ("mip6.ni.hni", "4660"), ("mip6.ni.cni", "22136"),
                ("mip6.bad.auth", "00112233445566778899aabb"), ("mip6.hlen", "3"),
            ]),
        .. Everywhere(
            "Mobile Network Prefix",
            new BindingUpdate { MobileRouter = true, Options = [new MobileNetworkPrefixOption { Prefix = "2001:db8:200::/48" }] },
            [
                ("mip6.mobility_opt.len", "18"), ("mip6.nemo.mnp.pfl", "48"), ("mip6.nemo.mnp.mnp", "2001:db8:200::"),
                ("mip6.hlen", "3"),
            ]),
        .. Everywhere(
            "Mobility Message Replay Protection and Authentication",
            new BindingUpdate
            {
                Options =
                [
                    new MobilityMessageReplayProtectionOption { Timestamp = 0xEB1F_0400_8000_0000 },
                    new MobilityMessageAuthenticationOption
                    {
                        Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa,
                        MobilitySpi = 0x0102_0304,
                        AuthenticationData = Octets.FromHex("00112233445566778899aabb"),
                    },
                ],
            },
            [
                ("mip6.mobility_opt.len", "4|8|17"), ("mip6.auth.subtype", "2"), ("mip6.auth.mobility_spi", "16909060"),
                // tshark counts the seconds from 1970, and leaves out two octets of the authentication data; it finds the options right.
                ("mip6.mseg_id.timestamp", "~Jan  1, 2095 00:00:00"), ("mip6.options.mseg_id", "0a08eb1f040080000000"),
                ("mip6.auth.auth_data", "~00112233445566778899"), ("mip6.options.auth", "0911020102030400112233445566778899aabb"),
            ]),
        .. Everywhere(
            "Mobile Node Link-layer Identifier and Link-local Address",
            new BindingUpdate
            {
                ProxyRegistration = true,
                Options =
                [
                    new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex("00005e005301"), Reserved = 0x1234 },
                    new LinkLocalAddressOption { LinkLocalAddress = "fe80::1" },
                ],
            },
            [
                ("mip6.mobility_opt.len", "8|16"), ("mip6.mnlli.reserved", "4660"), ("mip6.mnlli.lli", "00005e005301"),
                ("mip6.lila_lla", "fe80::1"), ("mip6.hlen", "4"),
            ]),
        .. Everywhere(
            "Restart Counter",
            new Heartbeat { Response = true, SequenceNumber = 7, Options = [new RestartCounterOption { RestartCounter = 0x0102_0304 }] },
            [("mip6.mobility_opt.len", "0|4|2"), ("mip6.rc", "16909060"), ("mip6.hb.seqnr", "7"), ("mip6.hlen", "2")]),
        .. Everywhere(
            "IPv4 Home Address and IPv4 Care-of Address",
            new BindingUpdate
            {
                Options =
                [
                    new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 24, MobileNetworkPrefixRequested = true },
                    new IPv4CareOfAddressOption { IPv4CareOfAddress = "198.51.100.7", Reserved = 0x1234 },
                ],
            },
            [
                ("mip6.mobility_opt.len", "6|6|2"), ("mip6.ipv4ha.preflen", "24"), ("mip6.ipv4ha.p_flag", "1"),
                ("mip6.ipv4ha.ha", "10.1.1.7"), ("mip6.options.ipv4ha", "1d0662000a010107"), ("mip6.ipv4coa.reserved", "4660"), ("mip6.ipv4coa.addr", "198.51.100.7"), ("mip6.hlen", "3"),
            ]),
        .. Enum.GetValues<IPv4AddressAcknowledgementStatus>().SelectMany(status => Everywhere(
            $"IPv4 Address Acknowledgement {status}",
            new BindingAcknowledgement
            {
                Options = [new IPv4AddressAcknowledgementOption { Status = status, PrefixLength = 32, IPv4HomeAddress = "10.1.1.7" }],
            },
            [
                ("mip6.mobility_opt.len", "6|2"), ("mip6.ipv4aa.sts", Number(status)), ("mip6.ipv4ha.preflen", "32"),
                ("mip6.ipv4ha.ha", "10.1.1.7"), ("mip6.options.ipv4aa", $"1e06{(byte)status:x2}800a010107"),
            ])),
        .. Everywhere(
            "NAT Detection",
            new BindingAcknowledgement { Options = [new NatDetectionOption { ForcingUdpEncapsulation = true, RefreshTime = 110 }] },
            [("mip6.natd.f_flag", "1"), ("mip6.natd.reserved", "0"), ("mip6.natd.refresh_t", "110")]),
        .. Everywhere(
            "NAT Detection, no NAT",
            new BindingAcknowledgement { Options = [new NatDetectionOption { Reserved = 1, RefreshTime = uint.MaxValue }] },
            [("mip6.natd.f_flag", "0"), ("mip6.natd.reserved", "1"), ("mip6.natd.refresh_t", "4294967295")]),
        .. Everywhere(
            "GRE Key",
            new BindingUpdate { ProxyRegistration = true, Options = [new GreKeyOption { GreKeyIdentifier = 0xDEAD_BEEF }] },
            [("mip6.mobility_opt.len", "6|2"), ("mip6.gre_key", "3735928559")]),
        .. Everywhere(
            "GRE Key without a key",
            new BindingUpdate { ProxyRegistration = true, Options = [new GreKeyOption()] },
            [("mip6.mobility_opt.len", "2"), ("mip6.gre_key", "")]),
        .. Everywhere(
            "Binding Identifier",
            new BindingAcknowledgement { Options = [new BindingIdentifierOption { BindingId = 0x1234, Status = BindingStatus.MultipleCareOfAddressesProhibited }] },
            [
                ("mip6.mobility_opt.len", "4|4"), ("mip6.bi.bid", "4660"), ("mip6.bi.status", "166"), ("mip6.bi.h_flag", "0"),
                ("mip6.bi.coa_ipv4", ""), ("mip6.bi.coa_ipv6", ""),
            ]),
        .. Everywhere(
            "Binding Identifiers with care-of addresses",
            new BindingUpdate
            {
                Options =
                [
                    new BindingIdentifierOption { BindingId = 1, SimultaneousHomeAndForeignBinding = true, CareOfAddress = "198.51.100.7" },
                    new BindingIdentifierOption { BindingId = 2, CareOfAddress = "2001:db8:2::c" },
                ],
            },
            [
                ("mip6.mobility_opt.len", "4|8|4|20"), ("mip6.bi.bid", "1|2"), ("mip6.bi.h_flag", "1|0"),
                ("mip6.bi.coa_ipv4", "198.51.100.7"), ("mip6.bi.coa_ipv6", "2001:db8:2::c"), ("mip6.hlen", "6"),
            ]),
        .. Everywhere(
            "IPv4 Home Address Request",
            new BindingUpdate
            {
                ProxyRegistration = true,
                Options = [new IPv4HomeAddressRequestOption { PrefixLength = 24, IPv4HomeAddress = "10.1.1.7" }],
            },
            [("mip6.mobility_opt.len", "6|2"), ("mip6.ipv4ha.preflen", "24"), ("mip6.ipv4ha.ha", "10.1.1.7"), ("mip6.options.ipv4hareq", "240660000a010107")]),
        .. Enum.GetValues<IPv4HomeAddressReplyStatus>().SelectMany(status => Everywhere(
            $"IPv4 Home Address Reply {status}, IPv4 Default-Router Address, IPv4 DHCP Support Mode",
            new BindingAcknowledgement
            {
                ProxyRegistration = true,
                Options =
                [
                    new IPv4HomeAddressReplyOption { Status = status, PrefixLength = 24, IPv4HomeAddress = "10.1.1.7" },
                    new IPv4DefaultRouterAddressOption { IPv4DefaultRouterAddress = "10.1.1.1" },
                    new IPv4DhcpSupportModeOption { DhcpSupportMode = true },
                ],
            },
            [
                ("mip6.mobility_opt.len", "6|6|2"), ("mip6.ipv4aa.sts", Number(status)), ("mip6.ipv4ha.preflen", "24"),
                ("mip6.ipv4ha.ha", "10.1.1.7"), ("mip6.options.ipv4harep", $"2506{(byte)status:x2}600a010107"), ("mip6.ipv4dra.dra", "10.1.1.1"), ("mip6.ipv4dsm.s_flag", "1"), ("mip6.hlen", "3"),
            ])),
        .. Everywhere(
            "IPv4 DHCP Support Mode, relay",
            new BindingAcknowledgement { ProxyRegistration = true, Options = [new IPv4DhcpSupportModeOption { Reserved = 1 }] },
            [("mip6.ipv4dsm.s_flag", "0"), ("mip6.ipv4dsm.reserved", "1")]),
        .. Enum.GetValues<AccessTechnologyType>().Zip(Enum.GetValues<HandoffIndicator>().Concat(Enum.GetValues<HandoffIndicator>())).SelectMany(both => Everywhere(
            $"{both.First}, {both.Second}",
            new BindingUpdate
            {
                ProxyRegistration = true,
                Options = [new AccessTechnologyTypeOption { AccessTechnologyType = both.First }, new HandoffIndicatorOption { Indicator = both.Second }],
            },
            [("mip6.att", Number(both.First)), ("mip6.hi", Number(both.Second)), ("mip6.hlen", "2")])),
    ];

    /// <summary>From octet 12: 8 (18 octets), 1 (padding to 36), 22 (20), 23 (4), 24 (4), 1, 27 (10 from 66), 1, 3 (18 from 78): 96 in all.</summary>
    private static MobilityOption[] AllOptions =>
    [
        MobileNodeIdentifierOption.Create("mn7@example.com"),
        new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/56" },
        new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways },
        new AccessTechnologyTypeOption { AccessTechnologyType = AccessTechnologyType.WirelessLan },
        new TimestampOption { Timestamp = 0x0000_6774_8580_8000 },
        new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" },
    ];

    private static (string Field, string Value)[] AllOptionsExpected =>
    [
        ("mip6.mobility_opt.len", "16|4|18|2|2|0|8|0|16"), ("mip6.padn", "00000000"),
        ("mip6.mnid.subtype", "1"), ("mip6.mnid.identifier", "mn7@example.com"),
        ("mip6.nemo.mnp.pfl", "56"), ("mip6.nemo.mnp.mnp", "2001:db8:100:7::"),
        ("mip6.options.hi", "17020003"), ("mip6.hi", "3"), ("mip6.options.att", "18020004"), ("mip6.att", "4"),
        ("mip6.acoa.acoa", "2001:db8:2::c"), ("mip6.timestamp_tmp", "~2025 00:00:00.5"),
    ];
}
