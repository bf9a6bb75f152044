using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>Headers of link layers, in a pcapng file with an interface of each link type.</content>
public partial class TsharkTests
{
    private static IEnumerable<Case> Links()
    {
        var frames = Samples.LinkFrames;
        yield return Link("Ethernet", frames[0], ("eth.dst", "02:00:00:00:00:0b"), ("eth.src", "02:00:00:00:00:0a"), ("eth.type", "34525"));
        yield return Link(
            "802.1ad and 802.1Q", frames[1],
            ("eth.type", "34984"), ("ieee8021ad.priority", "0"), ("ieee8021ad.dei", "0"), ("ieee8021ad.id", "0"), ("vlan.priority", "5"), ("vlan.dei", "1"),
            ("vlan.id", "2748"), ("vlan.etype", "34525"));
        yield return Link(
            "802.1Q", (LinkType.Ethernet, Samples.Behind(new EthernetHeader { EtherType = EtherType.CustomerVlanTag }, Samples.LinkHeaders[1])),
            ("eth.type", "33024"), ("vlan.priority", "5"), ("vlan.dei", "1"), ("vlan.id", "2748"), ("vlan.etype", "34525"));
        yield return Link(
            "cooked", frames[2],
            ("sll.pkttype", "4"), ("sll.hatype", "1"), ("sll.halen", "6"), ("sll.src.eth", "02:00:00:00:00:0a"), ("sll.etype", "34525"));
        yield return Link(
            "cooked, version 2", frames[3],
            ("sll.pkttype", "2"), ("sll.hatype", "1"), ("sll.halen", "6"), ("sll.ifindex", "7"), ("sll.src.eth", "02:00:00:00:00:0a"), ("sll.etype", "34525"));
        yield return Link("loopback", frames[4], ("null.family", "30"));
        yield return Link("loopback, other byte order", (LinkType.BsdLoopback, Samples.Behind(Samples.Loopback(28, bigEndian: true))), ("null.family", "28"));
        yield return Link("loopback of OpenBSD", frames[5], ("null.family", "24"));
        yield return Link("raw", (LinkType.Raw, Samples.Behind()));
        yield return Link("IPv6", (LinkType.IPv6, Samples.Behind()));
    }

    private static Case Link(string name, (LinkType LinkType, byte[] Octets) frame, params (string Field, string Value)[] expected) => new(name, frame.Octets, new(
    [
        .. expected.Select(each => KeyValuePair.Create(each.Field, each.Value)),
        new("_ws.malformed", ""),
        new("ipv6.src", "2001:db8:1::a"),
        new("mip6.mhtype", "16"),
    ]))
    {
        LinkType = frame.LinkType,
    };
}
