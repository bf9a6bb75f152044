using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net.RawPackets;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Tunnels as IPv6 links.</summary>
public sealed partial class TunnelTrafficTests
{
    /// <summary>Two tunnels between the same hosts: both far ends have the same link-local address, and both near ends too.</summary>
    [Theory]
    [InlineData(TunnelBackend.UserSpace)]
    [InlineData(TunnelBackend.Ebpf)]
    [Trait("Rfc", "4213-3.8-01")]
    [Trait("Rfc", "4213-3.8-02")]
    public void Links_with_the_same_addresses_are_kept_apart(TunnelBackend backend) => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(backend);
        using var far = new FarHost();
        using HostedTunnels tunnels = new(), farTunnels = new();
        var first = Enabled(tunnels, TunnelEncapsulation.IPv6InIPv4, 1, "192.0.2.1", "192.0.2.2");
        var second = Enabled(tunnels, TunnelEncapsulation.Gre, 2, "192.0.2.1", "192.0.2.2");
        var (farFirst, farSecond) = far.Run(() => (
            Enabled(farTunnels, TunnelEncapsulation.IPv6InIPv4, 1, "192.0.2.2", "192.0.2.1"), Enabled(farTunnels, TunnelEncapsulation.Gre, 2, "192.0.2.2", "192.0.2.1")));
        Assert.All([first, second], tunnel => Assert.Equal(
            ("fe80::c000:201", "fe80::c000:202", NeighbourState.Unknown), (tunnel.LinkLocalAddress.ToString(), tunnel.RemoteLinkLocalAddress.ToString(), tunnel.Neighbour)));

        // Somebody takes the packets, so that no error comes back.
        using var firstReceiver = far.Run(() => Bound(farFirst.Address[0]));
        using var secondReceiver = far.Run(() => Bound(farSecond.Address[0]));
        Send(first, NeighbourState.Reachable);
        Assert.Equal(NeighbourState.Unknown, second.Neighbour);
        Send(second, NeighbourState.Reachable);

        far.Run(() => farTunnels.Disable(farSecond));
        Send(second, NeighbourState.Unreachable);
        Send(first, NeighbourState.Reachable);
        Assert.Equal(NeighbourState.Unreachable, second.Neighbour);

        far.Run(() => farTunnels.Enable(farSecond));
        Send(second, NeighbourState.Reachable);
        // Probes and answers are no traffic of the tunnel.
        Assert.Equal(0, farFirst.PacketsOut);
        Assert.Equal(0, first.PacketsIn);
        Assert.All([first, second, farFirst], tunnel => Assert.Empty(tunnel.Drops));
        // What came while it was being enabled again found no route yet.
        Assert.DoesNotContain(farSecond.Drops, drop => drop.Cause != ForwardingDrop.ForeignSource);
        far.Run(farTunnels.Dispose);
        tunnels.Disable(first);
        Assert.Equal((null, null, null), (first.LinkLocalAddress, first.RemoteLinkLocalAddress, first.Neighbour));

        HostedTunnel Enabled(HostedTunnels tunnels, TunnelEncapsulation encapsulation, int number, Address local, Address remote)
        {
            var tunnel = tunnels.Add(new TunnelOptions
            {
                Name = $"t{number}", Local = local, Remote = remote, Encapsulation = encapsulation, Backend = backend,
                Key = encapsulation == TunnelEncapsulation.Gre ? 7u : null,
                Prefixes = [local == "192.0.2.1" ? $"2001:db8:{number}:2::/64" : $"2001:db8:{number}:1::/64"],
                Addresses = [local == "192.0.2.1" ? $"2001:db8:{number}:1::1" : $"2001:db8:{number}:2::1"],
                ReachableTime = TimeSpan.FromSeconds(1),
            });
            tunnels.Enable(tunnel);
            FarHost.Await(tunnel.Address[0]);
            return tunnel;
        }

        void Send(HostedTunnel tunnel, NeighbourState until)
        {
            using var socket = Bound(tunnel.Address[0]);
            var to = (tunnel == first ? firstReceiver : secondReceiver).LocalEndPoint!;
            Assert.True(
                SpinWait.SpinUntil(
                    () =>
                    {
                        socket.SendTo([1], to);
                        return tunnel.Neighbour == until;
                    },
                    patience),
                $"{tunnel.Name} is {tunnel.Neighbour}, not {until}");
        }
    });

    [Theory]
    [InlineData(TunnelEncapsulation.IPv6InIPv4, null, true)]
    [InlineData(TunnelEncapsulation.Gre, null, true)]
    [InlineData(TunnelEncapsulation.Gre, "10.7.2.0/24 2001:db8:7:2::/64", true)]
    [InlineData(TunnelEncapsulation.Udp, "10.7.2.0/24", false)]
    [InlineData(TunnelEncapsulation.IPv4InIPv4, null, false)]
    [InlineData(TunnelEncapsulation.Minimal, null, false)]
    [Trait("Rfc", "4213-3.7-01")]
    public void What_carries_IPv6_is_an_IPv6_link(TunnelEncapsulation encapsulation, string? prefixes, bool isLink) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        using var tunnels = new HostedTunnels();
        var tunnel = tunnels.Add(new TunnelOptions
        {
            Name = "t", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = encapsulation, Backend = TunnelBackend.UserSpace,
            Prefixes = [.. (prefixes?.Split(' ') ?? []).Select(text => (Destination)text)],
        });
        tunnels.Enable(tunnel);
        Assert.Equal(isLink, tunnel.LinkLocalAddress is not null);
        Assert.Equal(isLink, tunnel.Neighbour is not null);
    });

    /// <summary>The other end is no DsmipTools.</summary>
    [Theory]
    [InlineData(TunnelBackend.UserSpace)]
    [InlineData(TunnelBackend.Ebpf)]
    [Trait("Rfc", "4213-3.7-01")]
    [Trait("Rfc", "4213-3.8-01")]
    public void A_probe_on_the_wire_is_answered(TunnelBackend backend) => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(backend);
        using var far = new FarHost();
        using var tunnels = new HostedTunnels();
        var tunnel = tunnels.Add(new TunnelOptions
        {
            Name = "t", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = TunnelEncapsulation.IPv6InIPv4, Backend = backend, Prefixes = ["2001:db8:7:2::/64"],
        });
        tunnels.Enable(tunnel);
        using var transport = far.Run(() =>
        {
            var opened = RawPacketTransport.OpenIP(isIPv4: true);
            opened.KeepQuiet(IpProtocol.IPv6, new Endpoint("192.0.2.2", 0));
            opened.ListenFor("192.0.2.2");
            return opened;
        });

        Address near = "fe80::c000:201", other = "fe80::c000:202";
        var answer = new NeighborAdvertisement { Router = true, Solicited = true, Override = true, TargetAddress = near };
        Send(new NeighborSolicitation { TargetAddress = near }, near, 255);
        Assert.Equal(PacketComposer.Compose(new IPv6Header { Source = near, Destination = other, HopLimit = 255 }, answer), Answer());
        Send(new IcmpV6EchoRequest { Identifier = 1, SequenceNumber = 2 }, "ff02::1", 1);
        Assert.Equal(PacketComposer.Compose(new IPv6Header { Source = near, Destination = other }, new IcmpV6EchoReply { Identifier = 1, SequenceNumber = 2 }), Answer());

        // One that a router has forwarded is none, and the one behind it is answered.
        Send(new NeighborSolicitation { TargetAddress = near }, near, 254);
        Send(new RouterSolicitation(), "ff02::2", 255);
        Send(new IcmpV6EchoRequest { SequenceNumber = 3 }, near, 64);
        Assert.Equal(PacketComposer.Compose(new IPv6Header { Source = near, Destination = other }, new IcmpV6EchoReply { SequenceNumber = 3 }), Answer());
        Assert.Equal([new TunnelDrop(ForwardingDrop.Malformed, 1), new TunnelDrop(ForwardingDrop.LinkScope, 1)], tunnel.Drops);
        Assert.Equal((0, 0), (tunnel.PacketsIn, tunnel.PacketsOut));

        void Send(IcmpV6Message message, Address destination, byte hopLimit) => transport.Send(PacketComposer.Compose(
            new IPv4Header { Source = "192.0.2.2", Destination = "192.0.2.1", Identification = 1, Protocol = IpProtocol.IPv6 },
            new IPv6Header { Source = other, Destination = destination, HopLimit = hopLimit }, message).Span);

        Octets Answer()
        {
            var buffer = new byte[2000];
            while (true)
            {
                Assert.NotEqual(Net.WaitResult.TimedOut, transport.Wait(patience));
                while (transport.TryReceive(buffer, out var length))
                {
                    if (buffer[9] == (byte)IpProtocol.IPv6)
                    {
                        return Octets.Create(buffer.AsSpan(20, length - 20));
                    }
                }
            }
        }
    });
}
