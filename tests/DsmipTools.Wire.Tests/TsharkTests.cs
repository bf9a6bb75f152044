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
public partial class TsharkTests
{
    private const ushort CustomMobileIPv4Port = 4340;
    private const ushort CustomProxyPort = 15436;

    /// <summary>A packet, its capture comment, and what tshark has to say about it; several occurrences of a field are joined by a bar; ~ means that the text is contained.</summary>
    private sealed record Case(string Name, byte[] Packet, Dictionary<string, string> Expected)
    {
        public LinkType LinkType { get; init; } = LinkType.Raw;
    }

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
    [Trait("Rfc", "5213-8.1-01")]
    [Trait("Rfc", "5213-8.2-01")]
    [Trait("Rfc", "5213-8.3-01")]
    [Trait("Rfc", "5213-8.4-01")]
    [Trait("Rfc", "5213-8.5-01")]
    [Trait("Rfc", "5213-8.6-01")]
    [Trait("Rfc", "5213-8.7-01")]
    [Trait("Rfc", "5213-8.8-01")]
    [Trait("Rfc", "5844-3.3.1-01")]
    [Trait("Rfc", "5844-3.3.2-01")]
    [Trait("Rfc", "5844-3.3.2-02")]
    [Trait("Rfc", "5844-3.3.3-01")]
    [Trait("Rfc", "5844-3.3.4-01")]
    [Trait("Rfc", "5847-3.3-01")]
    [Trait("Rfc", "5847-3.3-03")]
    [Trait("Rfc", "5847-3.4-01")]
    [Trait("Rfc", "5845-6.1-01")]
    [Trait("Rfc", "5845-6.2-01")]
    [Trait("Rfc", "5845-6.3-01")]
    [Trait("Rfc", "5845-7.1-03")]
    public void Every_packet_is_decoded_to_the_values_that_we_meant()
    {
        Case[] cases =
        [
            .. Requests(), .. Replies(), .. Extensions(), .. Revocations(), .. TunnelDatas(),
            .. Updates(), .. Acknowledgements(), .. Indications(), .. RevocationAcknowledgements(), .. OtherMobilityMessages(), .. MobilityOptions(),
            .. Headers(), .. Icmp(),
            .. Links(),
        ];
        Assert.InRange(cases.Length, 200, 2000);
        var fields = cases.SelectMany(each => each.Expected.Keys).Distinct().ToArray();
        using var file = new TemporaryFile(Capture(cases));
        var output = ExternalTool.Run(
            "tshark",
            [
                "-r", file.Path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                "-d", $"udp.port=={CustomMobileIPv4Port},mip", "-d", $"udp.port=={CustomProxyPort},mipv6", "-d", $"udp.port=={Envelope.DualStackMobileIPv6Port},ip",
                
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
            var interfaces = new Dictionary<LinkType, int>();
            foreach (var each in cases)
            {
                if (!interfaces.TryGetValue(each.LinkType, out var id))
                {
                    interfaces.Add(each.LinkType, id = writer.AddInterface("judged", each.LinkType));
                }

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
