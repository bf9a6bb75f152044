using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Forwarding;

public sealed class ForwardingTableTests
{
    private static readonly Tunnel Tunnel = new(1, "2001:db8:a::1", "2001:db8:b::1");

    [Fact]
    public void The_longest_prefix_matches_as_a_search_through_all_says()
    {
        var random = new SeededRandom(3);
        var table = new ForwardingTable("2001:db8:a::1");
        var routes = new Dictionary<Destination, Route>();
        for (var round = 0; round < 20_000; round++)
        {
            var destination = random.NextUInt64() % 3 == 0
                ? Destination.Of(IPv4(random), (int)(16 + (random.NextUInt64() % 17)))
                : Destination.Of(IPv6(random), (int)(32 + (random.NextUInt64() % 97)));
            var route = new Route(destination, Tunnel);
            if (random.NextUInt64() % 5 < 3)
            {
                table.Add(route);
                routes[destination] = route;
            }
            else
            {
                var one = routes.Count > 0 ? routes.Keys.First() : destination;
                Assert.Equal(routes.Remove(one), table.Remove(new Route(one, Tunnel)));
            }

            Assert.Equal(routes.Count, table.RouteCount);
            var address = round % 2 == 0 ? IPv6(random) : IPv4(random);
            var expected = Enumerable.Range(0, address.IsIPv4 ? 33 : 129).Reverse()
                .Select(length => routes.GetValueOrDefault(Destination.Of(address, length)))
                .FirstOrDefault(found => found is not null);
            Assert.Equal(expected is not null, table.TryFind(address, out var match));
            Assert.Same(expected, match);
        }

        foreach (var route in table.Routes)
        {
            Assert.True(table.Remove(route));
        }

        Assert.Equal(0, table.RouteCount);
        Assert.False(table.TryFind("2001:db8::1", out _));
    }

    [Fact]
    public void An_IPv4_mapped_address_is_no_IPv4_address()
    {
        var table = new ForwardingTable("2001:db8:a::1");
        table.Add(new Route(Destination.Of((Address)"192.0.2.7"), Tunnel));
        Assert.True(table.TryFind("192.0.2.7", out _));
        Assert.False(table.TryFind("::ffff:192.0.2.7", out _));
        Assert.False(table.TryFind("::c000:207", out _));
    }

    [Fact]
    public void An_attachment_does_not_take_away_what_another_one_has_taken_over()
    {
        var table = new ForwardingTable("2001:db8:b::1");
        var destination = Destination.Of((Prefix)"2001:db8:100:1::/64");
        table.Add(new Route(destination, Tunnel) { Link = 1 });
        table.Add(new Route(destination, Tunnel) { Link = 2 });
        Assert.False(table.Remove(new Route(destination, Tunnel) { Link = 1 }));
        Assert.Equal(2, Assert.Single(table.Routes).Link);
        Assert.True(table.Remove(new Route(destination, Tunnel) { Link = 2 }));
    }

    [Fact]
    public async Task A_reader_finds_what_stays_while_a_writer_changes_the_rest()
    {
        var table = new ForwardingTable("2001:db8:a::1");
        var fixedOnes = Enumerable.Range(0, 64).Select(number => Address.FromIPv6(((UInt128)0x20010db8 << 96) | ((UInt128)number << 64) | 1)).ToArray();
        Array.ForEach(fixedOnes, address => table.Add(new Route(Destination.Of(address, 64), Tunnel)));
        using var stop = new CancellationTokenSource();
        var missed = 0;
        var reader = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    missed += fixedOnes.Count(address => !table.TryFind(address, out var route) || route.Destination != Destination.Of(address, 64));
                }
            },
            TestContext.Current.CancellationToken);
        for (var round = 0; round < 40; round++)
        {
            for (ulong number = 1000; number < 3000; number++)
            {
                table.Add(new Route(Destination.Of(Address.FromIPv6(((UInt128)0x20010db9 << 96) | ((UInt128)number << 64)), 64), Tunnel));
            }

            for (ulong number = 1000; number < 3000; number++)
            {
                Assert.True(table.Remove(new Route(Destination.Of(Address.FromIPv6(((UInt128)0x20010db9 << 96) | ((UInt128)number << 64)), 64), Tunnel)));
            }
        }

        await stop.CancelAsync();
        await reader;
        Assert.Equal(0, missed);
        Assert.Equal(64, table.RouteCount);
    }

    private static Address IPv6(SeededRandom random) => Address.FromIPv6(((UInt128)0x20010db8 << 96) | ((UInt128)(random.NextUInt64() & 0x0300000000000003) << 32));

    private static Address IPv4(SeededRandom random) => Address.FromIPv4(0xC0000200 | (uint)(random.NextUInt64() & 0x0303));
}
