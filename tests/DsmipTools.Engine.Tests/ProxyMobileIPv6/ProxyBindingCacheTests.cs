using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using FsCheck;
using FsCheck.Fluent;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Every question to the cache has the answer that a scan of a list gives.</summary>
public sealed class ProxyBindingCacheTests
{
    private static readonly string[] Identifiers =
        ["a@example.com", "A@example.com", "b@example.com", "b@EXAMPLE.com", "a@foo.example.com", "a@b@example.com", "plain", "empty@", "c@example.org"];

    private static readonly Envelope[] Envelopes = [FromGateway(), FromGateway(2), FromGateway(2, port: 9), FromGateway(3, Transport.IPv6)];

    private static readonly Prefix[] Prefixes =
    [
        "2001:db8::/32", "2001:db8::/48", "2001:db8::/64", "2001:db8:0:1::/64", "2001:db8::/127", "2001:db8::1/128", "2001:db8::/128",
        "8000::/1", "2001:db8:8000::/33", "2001:db8:0:2::/63",
    ];

    [Fact]
    [Trait("Rfc", "5213-5.1-07")]
    public void The_longest_prefix_wins()
    {
        var cache = new ProxyBindingCache();
        var shorter = Make("a@x", "2001:db8::/48");
        var longer = Make("b@x", "2001:db8:0:5::/64");
        cache.Add(shorter, FromGateway());
        cache.Add(longer, FromGateway());
        Assert.Same(longer, cache.Find((Address)"2001:db8:0:5::77"));
        Assert.Same(shorter, cache.Find((Address)"2001:db8:0:6::77"));
        Assert.Null(cache.Find((Address)"2001:db8:1::1"));
        Assert.Null(cache.Find((Address)"192.0.2.1"));
        cache.Remove(longer);
        Assert.Same(shorter, cache.Find((Address)"2001:db8:0:5::77"));
    }

    [Fact]
    public void Groups_come_in_an_order_that_the_wire_can_depend_on()
    {
        var cache = new ProxyBindingCache();
        foreach (var (number, envelope) in Envelopes.Reverse().Index())
        {
            cache.Add(Make($"n{number}@example.com", new Prefix((UInt128)(number + 1) << 64, 64)), envelope);
            cache.Add(Make($"n{number}@example.org", new Prefix((UInt128)(number + 100) << 64, 64)), envelope);
        }

        Assert.Equal(
            [FromGateway(), FromGateway(2, port: 9), FromGateway(2), FromGateway(3, Transport.IPv6)],
            cache.FindRealm("example.com"u8).Select(group => group.Peer.Envelope));
        Assert.Equal(
            [("example.com", 9), ("example.org", 9), ("example.com", 5436), ("example.org", 5436)],
            cache.FindPeer(FromGateway(2).Source.Address).Select(group => (group.Realm, (int)group.Peer.Envelope.Source.Port)));
    }

    [Fact]
    public void It_agrees_with_a_list() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
    {
        var cache = new ProxyBindingCache();
        var list = new List<(ProxyBinding Binding, Envelope Envelope)>();
        for (var at = 0; at + 3 < steps.Length; at += 4)
        {
            var prefix = Prefixes[steps[at + 1] % Prefixes.Length];
            var envelope = Envelopes[steps[at + 2] % Envelopes.Length];
            var known = list.FindIndex(entry => entry.Binding.Prefixes.First == prefix);
            if (known < 0)
            {
                var binding = Make(Identifiers[steps[at + 3] % Identifiers.Length], prefix);
                cache.Add(binding, envelope);
                list.Add((binding, envelope));
            }
            else if (steps[at] % 2 == 0)
            {
                cache.Move(list[known].Binding, envelope);
                list[known] = (list[known].Binding, envelope);
            }
            else
            {
                cache.Remove(list[known].Binding);
                list.RemoveAt(known);
            }

            if (!Agrees(cache, list))
            {
                return false;
            }
        }

        list.ForEach(entry => cache.Remove(entry.Binding));
        return cache.IndexEntries == 0 && cache.Count == 0;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    private static bool Agrees(ProxyBindingCache cache, List<(ProxyBinding Binding, Envelope Envelope)> list) =>
        cache.Count == list.Count
        && cache.Enumerate().SequenceEqual(list.Select(entry => entry.Binding).OrderBy(binding => binding.Prefixes.First))
        && list.All(entry => entry.Binding.Peer.Envelope == entry.Envelope)
        && Prefixes.All(prefix => cache.Find(prefix) == list.Find(entry => entry.Binding.Prefixes.First == prefix).Binding)
        && Prefixes.All(prefix => cache.Find(prefix.Address) == list
            .Where(entry => entry.Binding.Prefixes.First.Contains(prefix.Address))
            .OrderByDescending(entry => entry.Binding.Prefixes.First.Length).FirstOrDefault().Binding)
        && Identifiers.All(identifier => Chain(cache, identifier)
            .SetEquals(list.Select(entry => entry.Binding).Where(binding => binding.Identifier.Equals(NetworkAccessIdentifier.Parse(identifier)))))
        && Identifiers.All(identifier => Same(
            cache.FindRealm(NetworkAccessIdentifier.Parse(identifier).Realm),
            list.Select(entry => entry.Binding).Where(binding =>
                NetworkAccessIdentifier.RealmEquals(binding.Identifier.Realm, NetworkAccessIdentifier.Parse(identifier).Realm))))
        && Envelopes.All(envelope => Same(
            cache.FindPeer(envelope.Source.Address),
            list.Where(entry => entry.Envelope.Source.Address == envelope.Source.Address).Select(entry => entry.Binding)))
        && Envelopes.All(envelope => Identifiers.All(identifier =>
            (cache.FindGroup(NetworkAccessIdentifier.Parse(identifier).Octets, envelope)?.Count ?? 0) == list.Count(entry =>
                entry.Envelope == envelope
                && NetworkAccessIdentifier.RealmEquals(entry.Binding.Identifier.Realm, NetworkAccessIdentifier.Parse(identifier).Realm))));

    private static bool Same(IReadOnlyList<BindingGroup> groups, IEnumerable<ProxyBinding> expected)
    {
        var bindings = new List<ProxyBinding>();
        foreach (var group in groups)
        {
            group.CopyTo(bindings);
        }

        return bindings.Count == groups.Sum(group => group.Count) && bindings.Count == bindings.Distinct().Count()
            && bindings.ToHashSet().SetEquals(expected) && bindings.TrueForAll(binding => groups.Contains(binding.Group!));
    }

    private static HashSet<ProxyBinding> Chain(ProxyBindingCache cache, string identifier)
    {
        var chain = new HashSet<ProxyBinding>();
        for (var binding = cache.Find(NetworkAccessIdentifier.Parse(identifier).Octets); binding is not null; binding = binding.NextOfNode)
        {
            Assert.True(chain.Add(binding));
        }

        return chain;
    }

    private static ProxyBinding Make(string identifier, Prefix prefix) =>
        new() { Identifier = NetworkAccessIdentifier.Parse(identifier), Prefixes = prefix };
}
