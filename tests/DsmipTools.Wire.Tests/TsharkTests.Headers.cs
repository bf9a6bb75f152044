using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>IP headers, extension headers and encapsulations.</content>
public partial class TsharkTests
{
    /// <summary>What tshark says of each stack of the samples; inner fields follow the outer ones behind a bar.</summary>
    private static readonly Dictionary<string, (string Field, string Value)[]> HeadersExpected = new()
    {
        ["IPv4 options"] = [("ip.hdr_len", "28"), ("ip.opt.type", "1|148|0"), ("ip.opt.len", "4"), ("ip.opt.ra", "0"), ("ip.id", "4660"), ("ip.checksum.status", "1")],
        ["IPv6 UDP"] = [("ipv6.tclass", "185"), ("ipv6.flow", "703710"), ("ipv6.plen", "16"), ("ipv6.hlim", "64"), ("udp.checksum.status", "1")],
        ["hop-by-hop options"] =
        [
            ("ipv6.hopopts.nxt", "17"), ("ipv6.hopopts.len", "1"), ("ipv6.opt.type", "5|62|0"), ("ipv6.opt.router_alert", "4660"), ("udp.checksum.status", "1"),
        ],
        ["home address"] = [("ipv6.dstopts.nxt", "135"), ("ipv6.opt.mipv6.home_address", "2001:db8:7::7"), ("ipv6.opt.type", "1|201"), ("mip6.bu.seqnr", "4660")],
        ["type 2 routing"] =
        [
            ("ipv6.routing.type", "2"), ("ipv6.routing.len", "2"), ("ipv6.routing.segleft", "1"), ("ipv6.routing.mipv6.home_address", "2001:db8:7::7"),
            ("ipv6.routing.mipv6.reserved", "11223344"), ("mip6.bu.seqnr", "4660"),
        ],
        ["routing and home address"] = [("ipv6.routing.mipv6.home_address", "2001:db8:7::7"), ("ipv6.opt.mipv6.home_address", "2001:db8:7::8"), ("mip6.mhtype", "5")],
        ["other routing"] = [("ipv6.routing.type", "253"), ("ipv6.routing.len", "1"), ("ipv6.routing.segleft", "1")],
        ["atomic fragment"] =
        [
            ("ipv6.fraghdr.ident", "16909060"), ("ipv6.fraghdr.reserved_octet", "5"), ("ipv6.fraghdr.reserved_bits", "2"), ("ipv6.fraghdr.more", "0"),
            ("ipv6.fraghdr.offset", "0"), ("udp.checksum.status", "1"),
        ],
        ["IPv4 in IPv4"] =
        [
            ("ip.proto", "4|17"), ("ip.ttl", "64|7"), ("ip.dsfield.dscp", "0|46"), ("ip.dsfield.ecn", "0|1"), ("ip.flags.df", "0|1"), ("ip.checksum.status", "1|1"),
            ("ip.dst", "192.0.2.1|203.0.113.9"), ("udp.checksum.status", "1"),
        ],
        ["IPv6 in IPv4"] = [("ip.proto", "41"), ("ipv6.src", "2001:db8:7:1::7"), ("ipv6.hlim", "3"), ("udp.checksum.status", "1")],
        ["IPv6 in IPv6"] = [("ipv6.opt.tel", "4"), ("ipv6.dst", "2001:db8:2::b|2001:db8:9::9"), ("ipv6.plen", "64|16"), ("udp.checksum.status", "1")],
        ["IPv4 in IPv6"] = [("ipv6.nxt", "4"), ("ip.src", "10.1.1.7"), ("udp.checksum.status", "1")],
        ["IPv6 in IPv4 in IPv4"] = [("ip.proto", "4|41"), ("ipv6.dst", "2001:db8:9::9"), ("udp.checksum.status", "1")],
        ["GRE"] = [("ip.proto", "47|17"), ("gre.proto", "2048"), ("gre.flags.checksum", "0"), ("gre.flags.key", "0"), ("ip.len", "60|36")],
        ["GRE with all fields"] =
        [
            ("gre.proto", "34525"), ("gre.flags.checksum", "1"), ("gre.flags.key", "1"), ("gre.flags.sequence_number", "1"), ("gre.checksum.status", "1"),
            ("gre.key", "3405643777"), ("gre.sequence_number", "77"), ("ipv6.dst", "2001:db8:9::9"), ("udp.checksum.status", "1"),
        ],
        ["GRE over IPv6"] = [("ipv6.nxt", "47"), ("gre.key", "1"), ("gre.proto", "2048"), ("ip.dst", "203.0.113.9")],
        ["GRE with another payload"] = [("gre.proto", "39321"), ("ip.len", "32")],
        ["minimal encapsulation"] = [("ip.proto", "55"), ("ip.len", "44")],
        ["minimal encapsulation with source"] = [("ip.proto", "55"), ("ip.len", "48")],
        ["UDP 4191"] = [("udp.port", "40000|4191"), ("ipv6.src", "2001:db8:7:1::7"), ("mip6.mhtype", "5"), ("mip6.bu.seqnr", "4660"), ("udp.checksum.status", "1")],
        ["UDP 4191 with IPv4"] = [("udp.port", "40000|4191|7001|7002"), ("ip.dst", "192.0.2.1|203.0.113.9"), ("udp.checksum.status", "1|1")],
        ["ESP"] = [("esp.spi", "16909060"), ("esp.sequence", "9")],
    };

    private static IEnumerable<Case> Headers() => HeadersExpected.Select(each => new Case(
        each.Key,
        PacketComposer.Compose(Samples.HeaderStacks.Single(stack => stack.Name == each.Key).Layers).ToArray(),
        each.Value.Append(("_ws.malformed", "")).ToDictionary()));
}
