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
