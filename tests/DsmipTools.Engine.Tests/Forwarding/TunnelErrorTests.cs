using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>What the source of a packet is told by ICMP, when a tunnel does not take it, and when the way to its other end does not.</summary>
public sealed class TunnelErrorTests
{
    private const string IPv6 = "2001:db8:1::1", FarIPv6 = "2001:db8:2::1", IPv4 = "10.1.0.1", FarIPv4 = "10.2.0.1";

    [Fact]
    [Trait("Rfc", "4213-3.2-02")]
    public void A_packet_that_is_too_big_is_answered_with_the_MTU_of_the_tunnel()
    {
        var table = Table(outerIPv4: true);
        var packet = Datagram.Between(IPv6, FarIPv6, payload: 1300);
        var answer = Answer(packet, Forwarder.FromHost(packet, table), "2001:db8:a::1");
        var told = Assert.IsType<PacketTooBig>(Message(answer));
        Assert.True(Verify(answer));
        Assert.Equal((1280u, 1280), (told.MaximumTransmissionUnit, answer.Length));
        Assert.Equal(packet[..(1280 - 48)], answer[48..]);

        packet = Datagram.Between(IPv4, FarIPv4, payload: 1300, dontFragment: true);
        answer = Answer(packet, Forwarder.FromHost(packet, table), "10.9.0.1");
        var unreachable = Assert.IsType<IcmpV4DestinationUnreachable>(Message(answer));
        Assert.Equal((IcmpV4DestinationUnreachableCode.FragmentationNeeded, (ushort)1280, 576), ((IcmpV4DestinationUnreachableCode)unreachable.Code, unreachable.NextHopMtu, answer.Length));
        Assert.Equal(packet[..(576 - 28)], answer[28..]);
        Assert.True(Verify(answer));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_without_hops_at_an_agent_is_answered_with_time_exceeded(bool isIPv4)
    {
        var table = Table(outerIPv4: true, end: TunnelEnd.Home);
        var packet = isIPv4 ? Datagram.Between("10.3.0.1", FarIPv4, hopLimit: 1) : Datagram.Between("2001:db8:3::1", FarIPv6, hopLimit: 1);
        var answer = Answer(packet, Forwarder.Decide(packet, 0, table), isIPv4 ? "10.9.0.1" : "2001:db8:a::1");
        var structure = Message(answer);
        Assert.True(isIPv4 ? structure is IcmpV4TimeExceeded { Code: 0 } : structure is IcmpV6TimeExceeded { Code: 0 });
        Assert.Equal(packet, answer[(isIPv4 ? 28 : 48)..]);
    }

    [Fact]
    public void Nobody_is_told_about_errors_later_fragments_groups_and_what_may_be_fragmented()
    {
        var table = Table(outerIPv4: true);
        var data = new Data { Octets = Octets.Create(new byte[1400]) };
        Structure v6 = new IPv6Header { Source = IPv6, Destination = FarIPv6 };
        Structure v4 = new IPv4Header { Source = IPv4, Destination = FarIPv4, DontFragment = true };
        Octets[] untold =
        [
            PacketComposer.Compose(v6, new PacketTooBig { Data = data.Octets }),
            PacketComposer.Compose(v6, new DsmipTools.Wire.Ip.ExtensionHeaders.HopByHopOptionsHeader(), new PacketTooBig { Data = data.Octets }),
            PacketComposer.Compose(v4, new IcmpV4TimeExceeded { Data = data.Octets }),
            PacketComposer.Compose(new IPv4Header { Source = IPv4, Destination = FarIPv4 }, data),
            PacketComposer.Compose(new IPv4Header { Source = IPv4, Destination = FarIPv4, DontFragment = true, FragmentOffset = 10 }, data),
        ];
        foreach (var packet in untold)
        {
            var decision = Forwarder.FromHost(packet.Span, table);
            Assert.Equal(ForwardingDrop.TooBig, decision.Drop);
            Assert.False(TunnelError.TryAnswer(packet.Span, decision, out _), packet.ToString());
        }

        foreach (var packet in new[] { PacketComposer.Compose(v6, data), PacketComposer.Compose(v6, new IcmpV6EchoRequest { Data = data.Octets }), PacketComposer.Compose(v4, data) })
        {
            Assert.True(TunnelError.TryAnswer(packet.Span, Forwarder.FromHost(packet.Span, table), out _));
        }
    }

    [Fact]
    public void A_flood_is_not_answered()
    {
        var rate = new ErrorRate();
        var sent = Enumerable.Range(0, 1000).Count(number => rate.TryTake(TimeSpan.FromMilliseconds(number)));
        Assert.InRange(sent, ErrorRate.Burst, ErrorRate.Burst + ErrorRate.PerSecond);
        Assert.True(rate.TryTake(TimeSpan.FromSeconds(2)));
    }

    public static TheoryData<bool, bool, byte, byte, string?> Codes()
    {
        var codes = new TheoryData<bool, bool, byte, byte, string?>();
        foreach (var innerIPv4 in new[] { true, false })
        {
            var (host, net) = innerIPv4 ? ("HostUnreachable", "NetUnreachable") : ("AddressUnreachable", "AddressUnreachable");
            // RFC 2003, 4.1 to 4.5; RFC 4213, 3.4.
            codes.Add(true, innerIPv4, 3, 0, net);
            codes.Add(true, innerIPv4, 3, 1, host);
            codes.Add(true, innerIPv4, 3, 2, host);
            codes.Add(true, innerIPv4, 3, 3, null);
            codes.Add(true, innerIPv4, 3, 5, null);
            codes.Add(true, innerIPv4, 3, 13, host);
            codes.Add(true, innerIPv4, 11, 0, host);
            codes.Add(true, innerIPv4, 12, 0, null);
            // RFC 2473, 8.2 and 8.3.
            codes.Add(false, innerIPv4, 1, 0, host);
            codes.Add(false, innerIPv4, 1, 3, host);
            codes.Add(false, innerIPv4, 1, 4, null);
            codes.Add(false, innerIPv4, 3, 0, host);
            codes.Add(false, innerIPv4, 4, 0, null);
        }

        return codes;
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Rfc", "4213-3.4-03")]
    public void An_error_of_the_path_is_told_to_the_source_of_the_packet_inside(bool outerIPv4, bool innerIPv4, byte type, byte code, string? expected)
    {
        var table = Table(outerIPv4);
        var packet = innerIPv4 ? Datagram.Between(IPv4, FarIPv4) : Datagram.Between(IPv6, FarIPv6);
        var tunneled = Send(packet, table);
        var error = Error(tunneled, type, code);
        var decision = Forwarder.FromNetwork(error, table);
        Assert.Equal((ForwardingAction.Error, 1L), (decision.Action, decision.From!.Id));
        Assert.Null(PathError.ReadMtu(error));
        Assert.Equal(expected is not null, PathError.TryRelay(error, table, out var relayed));
        if (expected is null)
        {
            return;
        }

        var told = Write(relayed, error, innerIPv4 ? "10.9.0.1" : "2001:db8:a::1");
        Assert.True(Verify(told));
        Assert.Equal(expected, Message(told) switch
        {
            IcmpV4DestinationUnreachable four => $"{(IcmpV4DestinationUnreachableCode)four.Code}",
            IcmpV6DestinationUnreachable six => $"{(IcmpV6DestinationUnreachableCode)six.Code}",
            _ => null,
        });
        Assert.Equal(packet, told[(innerIPv4 ? 28 : 48)..]);
        Assert.Equal(innerIPv4 ? IPv4 : IPv6, Read(told).Destination.ToString());
    }

    [Theory]
    [InlineData(Encapsulation.IpInIp, true, true, 1400, 1380)]
    [InlineData(Encapsulation.IpInIp, true, false, 1400, 1380)]
    [InlineData(Encapsulation.IpInIp, false, true, 1400, 1360)]
    [InlineData(Encapsulation.IpInIp, false, false, 1400, 1360)]
    [InlineData(Encapsulation.IpInIp, true, false, 1290, 1280)]
    [InlineData(Encapsulation.IpInIp, true, true, 600, 580)]
    // A router that tells none: the next plateau below the packet (RFC 1191, 7).
    [InlineData(Encapsulation.IpInIp, true, true, 0, 986)]
    [InlineData(Encapsulation.Gre, true, false, 1400, 1376)]
    [InlineData(Encapsulation.UdpMobileIPv4, true, false, 1400, 1368)]
    [InlineData(Encapsulation.Minimal, true, true, 1400, 1388)]
    [Trait("Rfc", "4213-3.2.2-02")]
    public void Too_big_on_the_path_is_told_with_the_MTU_that_is_left(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, int mtu, int expected)
    {
        var path = new PathMtu();
        var table = Table(outerIPv4, encapsulation: encapsulation, path: path, mtu: 1440);
        var packet = innerIPv4 ? Datagram.Between(IPv4, FarIPv4, payload: 1400, dontFragment: true) : Datagram.Between(IPv6, FarIPv6, payload: 1380);
        var tunneled = Send(packet, table);
        Assert.True(!outerIPv4 || Read(tunneled).DontFragment);
        var error = outerIPv4 ? Error(tunneled, 3, 4, (uint)mtu) : Error(tunneled, 2, 0, (uint)mtu);
        Assert.Equal(ForwardingAction.Error, Forwarder.FromNetwork(error, table).Action);
        Assert.True(PathError.TryRelay(error, table, out var relayed));
        Assert.Equal(expected, relayed.Mtu);
        Assert.Equal(packet[..500], Write(relayed, error, innerIPv4 ? "10.9.0.1" : "2001:db8:a::1")[(innerIPv4 ? 28 : 48)..][..500]);

        Assert.True(path.Learn(PathError.ReadMtu(error)!.Value, TimeSpan.Zero));
        Assert.True(table.TryFind(innerIPv4 ? FarIPv4 : FarIPv6, out var route));
        Assert.Equal(expected, route.MtuFor(innerIPv4));
        Assert.Equal(ForwardingDrop.TooBig, Forwarder.FromHost(packet, table).Drop);
    }

    /// <summary>RFC 4213, 3.2.2: an IPv6 packet of 1280 octets always goes in, and then without DF.</summary>
    [Theory]
    [InlineData(1300, true)]
    [InlineData(1299, false)]
    [Trait("Rfc", "4213-3.2.2-03")]
    public void What_the_path_does_not_carry_is_fragmented_outside(int pathMtu, bool dontFragment)
    {
        var path = new PathMtu();
        var table = Table(outerIPv4: true, path: path, mtu: 1480);
        path.Learn(pathMtu, TimeSpan.Zero);
        Assert.Equal(dontFragment, Read(Send(Datagram.Between(IPv6, FarIPv6, payload: 1280 - 48), table)).DontFragment);
        Assert.Equal(ForwardingDrop.TooBig, Forwarder.FromHost(Datagram.Between(IPv6, FarIPv6, payload: 1281 - 48), table).Drop);
    }

    [Fact]
    [Trait("Rfc", "4213-3.2.1-04")]
    public void With_a_static_MTU_DF_is_clear()
    {
        Assert.False(Read(Send(Datagram.Between(IPv6, FarIPv6), Table(outerIPv4: true))).DontFragment);
        Assert.False(Read(Send(Datagram.Between(IPv4, FarIPv4), Table(outerIPv4: true))).DontFragment);
        // RFC 2003, 3.1.
        Assert.True(Read(Send(Datagram.Between(IPv4, FarIPv4, dontFragment: true), Table(outerIPv4: true))).DontFragment);
    }

    [Fact]
    [Trait("Rfc", "4213-3.2.2-01")]
    public void What_was_learnt_is_forgotten_after_ten_minutes_and_never_grows_before()
    {
        var path = new PathMtu();
        Assert.True(path.Learn(1400, TimeSpan.FromMinutes(1)));
        Assert.False(path.Learn(1450, TimeSpan.FromMinutes(2)));
        Assert.False(path.Learn(1400, TimeSpan.FromMinutes(3)));
        Assert.Equal((1400, TimeSpan.FromMinutes(13)), (path.Value, path.Deadline));
        Assert.False(path.Expire(TimeSpan.FromMinutes(12)));
        Assert.True(path.Expire(TimeSpan.FromMinutes(13)));
        Assert.Equal(((int?)null, TimeSpan.MaxValue), (path.Value, path.Deadline));
    }

    [Fact]
    public void Forged_errors_are_dropped()
    {
        var table = Table(outerIPv4: true);
        var tunneled = Send(Datagram.Between(IPv6, FarIPv6), table);
        Assert.Equal(ForwardingAction.Error, Forwarder.FromNetwork(Error(tunneled, 3, 1), table).Action);

        // About a packet of another host, and about one to another.
        foreach (var at in new[] { 15, 19 })
        {
            var other = tunneled.ToArray();
            other[at] ^= 1;
            Assert.Equal(ForwardingDrop.ForeignError, Forwarder.FromNetwork(Error(other, 3, 1, to: "192.0.2.1"), table).Drop);
        }

        var wrong = Error(tunneled, 3, 1);
        wrong[^1] ^= 1;
        Assert.Equal(ForwardingDrop.Malformed, Forwarder.FromNetwork(wrong, table).Drop);

        // Of the tunnel, but with a packet inside that this host would not have sent there.
        var inside = tunneled.ToArray();
        inside[20 + 24] ^= 1;
        Assert.False(PathError.TryRelay(Error(inside, 3, 1), table, out _));

        // RFC 1191 and 8201: what is longer than the packet, or shorter than any link.
        Assert.Null(PathError.ReadMtu(Error(tunneled, 3, 4, (uint)tunneled.Length)));
        Assert.Null(PathError.ReadMtu(Error(tunneled, 3, 4, 67)));
        var six = Send(Datagram.Between(IPv6, FarIPv6, payload: 1200), Table(outerIPv4: false));
        Assert.Null(PathError.ReadMtu(Error(six, 2, 0, 1279)));
        Assert.Equal(1280, PathError.ReadMtu(Error(six, 2, 0, 1280)));
    }

    [Fact]
    public void Errors_of_others_are_not_of_the_tunnels()
    {
        var table = Table(outerIPv4: true);
        Assert.Equal(ForwardingAction.ToAgent, Forwarder.FromNetwork(Error(Datagram.Between("192.0.2.1", "192.0.2.9"), 3, 3), table).Action);
        Assert.Equal(ForwardingAction.ToAgent, Forwarder.FromNetwork(Error([], 3, 3, to: "192.0.2.1"), table).Action);
    }

    [Fact]
    public void Too_little_of_the_packet_is_not_told_but_the_path_MTU_is_known()
    {
        var table = Table(outerIPv4: true);
        var error = Error(Send(Datagram.Between(IPv6, FarIPv6, payload: 1200), table).AsSpan(0, 28).ToArray(), 3, 4, 1000);
        Assert.Equal(ForwardingAction.Error, Forwarder.FromNetwork(error, table).Action);
        Assert.Equal(1000, PathError.ReadMtu(error));
        Assert.False(PathError.TryRelay(error, table, out _));
    }

    [Fact]
    public void No_octets_throw()
    {
        var random = new SeededRandom(9);
        var output = new byte[TunnelError.MaximumLength];
        foreach (var encapsulation in Enum.GetValues<Encapsulation>())
        {
            var table = Table(outerIPv4: true, encapsulation: encapsulation);
            var good = Error(Send(Datagram.Between(IPv4, FarIPv4), table), 3, 1);
            for (var round = 0; round < 20_000; round++)
            {
                var packet = good.AsSpan(0, (int)(random.NextUInt64() % (ulong)(good.Length + 1))).ToArray();
                for (var change = 0; change < 3 && packet.Length > 0; change++)
                {
                    packet[random.NextUInt64() % (ulong)packet.Length] = (byte)random.NextUInt64();
                }

                _ = Forwarder.FromNetwork(packet, table);
                _ = PathError.ReadMtu(packet);
                if (PathError.TryRelay(packet, table, out var error))
                {
                    error.Write(packet, error.Destination.IsIPv4 ? "10.9.0.1" : "2001:db8:a::1", output);
                }
            }
        }
    }

    private static ForwardingTable Table(
        bool outerIPv4, TunnelEnd end = TunnelEnd.Router, Encapsulation encapsulation = Encapsulation.IpInIp, PathMtu? path = null, int mtu = 1280)
    {
        var (local, remote) = outerIPv4 ? ((Address)"192.0.2.1", (Address)"192.0.2.2") : ("2001:db8:a::1", "2001:db8:b::1");
        var port = encapsulation is Encapsulation.Udp or Encapsulation.UdpMobileIPv4 ? (ushort)434 : (ushort)0;
        var table = new ForwardingTable();
        var tunnel = new Tunnel(1, local, remote) { Encapsulation = encapsulation, End = end, Mtu = mtu, Path = path, LocalPort = port, RemotePort = port };
        table.Add(tunnel);
        table.Add(new Route("2001:db8:2::/48", tunnel));
        table.Add(new Route("10.2.0.0/16", tunnel));
        return table;
    }

    private static byte[] Send(byte[] packet, ForwardingTable table)
    {
        var decision = Forwarder.FromHost(packet, table);
        Assert.Equal(ForwardingDrop.None, decision.Drop);
        var written = new byte[Forwarder.LengthOf(decision)];
        Forwarder.Write(packet, decision, 1, written);
        return written;
    }

    private static byte[] Answer(byte[] packet, ForwardingDecision decision, Address source)
    {
        Assert.True(TunnelError.TryAnswer(packet, decision, out var error), decision.ToString());
        return Write(error, packet, source);
    }

    private static byte[] Write(TunnelError error, byte[] octets, Address source)
    {
        var output = new byte[TunnelError.MaximumLength];
        Array.Fill(output, (byte)0xEE);
        return output[..error.Write(octets, source, output)];
    }

    /// <summary>An error about a packet, as a router on its way sends it.</summary>
    private static byte[] Error(byte[] about, byte type, byte code, uint rest = 0, Address? to = null)
    {
        var isIPv4 = about.Length == 0 || about[0] >> 4 == 4;
        var destination = to ?? Read(about).Source;
        var data = Octets.Create(about);
        return PacketComposer.Compose(
            isIPv4 ? new IPv4Header { Source = "198.18.0.1", Destination = destination } : new IPv6Header { Source = "2001:db8:c::1", Destination = destination },
            (isIPv4, type, code) switch
            {
                (true, 3, _) => new IcmpV4DestinationUnreachable { Code = code, NextHopMtu = (ushort)rest, Data = data },
                (true, 11, _) => new IcmpV4TimeExceeded { Code = code, Data = data },
                (true, _, _) => new IcmpV4ParameterProblem { Code = code, Data = data },
                (false, 1, _) => new IcmpV6DestinationUnreachable { Code = code, Data = data },
                (false, 2, _) => new PacketTooBig { MaximumTransmissionUnit = rest, Data = data },
                (false, 3, _) => new IcmpV6TimeExceeded { Code = code, Data = data },
                _ => new IcmpV6ParameterProblem { Code = code, Data = data },
            }).ToArray();
    }

    private static Structure? Message(byte[] packet) => new PacketDecoder().Decode(packet.AsSpan()).Layers[1].Structure;

    private static bool Verify(byte[] packet)
    {
        var view = Read(packet);
        var pseudo = view.IsIPv4 ? 0 : InternetChecksum.PseudoHeader(view.Source, view.Destination, (byte)IpProtocol.IcmpV6, view.Payload.Length);
        return InternetChecksum.Verify(pseudo, view.Payload);
    }

    private static IpPacketView Read(byte[] packet)
    {
        Assert.True(IpPacketView.TryParse(packet, out var view, out _) || IpPacketView.TryParseQuoted(packet, out view));
        return view;
    }
}
