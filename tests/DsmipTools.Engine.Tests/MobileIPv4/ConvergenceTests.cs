using System.Security.Cryptography;
using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Home agent and mobile nodes on a bad link: in the end they agree; and the same seed gives the same octets.</summary>
public class ConvergenceTests
{
    private static readonly string[] AllPrefixes =
        ["2001:db8:7:1::/64", "2001:db8:7:2::/64", "2001:db8:7::/56", "2001:db8:7:100::/56", "2001:db8:ffff::/64", "fe80::7/255"];

    [Fact]
    public void On_a_link_that_loses_doubles_and_reorders_both_sides_agree_in_the_end()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var (network, nodes) = RunScenario(seed);
            network.Loss = network.Duplication = network.Reordering = 0;
            network.Run(20);
            foreach (var node in nodes)
            {
                var outcome = network.Register(node);
                Assert.True(outcome.Result == RegistrationResult.Accepted, $"seed {seed}: {outcome}");
            }

            Agree(network, nodes, seed);
            foreach (var node in nodes)
            {
                network.Deregister(node);
            }

            Assert.Equal(0, network.HomeAgent.BindingCount);
            Assert.Empty(network.Tunnels);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_octets_and_another_one_others()
    {
        Assert.Equal(HashOf(42), HashOf(42));
        Assert.NotEqual(HashOf(42), HashOf(43));
    }

    private static string HashOf(ulong seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var datagram in RunScenario(seed).Network.Sent)
        {
            hash.AppendData(BitConverter.GetBytes(datagram.At.Ticks));
            hash.AppendData(datagram.Octets);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static (Network Network, List<MobileNode> Nodes) RunScenario(ulong seed)
    {
        var network = new Network(seed: seed) { Loss = 30, Duplication = 30, Reordering = 30 };
        var random = new SeededRandom(seed * 77);
        List<MobileNode> nodes = [];
        for (uint number = 0; number < 3; number++)
        {
            var node = network.AddMobileNode(Address.FromIPv4(0x0A010107 + number), options => options with
            {
                TunnelingMode = (TunnelingMode)(random.NextUInt64() % 2),
                Lifetime = TimeSpan.FromSeconds(5 + (random.NextUInt64() % 60)),
                RenewAutomatically = random.NextUInt64() % 2 == 0,
            });
            network.ClockOffset[node] = TimeSpan.FromSeconds((int)(random.NextUInt64() % 40) - 20);
            nodes.Add(node);
        }

        for (var step = 0; step < 30; step++)
        {
            var node = nodes[(int)(random.NextUInt64() % 3)];
            network.Begin(node, Command(random));
            network.Run((random.NextUInt64() % 5000) / 1000.0);
            Invariants(network);
        }

        return (network, nodes);
    }

    private static Func<MobileNode, Instant, long> Command(SeededRandom random)
    {
        var number = random.NextUInt64();
        return (number % 4) switch
        {
            0 => (node, now) => node.Deregister(now),
            // The third octet is the node's own: two nodes do not share a care-of address.
            1 => (node, now) => node.ChangeCareOfAddress(
                Address.FromIPv4(0xCB000001 | ((uint)node.Options.HomeAddress.Value & 0xFF) << 8 | (uint)((number >> 8) & 0x7E)), now),
            2 => (node, now) => node.ChangePrefixes(ValueList.From(AllPrefixes.Where((_, at) => ((number >> (8 + at)) & 1) == 1).Select(text => (Prefix)text)), now),
            _ => (node, now) => node.Register(now),
        };
    }

    /// <summary>What holds at every moment, however bad the link is.</summary>
    private static void Invariants(Network network)
    {
        var bindings = network.HomeAgent.Bindings(network.Now(network.HomeAgent));
        Assert.Equal(bindings.Count, network.HomeAgent.BindingCount);
        Assert.Equal(
            bindings.SelectMany(binding => new[] { binding.TunnelId, binding.HomeAddressTunnelId }).Where(id => id != 0).Order(),
            network.Tunnels.Select(tunnel => tunnel.Id).Order());
        for (var one = 0; one < bindings.Count; one++)
        {
            for (var other = one + 1; other < bindings.Count; other++)
            {
                Assert.DoesNotContain(bindings[one].Prefixes, prefix =>
                    prefix.IsPrefix && bindings[other].Prefixes.Any(taken => taken.IsPrefix && taken.Overlaps(prefix)));
            }
        }
    }

    private static void Agree(Network network, List<MobileNode> nodes, ulong seed)
    {
        foreach (var node in nodes)
        {
            var there = network.HomeAgent.Find(node.Options.HomeAddress, network.Now(network.HomeAgent))!;
            var here = node.Binding(network.Now(node))!;
            Assert.True(
                (there.CareOfAddress, there.RegisteredPrefixes, there.Identification, there.LifetimeGranted)
                    == (here.CareOfAddress, here.RegisteredPrefixes, here.Identification, here.LifetimeGranted),
                $"seed {seed}: {there} and {here}");
        }
    }
}
