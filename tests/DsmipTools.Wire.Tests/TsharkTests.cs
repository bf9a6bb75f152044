using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>
/// tshark as the judge: one start decodes a capture with every packet kind, and each field has to be what we meant. Expected values
/// stand here as text, written from the RFCs, and never come from our own decoder.
/// </summary>
public class TsharkTests
{
    private const ushort CustomMobileIPv4Port = 4340;
    private const ushort CustomProxyPort = 15436;

    /// <summary>A packet, its capture comment, and what tshark has to say about it; several occurrences of a field are joined by a bar; ~ means that the text is contained.</summary>
    private sealed record Case(string Name, byte[] Packet, Dictionary<string, string> Expected);

    [Fact]
    [Trait("Rfc", "5454-2.1-01")]
    [Trait("Rfc", "5454-2.2-01")]
    [Trait("Rfc", "5454-2.3-01")]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.1-02")]
    [Trait("Rfc", "5846-5.1-11")]
    [Trait("Rfc", "5846-5.2-01")]
    public void Every_packet_is_decoded_to_the_values_that_we_meant()
    {
        Case[] cases = [.. Requests(), .. Replies(), .. Updates(), .. Acknowledgements(), .. Indications(), .. RevocationAcknowledgements()];
        Assert.InRange(cases.Length, 150, 400);
        var fields = cases.SelectMany(each => each.Expected.Keys).Distinct().ToArray();
        using var file = new TemporaryFile(Capture(cases));
        var output = ExternalTool.Run(
            "tshark",
            [
                "-r", file.Path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                "-d", $"udp.port=={CustomMobileIPv4Port},mip", "-d", $"udp.port=={CustomProxyPort},mipv6",
                "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|",
                .. fields.SelectMany(field => new[] { "-e", field }),
            ]);

        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(cases.Length, lines.Length);
        var wrong = new List<string>();
        for (var at = 0; at < cases.Length; at++)
        {
            var values = lines[at].Split('\t');
            Assert.Equal(fields.Length, values.Length);
            wrong.AddRange(cases[at].Expected
                .Select(expected => (expected.Key, Meant: expected.Value, Is: Plain(values[Array.IndexOf(fields, expected.Key)])))
                .Where(each => each.Meant.StartsWith('~') ? !each.Is.Contains(each.Meant[1..], StringComparison.Ordinal) : each.Meant != each.Is)
                .Select(each => $"{cases[at].Name}: {each.Key} is '{each.Is}', but we meant '{each.Meant}'"));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static IEnumerable<Case> Requests()
    {
        var flags = new (string Field, string Letter, RegistrationRequest Message)[]
        {
            ("mip.s", "S", new() { SimultaneousBindings = true }),
            ("mip.b", "B", new() { BroadcastDatagrams = true }),
            ("mip.d", "D", new() { DecapsulationByMobileNode = true }),
            ("mip.m", "M", new() { MinimalEncapsulation = true }),
            ("mip.g", "G", new() { GreEncapsulation = true }),
            ("mip.v", "r", new() { ReservedR = true }),
            ("mip.t", "T", new() { ReverseTunneling = true }),
            ("mip.x", "x", new() { ReservedX = true }),
        };
        foreach (var (field, letter, message) in flags)
        {
            yield return MobileIPv4($"RRQ {letter}", message with
            {
                Lifetime = 1800,
                Identification = (2_208_988_800UL + 1_735_689_600UL) << 32 | 0x8000_0000, // NTP: seconds since 1900, and half a second.
                HomeAddress = "10.1.1.7",
                HomeAgent = "192.0.2.1",
                CareOfAddress = "198.51.100.7",
                Extensions =
                [
                    MobileNodeNaiExtension.Create("mn7@example.com"),
                    new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" },
                    new IPv6TunnelingModeExtension(),
                    new MobileHomeAuthenticationExtension { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("00112233445566778899aabbccddeeff") },
                ],
            },
            [
                ("mip.type", "1"), ("mip.life", "1800"), ("mip.ident", "~2025 00:00:00.5"), ("mip.homeaddr", "10.1.1.7"), ("mip.haaddr", "192.0.2.1"), ("mip.coa", "198.51.100.7"),
                .. flags.Select(flag => (flag.Field, flag.Field == field ? "1" : "0")),
                ("mip.ext.type", "131|152|152|32"), ("mip.ext.len", "15|18|2|20"), ("mip.nai", "mn7@example.com"),
                ("mip.auth.spi", "16909060"), ("mip.auth.auth", "00112233445566778899aabbccddeeff"),
                ("mip.extension", "014020010db8000700010000000000000000|0300"),
            ]);
        }
    }

    private static IEnumerable<Case> Replies()
    {
        foreach (var code in Enum.GetValues<RegistrationCode>())
        {
            yield return MobileIPv4($"RRP {code}", new RegistrationReply
            {
                Code = code,
                Lifetime = 600,
                HomeAddress = "10.1.1.7",
                HomeAgent = "192.0.2.1",
                Extensions =
                [
                    new IPv6PrefixReplyExtension { Code = PrefixReplyCode.RejectedProhibited, Prefix = "fe80::1/255" },
                    new MobileHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("ffeeddcc") },
                ],
            },
            [
                ("mip.type", "3"), ("mip.code", Number(code)), ("mip.life", "600"), ("mip.homeaddr", "10.1.1.7"), ("mip.haaddr", "192.0.2.1"),
                ("mip.ext.type", "152|32"), ("mip.ext.len", "20|8"), ("mip.extension", "0209ff00fe800000000000000000000000000001"),
                ("mip.auth.spi", "256"), ("mip.auth.auth", "ffeeddcc"),
            ]);
        }
    }

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

    private static Case MobileIPv4(string name, MobileIPv4Message message, IEnumerable<(string Field, string Value)> expected)
    {
        // Requests go to the port of the RFC, replies come from a port of our own, which -d tells tshark.
        var port = message is RegistrationRequest ? MobileIPv4Message.Port : CustomMobileIPv4Port;
        var envelope = Samples.MobileIPv4 with { Destination = new Endpoint("192.0.2.1", port) };
        return new Case(name, Samples.Packet(message is RegistrationRequest ? envelope : envelope.Reversed, message.ToOctets().Span), new(
        [
            .. expected.Select(each => KeyValuePair.Create(each.Field, each.Value)),
            new("_ws.malformed", ""),
            new("ip.checksum.status", "1"),
            new("udp.checksum.status", "1"),
            new("ip.src", message is RegistrationRequest ? "198.51.100.7" : "192.0.2.1"),
            new("udp.port", message is RegistrationRequest ? "4434|434" : "4340|4434"),
        ]));
    }

    /// <summary>A mobility header behind IPv6, in UDP to the port of RFC 5844, and in UDP to another.</summary>
    private static IEnumerable<Case> Everywhere(string name, MobilityMessage message, (string Field, string Value)[] expected)
    {
        Dictionary<string, string> With(params (string Field, string Value)[] more) =>
            expected.Concat(more).Concat([("mip6.proto", "59"), ("_ws.malformed", "")]).ToDictionary(each => each.Item1, each => each.Item2);
        var octets = message.ToOctets();
        var custom = Samples.OverUdp with { Destination = new Endpoint("203.0.113.11", CustomProxyPort) };
        yield return new Case($"{name}, native", Samples.Packet(Samples.Native, octets.Span), With(
            ("ipv6.src", "2001:db8:1::a"), ("ipv6.dst", "2001:db8:2::b"), ("ipv6.nxt", "135")));
        yield return new Case($"{name}, UDP", Samples.Packet(Samples.OverUdp, octets.Span), With(
            ("mip6.csum", "0"), ("udp.port", "5436|5436"), ("udp.checksum.status", "1"), ("ip.checksum.status", "1")));
        yield return new Case($"{name}, UDP {CustomProxyPort}", Samples.Packet(custom.Reversed, octets.Span), With(
            ("mip6.csum", "0"), ("udp.port", "15436|5436"), ("udp.checksum.status", "1"), ("ip.dst", "203.0.113.10")));
    }

    private static byte[] Capture(Case[] cases)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            var id = writer.AddInterface("judged");
            foreach (var each in cases)
            {
                writer.Write(id, DateTimeOffset.UnixEpoch.AddDays(20000), each.Packet, each.Name);
            }
        }

        return stream.ToArray();
    }

    private static string Number<TEnum>(TEnum value)
        where TEnum : Enum => Convert.ToInt32(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers in decimal and flags as 1 and 0, whatever the version of tshark prints.</summary>
    private static string Plain(string values) => string.Join('|', values.Split('|').Select(value => value switch
    {
        "True" => "1",
        "False" => "0",
        _ when value.StartsWith("0x", StringComparison.Ordinal) =>
            ulong.Parse(value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => value,
    }));
}
