using System.Buffers.Binary;
using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tests.Tunnels;

/// <summary>
/// The programs in the kernel against the pure function: the same packets, the same decisions, the same octets. They run in the kernel on packets of
/// which no interface knows.
/// </summary>
public sealed class KernelProgramTests : IDisposable
{
    private const int Ethernet = 14;
    private const int Device = 7;
    private const int Uplink = 8;
    private const uint Id = 1;
    private const uint Other = 2;

    private KernelPrograms programs = Load(KernelTunnelEnd.Router);

    /// <summary>What the programs do: what the pure function says, or leave it to user space.</summary>
    public enum Outcome
    {
        Carried,
        Dropped,
        Left,
    }

    public static TheoryData<Encapsulation, bool, bool, bool> Ways()
    {
        var ways = new TheoryData<Encapsulation, bool, bool, bool>();
        foreach (var encapsulation in Enum.GetValues<Encapsulation>())
        {
            foreach (var (outer, inner) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                if (KernelTunnel.WhyNot(Ends(encapsulation, outer)) is null)
                {
                    ways.Add(encapsulation, outer, inner, false);
                    if (encapsulation == Encapsulation.Gre)
                    {
                        ways.Add(encapsulation, outer, inner, true);
                    }
                }
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_the_host_sends(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, bool hasKey)
    {
        var table = Table(encapsulation, outerIPv4, hasKey);
        Address near = innerIPv4 ? "10.7.1.1" : "2001:db8:7:1::1", far = innerIPv4 ? "10.7.2.1" : "2001:db8:7:2::1";
        Address nobody = innerIPv4 ? "10.9.0.1" : "2001:db8:9::1";

        Compare("honest", Outcome.Carried, Packet(near, far));
        for (byte trafficClass = 0; trafficClass < 255; trafficClass += 3)
        {
            Compare($"traffic class {trafficClass}", Outcome.Carried, Packet(near, far, trafficClass: trafficClass));
        }

        foreach (byte hops in new byte[] { 0, 1, 2, 255 })
        {
            Compare($"{hops} hops, which the host takes", Outcome.Carried, Packet(near, far, hopLimit: hops));
        }

        var headers = (innerIPv4 ? 20 : 40) + 8;
        Compare("empty", Outcome.Carried, Packet(near, far, payload: 0));
        Compare("as long as may be", Outcome.Carried, Packet(near, far, payload: 1280 - headers));
        Compare("too big", Outcome.Left, Packet(near, far, payload: 1281 - headers));
        Compare("to the longer prefix of another tunnel", Outcome.Carried, Packet(near, innerIPv4 ? "10.7.2.200" : "2001:db8:7:2:ff::1"));
        Compare("to nobody", Outcome.Left, Packet(near, nobody));
        Compare("from nobody", Outcome.Carried, Packet(nobody, far));
        foreach (Address source in innerIPv4 ? ["127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"] : new Address[] { "fe80::1", "ff02::1", "febf::1" })
        {
            Compare($"from {source}", Outcome.Dropped, Packet(source, far));
        }

        foreach (Address source in innerIPv4 ? [] : new Address[] { "::1", "::", "::2", "::10.7.1.1", "::ffff:10.7.1.1" })
        {
            Compare($"from {source}", Outcome.Left, Packet(source, far));
        }

        foreach (Address source in innerIPv4 ? ["126.0.0.1", "128.0.0.1", "223.0.0.1", "240.0.0.1", "169.254.0.1"] : new Address[] { "::1:0:0:2", "fec0::1", "fe7f::1", "100::1" })
        {
            Compare($"from {source}", Outcome.Carried, Packet(source, far));
        }

        Compare("with octets behind its end", Outcome.Left, [.. Packet(near, far), 0, 0]);
        Compare("shorter than it says", Outcome.Left, Packet(near, far)[..^1]);
        if (innerIPv4)
        {
            Compare("not to be fragmented", Outcome.Carried, Packet(near, far, dontFragment: true));
            Compare("with a wrong checksum", Outcome.Left, Changed(Packet(near, far), 10, 0x55));
            Compare("a fragment", Outcome.Carried, Fragment(Packet(near, far), 0x2000));
        }

        // What goes to the other end of its own tunnel.
        if (outerIPv4 == innerIPv4)
        {
            var route = new Route(outerIPv4 ? "192.0.2.2" : "2001:db8::2", table.Routes[0].Tunnel) { SendKey = table.Routes[0].SendKey };
            table.Add(route);
            programs.Add(Kernel(route));
            Compare("to the end of the tunnel", Outcome.Dropped, Packet(near, outerIPv4 ? "192.0.2.2" : "2001:db8::2"));
        }

        void Compare(string what, Outcome expected, byte[] packet) => this.Compare(what, expected, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_comes_from_the_network(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, bool hasKey)
    {
        var table = Table(encapsulation, outerIPv4, hasKey);
        Address near = innerIPv4 ? "10.7.1.1" : "2001:db8:7:1::1", far = innerIPv4 ? "10.7.2.1" : "2001:db8:7:2::1";
        var there = Reversed(Ends(encapsulation, outerIPv4));
        uint? key = hasKey ? 7u : null;

        Compare("honest", Outcome.Carried, In(Packet(far, near)));
        Compare("empty", Outcome.Carried, In(Packet(far, near, payload: 0)));
        Compare("as long as the device takes", Outcome.Carried, In(Packet(far, near, payload: 1480 - 48)));
        for (var outer = 0; outer < 4; outer++)
        {
            for (var inner = 0; inner < 4; inner++)
            {
                var frame = In(Packet(far, near, trafficClass: (byte)(0xB8 | inner)));
                SetCongestion(frame, (byte)outer);
                Compare($"ECN {outer} outside, {inner} inside", outer == 3 && inner == 0 ? Outcome.Dropped : Outcome.Carried, frame);
            }
        }

        foreach (Address source in innerIPv4
            ? ["10.9.0.1", "10.7.1.1", "10.7.2.200", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"]
            : new Address[] { "2001:db8:9::1", "2001:db8:7:1::1", "2001:db8:7:2:ff::1", "::fffe:0:1", "1::ffff:10.7.2.1" })
        {
            Compare($"from {source}", Outcome.Dropped, In(Packet(source, near)));
        }

        foreach (Address source in innerIPv4 ? [] : new Address[] { "::1", "::", "::10.7.2.1", "::ffff:10.7.2.1", "fe80::1", "ff02::1" })
        {
            Compare($"from {source}", Outcome.Left, In(Packet(source, near)));
        }

        foreach (Address destination in innerIPv4 ? ["224.0.0.1", "0.0.0.0", "255.255.255.255"] : new Address[] { "fe80::1", "ff02::1", "::" })
        {
            Compare($"to {destination}", innerIPv4 ? Outcome.Dropped : Outcome.Left, In(Packet(far, destination)));
        }

        Compare("to a loopback address, which the host refuses", Outcome.Carried, In(Packet(far, innerIPv4 ? "127.0.0.1" : "::1")));
        foreach (byte hops in new byte[] { 0, 1, 255 })
        {
            Compare($"{hops} hops, which the host takes", Outcome.Carried, In(Packet(far, near, hopLimit: hops)));
        }

        var stranger = new TunnelEnds(there.Encapsulation, there.Local with { Address = outerIPv4 ? "192.0.2.99" : "2001:db8::99" }, there.Remote);
        Compare("from a stranger", Outcome.Left, In(Packet(far, near), stranger));
        Compare("in another encapsulation", Outcome.Left, In(
            Packet(far, near), there with { Encapsulation = encapsulation == Encapsulation.Gre ? Encapsulation.IpInIp : Encapsulation.Gre }, noKey: true));
        Compare("padded by the link", Outcome.Carried, [.. In(Packet(far, near)), 0, 0, 0]);
        for (var octets = 1; octets < 24; octets += 3)
        {
            Compare($"{octets} octets too short", Outcome.Left, In(Packet(far, near))[..^octets]);
        }

        // The inner packet ends before the outer one, or after it.
        Compare("with octets behind the packet inside", Outcome.Left, In([.. Packet(far, near), 0, 0]));
        Compare("with a packet inside that is cut off", Outcome.Left, In(Packet(far, near)[..^2]));
        Compare("with nothing inside", Outcome.Left, In([0x60]));
        if (outerIPv4)
        {
            Compare("the first fragment", Outcome.Left, Fragment(In(Packet(far, near)), 0x2000));
            Compare("a later fragment", Outcome.Left, Fragment(In(Packet(far, near)), 0x00B9));
            Compare("not to be fragmented", Outcome.Carried, Fragment(In(Packet(far, near)), 0x4000));
            Compare("with a wrong checksum", Outcome.Left, Changed(In(Packet(far, near)), 10, 0x55));
        }

        if (innerIPv4)
        {
            Compare("with a wrong checksum inside", Outcome.Left, In(Changed(Packet(far, near), 10, 0x55)));
            Compare("a fragment inside", Outcome.Carried, In(Fragment(Packet(far, near), 0x2000)));
        }

        if (encapsulation == Encapsulation.Gre)
        {
            Compare("with another key", Outcome.Dropped, In(Packet(far, near), there, sent: 8));
            Compare(hasKey ? "without the key" : "with a key of 0", Outcome.Dropped, In(Packet(far, near), there, sent: hasKey ? null : 0u, noKey: hasKey));
        }

        if (encapsulation == Encapsulation.Udp)
        {
            Compare("from another port", Outcome.Left, In(Packet(far, near), there with { Local = there.Local with { Port = 9 } }));
            var withChecksum = In(Packet(far, near));
            BinaryPrimitives.WriteUInt16BigEndian(withChecksum.AsSpan(26), 0x1234);
            Compare("with a wrong UDP checksum", Outcome.Left, withChecksum);
            Compare("two in one datagram", Outcome.Left, In([.. Packet(far, near), .. Packet(far, near)]));
        }

        byte[] In(byte[] packet, TunnelEnds? ends = null, uint? sent = null, bool noKey = false) => Tunneled(packet, ends ?? there, noKey ? null : sent ?? key);

        void Compare(string what, Outcome expected, byte[] packet) => this.Compare(what, expected, packet, Forwarder.FromNetwork(packet, table), programs.Decapsulation);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void At_the_home_end(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, bool hasKey)
    {
        programs.Dispose();
        programs = Load(KernelTunnelEnd.Home);
        var table = Table(encapsulation, outerIPv4, hasKey, TunnelEnd.Home);
        Address node = innerIPv4 ? "10.7.2.1" : "2001:db8:7:2::1", other = innerIPv4 ? "10.7.2.200" : "2001:db8:7:2:ff::1", correspondent = innerIPv4 ? "198.51.100.9" : "2001:db8:c::1";
        Compare("to a mobile node", Outcome.Carried, Packet(correspondent, node, hopLimit: 1));
        Compare("to a mobile node, with the source of another", Outcome.Dropped, Packet(other, node));
        Compare("to a mobile node, with its own source", Outcome.Dropped, Packet(node, node));
        Compare("from an address of no host", Outcome.Dropped, Packet(innerIPv4 ? "127.0.0.1" : "fe80::1", node));
        Compare("to nobody", Outcome.Left, Packet(node, correspondent));
        Compare("too big", Outcome.Left, Packet(correspondent, node, payload: 1300));

        CompareIn("from a mobile node", Outcome.Carried, Packet(node, correspondent, hopLimit: 1));
        CompareIn("from a mobile node of another gateway", Outcome.Dropped, Packet(other, correspondent));
        CompareIn("from somebody else", Outcome.Dropped, Packet(correspondent, correspondent));
        CompareIn("from one mobile node to another", Outcome.Left, Packet(node, other));
        CompareIn("to many", Outcome.Dropped, Packet(node, innerIPv4 ? "224.0.0.1" : "ff0e::1"));
        if (outerIPv4 == innerIPv4)
        {
            CompareIn("to the anchor", Outcome.Carried, Packet(node, outerIPv4 ? "192.0.2.1" : "2001:db8::1"));
        }

        void Compare(string what, Outcome expected, byte[] packet) => this.Compare(what, expected, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);

        void CompareIn(string what, Outcome expected, byte[] packet)
        {
            var tunneled = Tunneled(packet, Reversed(Ends(encapsulation, outerIPv4)), hasKey ? 7u : null);
            this.Compare(what, expected, tunneled, Forwarder.FromNetwork(tunneled, table), programs.Decapsulation);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void At_the_access_end(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, bool hasKey)
    {
        programs.Dispose();
        programs = Load(KernelTunnelEnd.Access);
        var table = Table(encapsulation, outerIPv4, hasKey, TunnelEnd.Access, link: 5);
        Address node = innerIPv4 ? "10.7.2.1" : "2001:db8:7:2::1", local = innerIPv4 ? "10.7.2.200" : "2001:db8:7:2:ff::1", correspondent = innerIPv4 ? "198.51.100.9" : "2001:db8:c::1";
        Compare("from a mobile node", Outcome.Carried, Packet(node, correspondent, hopLimit: 1));
        Compare("from a mobile node to another, through the tunnel", Outcome.Carried, Packet(node, local));
        Compare("from one that may stay, to elsewhere", Outcome.Carried, Packet(local, correspondent));
        Compare("from one that may stay to another that may", Outcome.Left, Packet(local, innerIPv4 ? "10.7.2.201" : "2001:db8:7:2:ff::2"));
        Compare("from nobody", Outcome.Left, Packet(correspondent, node));
        Compare("to many", Outcome.Dropped, Packet(node, innerIPv4 ? "224.0.0.1" : "ff0e::1"));
        Compare("to a link-local address", innerIPv4 ? Outcome.Carried : Outcome.Dropped, Packet(node, innerIPv4 ? "169.254.1.1" : "fe80::1"));
        Compare("too big", Outcome.Left, Packet(node, correspondent, payload: 1300));
        if (outerIPv4 == innerIPv4)
        {
            Compare("to the anchor", Outcome.Left, Packet(node, outerIPv4 ? "192.0.2.2" : "2001:db8::2"));
        }

        CompareIn("to a mobile node", Outcome.Carried, Packet(correspondent, node, hopLimit: 1));
        CompareIn("to a mobile node of another tunnel", Outcome.Dropped, Packet(correspondent, local));
        CompareIn("to nobody here", Outcome.Dropped, Packet(correspondent, innerIPv4 ? "10.9.9.9" : "2001:db8:9::1"));
        CompareIn("to many", Outcome.Dropped, Packet(correspondent, innerIPv4 ? "224.0.0.1" : "ff0e::1"));
        if (encapsulation == Encapsulation.Gre)
        {
            CompareIn("with another key", Outcome.Dropped, Packet(correspondent, node), 9);
        }

        void Compare(string what, Outcome expected, byte[] packet) => this.Compare(what, expected, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);

        void CompareIn(string what, Outcome expected, byte[] packet, uint? key = null)
        {
            var tunneled = Tunneled(packet, Reversed(Ends(encapsulation, outerIPv4)), key ?? (hasKey ? 7u : null));
            this.Compare(what, expected, tunneled, Forwarder.FromNetwork(tunneled, table), programs.Decapsulation);
        }
    }

    [Fact]
    public void Without_an_interface_to_the_other_end_user_space_sends_and_programs_receive()
    {
        var table = Table(Encapsulation.IpInIp, true, false);
        programs.SetUplink(Kernel(table.Routes[0].Tunnel), 0, 0);
        var packet = Packet("10.7.1.1", "10.7.2.1");
        Compare("out", Outcome.Left, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);
        var tunneled = Tunneled(Packet("10.7.2.1", "10.7.1.1"), Reversed(Ends(Encapsulation.IpInIp, true)), null);
        Compare("in", Outcome.Carried, tunneled, Forwarder.FromNetwork(tunneled, table), programs.Decapsulation);

        programs.SetUplink(Kernel(table.Routes[0].Tunnel), Uplink, packet.Length + 19);
        Compare("an interface that does not take it", Outcome.Left, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);
        programs.SetUplink(Kernel(table.Routes[0].Tunnel), Uplink, packet.Length + 20);
        Compare("an interface that does", Outcome.Carried, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);
    }

    [Fact]
    public void What_is_removed_is_carried_no_more()
    {
        var table = Table(Encapsulation.IpInIp, true, false);
        var packet = Packet("10.7.1.1", "10.7.2.1");
        foreach (var route in table.Routes)
        {
            table.Remove(route);
            programs.Remove(Kernel(route));
        }

        Compare("no route", Outcome.Left, packet, Forwarder.FromHost(packet, table), programs.Encapsulation);
        programs.Remove(Kernel(new Tunnel(Id, "192.0.2.1", "192.0.2.2") { Mtu = 1280 }));
        var tunneled = Tunneled(Packet("10.7.2.1", "10.7.1.1"), Reversed(Ends(Encapsulation.IpInIp, true)), null);
        table.Remove(new Tunnel(Id, "192.0.2.1", "192.0.2.2"));
        Compare("no tunnel", Outcome.Left, tunneled, Forwarder.FromNetwork(tunneled, table), programs.Decapsulation);
        Assert.Equal(0, programs.Count(Id).PacketsOut);
    }

    [Fact]
    public void Thousands_of_routes_are_found()
    {
        Table(Encapsulation.IpInIp, true, false);
        for (var i = 0; i < 10_000; i++)
        {
            programs.Add(new KernelRoute(Address.FromIPv6(((UInt128)0x20010DB8_01000000 + (uint)i) << 64), 64, Id, null, null));
        }

        var frame = WithEthernet(Packet("2001:db8:7:1::1", Address.FromIPv6((((UInt128)0x20010DB8_01000000 + 9_999) << 64) + 5)));
        Assert.Equal(BpfProgram.Redirected, programs.Encapsulation.Test(ref frame));
    }

    public void Dispose() => programs.Dispose();

    private static KernelPrograms Load(KernelTunnelEnd end)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "programs in the kernel are those of Linux");
        try
        {
            return new KernelPrograms(Device, 1480, end, Ethernet);
        }
        catch (NetException exception) when (exception.Error is NetError.AccessDenied or NetError.NotSupported)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    private void Compare(string what, Outcome expected, byte[] packet, ForwardingDecision decision, BpfProgram program)
    {
        var before = Counts();
        var frame = WithEthernet(packet);
        var result = program.Test(ref frame);
        var (actual, isRight) = result switch
        {
            BpfProgram.Redirected => (Outcome.Carried, decision.Action is ForwardingAction.Encapsulate or ForwardingAction.ToHost),
            BpfProgram.Drop => (Outcome.Dropped, decision.Action == ForwardingAction.Drop),
            _ => (Outcome.Left, true),
        };
        Assert.True(actual == expected && isRight, $"{what}: {actual} by the kernel and not {expected}; the pure function says {decision.Action} {decision.Drop}");
        var after = Counts();
        switch (actual)
        {
            case Outcome.Carried:
                var written = new byte[Forwarder.LengthOf(decision)];
                var isOuterIPv4 = decision.Action == ForwardingAction.Encapsulate && frame[Ethernet] >> 4 == 4;
                Forwarder.Write(packet, decision, isOuterIPv4 ? BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Ethernet + 4)) : (ushort)0, written);
                // Padding stays behind the end of the packet, where the host cuts it off.
                Assert.True(written.AsSpan().SequenceEqual(frame.AsSpan(Ethernet, written.Length)), $"{what}:\n{Convert.ToHexString(written)}\n{Convert.ToHexString(frame.AsSpan(Ethernet))}");
                var id = (decision.Route?.Tunnel ?? decision.From!).Id;
                before[id] = decision.Action == ForwardingAction.Encapsulate
                    ? before[id] with { PacketsOut = before[id].PacketsOut + 1, OctetsOut = before[id].OctetsOut + decision.Length }
                    : before[id] with { PacketsIn = before[id].PacketsIn + 1, OctetsIn = before[id].OctetsIn + decision.Length };
                break;
            case Outcome.Dropped:
                var drops = before[(decision.Route?.Tunnel ?? decision.From)?.Id ?? 0].Drops.ToArray();
                drops[(int)Enum.Parse<KernelDrop>(decision.Drop.ToString())]++;
                before[(decision.Route?.Tunnel ?? decision.From)?.Id ?? 0] = before[(decision.Route?.Tunnel ?? decision.From)?.Id ?? 0] with { Drops = drops };
                break;
            default:
                Assert.True(packet.AsSpan().SequenceEqual(frame.AsSpan(Ethernet)), $"{what}: left as it was");
                break;
        }

        for (var id = 0; id < after.Length; id++)
        {
            Assert.True(before[id].Drops.SequenceEqual(after[id].Drops), $"{what}: drops of {id} are {string.Join(' ', after[id].Drops)}");
            Assert.Equal(before[id] with { Drops = after[id].Drops }, after[id]);
        }
    }

    private KernelCounters[] Counts() => [programs.Count(0), programs.Count(Id), programs.Count(Other)];

    private ForwardingTable Table(Encapsulation encapsulation, bool outerIPv4, bool hasKey, TunnelEnd end = TunnelEnd.Router, long link = 0)
    {
        var table = new ForwardingTable();
        var ends = Ends(encapsulation, outerIPv4);
        foreach (var (id, remote, prefixes) in new (uint, Address, Destination[])[]
        {
            (Id, ends.Remote.Address, ["10.7.2.0/24", "2001:db8:7:2::/64", "10.6.0.0/16"]),
            (Other, outerIPv4 ? "192.0.2.3" : "2001:db8::3", ["10.7.2.128/25", "2001:db8:7:2:ff::/80"]),
        })
        {
            var tunnel = new Tunnel(id, ends.Local.Address, remote)
            {
                Encapsulation = encapsulation, LocalPort = ends.Local.Port, RemotePort = ends.Remote.Port, End = end, Mtu = 1280,
            };
            table.Add(tunnel);
            programs.Add(Kernel(tunnel));
            programs.SetUplink(Kernel(tunnel), Uplink, 1500);
            programs.SetReceives(Kernel(tunnel), true);
            foreach (var prefix in prefixes)
            {
                var route = new Route(prefix, tunnel) { SendKey = hasKey ? 7u : null, ReceiveKey = hasKey ? 7u : null, Link = link, RoutesLocally = link != 0 && id == Other };
                table.Add(route);
                programs.Add(Kernel(route));
            }
        }

        return table;
    }

    private static KernelTunnel Kernel(Tunnel tunnel) => new((uint)tunnel.Id, tunnel.Ends, tunnel.Mtu);

    private static KernelRoute Kernel(Route route) =>
        new(route.Destination.Address, route.Destination.Length, (uint)route.Tunnel.Id, route.SendKey, route.ReceiveKey) { MayStay = route.RoutesLocally };

    private static TunnelEnds Ends(Encapsulation encapsulation, bool outerIPv4)
    {
        Address local = outerIPv4 ? "192.0.2.1" : "2001:db8::1", remote = outerIPv4 ? "192.0.2.2" : "2001:db8::2";
        return encapsulation == Encapsulation.Udp
            ? new TunnelEnds(encapsulation, new Endpoint(local, 5437), new Endpoint(remote, 4191))
            : new TunnelEnds(encapsulation, local, remote);
    }

    private static TunnelEnds Reversed(in TunnelEnds ends) => new(ends.Encapsulation, ends.Remote, ends.Local);

    private static byte[] WithEthernet(byte[] packet)
    {
        var frame = new byte[Ethernet + packet.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(packet[0] >> 4 == 4 ? EtherType.IPv4 : EtherType.IPv6));
        packet.CopyTo(frame, Ethernet);
        return frame;
    }

    private static byte[] Tunneled(byte[] packet, in TunnelEnds ends, uint? key)
    {
        var headers = TunnelFrame.Overhead(ends, key is not null);
        var frame = new byte[headers + packet.Length];
        packet.CopyTo(frame, headers);
        TunnelFrame.Write(ends, key, 1, frame);
        return frame;
    }

    private static byte[] Packet(Address source, Address destination, int payload = 32, byte trafficClass = 0, byte hopLimit = 64, bool dontFragment = false) =>
        PacketComposer.Compose(
            source.IsIPv4
                ? new IPv4Header
                {
                    Source = source, Destination = destination, TimeToLive = hopLimit, DontFragment = dontFragment,
                    DifferentiatedServices = (byte)(trafficClass >> 2), CongestionNotification = (byte)(trafficClass & 3),
                }
                : new IPv6Header { Source = source, Destination = destination, HopLimit = hopLimit, TrafficClass = trafficClass },
            new UdpHeader { SourcePort = 40000, DestinationPort = 7 },
            new Data { Octets = Octets.Create(new byte[payload]) }).ToArray();

    private static byte[] Changed(byte[] packet, int at, byte value)
    {
        packet[at] ^= value;
        return packet;
    }

    private static byte[] Fragment(byte[] packet, ushort field)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), field);
        return Finished(packet);
    }

    private static byte[] Finished(byte[] packet)
    {
        packet[10] = packet[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Finish(InternetChecksum.Sum(packet.AsSpan(0, 20))));
        return packet;
    }

    private static void SetCongestion(byte[] packet, byte value) => IpPacketView.WriteCongestionNotification(packet, value);
}
