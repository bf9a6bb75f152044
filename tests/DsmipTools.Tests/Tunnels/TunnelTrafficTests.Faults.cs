using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Tunnels;

/// <content>What happens to the host under tunnels that are up.</content>
public sealed partial class TunnelTrafficTests
{
    [Fact]
    public void A_tunnel_carries_on_when_its_device_gets_another_name() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        var clean = Everything();
        using (var pair = new Pair(far, TunnelEncapsulation.IPv6InIPv4, outerIPv4: true, innerIPv4: false))
        {
            var (code, output) = NetworkNamespace.TryIp("link set dev dsmip0 name other0");
            Assert.SkipUnless(code == 0, $"this kernel renames no interface that is up: {output}");
            ExchangeByUdp(far, pair.FarInside, 1000);
            Assert.Equal(TunnelState.Enabled, pair.Near.State);
            Assert.Empty(TunnelLeftover.FindAll());
        }

        Assert.Equal(clean, Everything());
    });

    [Fact]
    public void Without_its_address_or_carrier_a_tunnel_counts_what_is_lost_and_then_carries_on() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.Gre, outerIPv4: true, innerIPv4: true);
        ExchangeByUdp(far, pair.FarInside, 1000);

        NetworkNamespace.Ip("address delete 192.0.2.1/24 dev a");
        LoseOne(pair);
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        ExchangeByUdp(far, pair.FarInside, 1000);

        NetworkNamespace.Ip("link set dev a down");
        LoseOne(pair);
        NetworkNamespace.Ip("link set dev a up");
        ExchangeByUdp(far, pair.FarInside, 1000);

        // The interface under it disappears for good.
        NetworkNamespace.Ip("link delete dev a");
        LoseOne(pair);
        Assert.Equal(TunnelState.Enabled, pair.Near.State);
    });

    [Theory]
    [InlineData(TunnelEncapsulation.IPv6InIPv4, true, false)]
    [InlineData(TunnelEncapsulation.Gre, false, false)]
    [InlineData(TunnelEncapsulation.Udp, true, true)]
    public void A_far_end_that_answers_with_ICMP_ends_nothing(TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4) => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4);
        far.Run(() => pair.FarTunnels.Disable(pair.FarEnd));
        var before = pair.Near.PacketsOut;
        for (var i = 0; i < 300; i++)
        {
            Send(pair.NearInside, pair.FarInside);
        }

        Assert.True(SpinWait.SpinUntil(() => pair.Near.PacketsOut + pair.Near.Dropped >= before + 300, patience), "each packet is counted");
        far.Run(() =>
        {
            pair.FarTunnels.Enable(pair.FarEnd);
            FarHost.Await(pair.FarInside);
        });
        ExchangeByUdp(far, pair.FarInside, 1000);
        Assert.Equal(TunnelState.Enabled, pair.Near.State);
    });

    [Fact]
    public void Two_processes_may_have_tunnels_of_one_name_but_not_one_route() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        using var first = new HostedTunnels();
        using var second = new HostedTunnels();
        var options = new TunnelOptions { Name = "t", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = TunnelEncapsulation.IPv6InIPv4, Prefixes = ["2001:db8:7:1::/64"] };
        var one = first.Add(options);
        first.Enable(one);
        var clean = Everything();

        var other = second.Add(options);
        Assert.Equal(NetError.AlreadyExists, Assert.Throws<NetException>(() => second.Enable(other)).Error);
        Assert.Equal(clean, Everything());
        second.Remove(other);
        other = second.Add(options with { Remote = "192.0.2.3", Prefixes = ["2001:db8:7:2::/64"] });
        second.Enable(other);
        Assert.Equal(("dsmip0", "dsmip1"), (one.Interface, other.Interface));
        second.Remove(other);
        Assert.Equal(clean, Everything());
        Assert.Equal(TunnelState.Enabled, one.State);
    });

    [Fact]
    public async Task Ten_thousand_tunnels_come_and_go_and_leave_neither_descriptors_nor_memory()
    {
        if (!Unprivileged.IsChild)
        {
            // In a process of its own, where no other test has tunnels.
            await Unprivileged.Run(typeof(TunnelTrafficTests), nameof(Ten_thousand_tunnels_come_and_go_and_leave_neither_descriptors_nor_memory), ["env"]);
            return;
        }

        NetworkNamespace.Run(() =>
        {
            NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
            var clean = Everything();
            using var tunnels = new HostedTunnels();
            UpAndDown(tunnels, 0);
            var (descriptors, memory) = Held();
            for (var round = 1; round < 10; round++)
            {
                UpAndDown(tunnels, round);
            }

            var (descriptorsAfter, memoryAfter) = Held();
            Assert.Equal(descriptors, descriptorsAfter);
            Assert.True(memoryAfter < memory + 1_000_000, $"{memory:N0} octets before, {memoryAfter:N0} after");
            Assert.Equal(clean, Everything());
        });
    }

    private static void UpAndDown(HostedTunnels tunnels, int round)
    {
        for (var i = 0; i < 1000; i++)
        {
            var tunnel = tunnels.Add(new TunnelOptions
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"t{i}"),
                Local = "192.0.2.1",
                Remote = Address.FromIPv4(0xCB007100 + (uint)i),
                // Each in its turn, alone and among others.
                Encapsulation = round % 2 == 0 ? TunnelEncapsulation.IPv6InIPv4 : TunnelEncapsulation.Gre,
                Prefixes = [Destination.Of(Address.FromIPv6(((UInt128)0x20010DB8_00000000 + (uint)i) << 64), 64)],
            });
            tunnels.Enable(tunnel);
            if (i % 100 == 0)
            {
                tunnels.Disable(tunnel);
                tunnels.Enable(tunnel);
            }
        }

        foreach (var tunnel in tunnels.List())
        {
            tunnels.Remove(tunnel);
        }
    }

    /// <summary>The descriptors of TUN devices, sockets and programs that this process holds, and the octets on its heap.</summary>
    private static (int Descriptors, long Memory) Held() => (
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "")
            .Count(target => target.EndsWith("/net/tun", StringComparison.Ordinal) || target.Contains("socket:", StringComparison.Ordinal) || target.Contains("bpf", StringComparison.Ordinal)),
        GC.GetTotalMemory(forceFullCollection: true));

    private static void LoseOne(Pair pair)
    {
        var before = pair.Near.Drops.Where(drop => drop.Cause == ForwardingDrop.Refused).Sum(drop => drop.Packets);
        Send(pair.NearInside, pair.FarInside);
        Assert.True(
            SpinWait.SpinUntil(() => pair.Near.Drops.Where(drop => drop.Cause == ForwardingDrop.Refused).Sum(drop => drop.Packets) > before, patience), "the loss is counted");
    }

    private static void Send(Address from, Address to)
    {
        using var socket = Bound(from);
        socket.SendTo([1], new IPEndPoint(to.ToIPAddress(), 9));
    }
}
