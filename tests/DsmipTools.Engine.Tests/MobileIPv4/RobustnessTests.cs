using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Octets from strangers: nothing is thrown, and bindings stay as they are.</summary>
public class RobustnessTests
{
    private readonly Network network = new(seed: 4711);
    private readonly SeededRandom random = new(4711);

    [Fact]
    public void A_request_cut_off_anywhere_changes_nothing()
    {
        network.Associate(Requests.Home);
        var octets = Requests.Sign(Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64"), MobileNodeNaiExtension.Create("a@b")));
        for (var length = 0; length < octets.Length; length++)
        {
            Assert.Empty(network.Inject(network.HomeAgent, octets.AsSpan(0, length)));
        }

        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Single(network.Inject(network.HomeAgent, octets));
        Assert.Equal(1, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void Random_datagrams_leave_bindings_intact()
    {
        var node = Registered();
        var before = Bindings();
        Span<byte> octets = stackalloc byte[200];
        for (var number = 0; number < 10_000; number++)
        {
            var datagram = octets[..(int)(random.NextUInt64() % 200)];
            Fill(datagram);
            if (datagram.Length > 0 && number % 2 == 0)
            {
                datagram[0] = (byte)(number % 4 == 0 ? 1 : 3);
            }

            network.Inject(network.HomeAgent, datagram);
            network.Inject(node, datagram, network.HomeAgent.LocalEndpoint);
        }

        Intact(node, before);
    }

    [Fact]
    public void Mutated_datagrams_leave_bindings_intact()
    {
        var node = Registered();
        var before = Bindings();
        var request = network.Sent[0].Octets;
        var reply = network.Replies.First().Octets;
        for (var number = 0; number < 10_000; number++)
        {
            network.Inject(network.HomeAgent, Mutated(request));
            network.Inject(node, Mutated(reply), network.HomeAgent.LocalEndpoint);
        }

        Intact(node, before);
    }

    [Fact]
    public void Authenticated_nonsense_is_answered_and_does_not_touch_other_nodes()
    {
        // The mobile node itself sends whatever it likes under a right authenticator: only its own binding may change.
        var node = Registered();
        network.Associate("10.1.1.66");
        for (var number = 0; number < 10_000; number++)
        {
            network.Run(0.001);
            var extensions = new Extension[random.NextUInt64() % 4];
            for (var at = 0; at < extensions.Length; at++)
            {
                var data = new byte[random.NextUInt64() % 24];
                Fill(data);
                if (data.Length > 0)
                {
                    data[0] = (byte)(data[0] % 5);
                }

                extensions[at] = new UnknownExtension { ExtensionType = (byte)(random.NextUInt64() % 3 == 0 ? 131 : 152), Data = data };
            }

            var request = Requests.Make(network, extensions) with
            {
                HomeAddress = "10.1.1.66",
                Lifetime = (ushort)random.NextUInt64(),
                CareOfAddress = Address.FromIPv4((uint)random.NextUInt64()),
                DecapsulationByMobileNode = random.NextUInt64() % 2 == 0,
            };
            Assert.Single(network.Inject(network.HomeAgent, Requests.Sign(request)));
        }

        var now = network.Now(network.HomeAgent);
        Assert.Equal(["2001:db8:7:1::/64"], network.HomeAgent.Find(Requests.Home, now)!.Prefixes);
        Assert.Equal(1, node.BindingCount);
        Assert.Equal(network.Tunnels.Count, network.HomeAgent.Bindings(now).Sum(binding => binding.HomeAddressTunnelId == 0 ? 1 : 2));
    }

    private MobileNode Registered()
    {
        var node = network.AddMobileNode(Requests.Home, options => options with { IPv6Prefixes = ["2001:db8:7:1::/64"] });
        Assert.Equal(RegistrationResult.Accepted, network.Register(node).Result);
        return node;
    }

    private IReadOnlyList<MobileIPv4Binding> Bindings() => network.HomeAgent.Bindings(network.Now(network.HomeAgent));

    private void Intact(MobileNode node, IReadOnlyList<MobileIPv4Binding> before)
    {
        Assert.Equal(before, Bindings());
        Assert.Equal(1, node.BindingCount);
        Assert.Equal(RegistrationResult.Accepted, network.Register(node).Result);
    }

    private byte[] Mutated(byte[] original)
    {
        // Flip some bits, then perhaps cut something off, or say something twice.
        byte[] octets = [.. original];
        for (var flips = random.NextUInt64() % 8; flips > 0; flips--)
        {
            octets[random.NextUInt64() % (ulong)octets.Length] ^= (byte)(1 << (int)(random.NextUInt64() % 8));
        }

        var cut = (int)(random.NextUInt64() % (ulong)octets.Length);
        return (random.NextUInt64() % 4) switch
        {
            0 => octets[..cut],
            1 => [.. octets, .. octets.AsSpan(cut)],
            2 => [.. octets.AsSpan(0, cut), .. octets.AsSpan(cut / 2)],
            _ => octets,
        };
    }

    private void Fill(Span<byte> octets)
    {
        foreach (ref var octet in octets)
        {
            octet = (byte)random.NextUInt64();
        }
    }
}
