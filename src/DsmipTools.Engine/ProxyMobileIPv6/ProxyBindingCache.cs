using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The binding cache in memory.</summary>
internal sealed partial class ProxyBindingCache : IProxyBindingCache
{
    private readonly Dictionary<Prefix, ProxyBinding> prefixes = [];
    private readonly Dictionary<Address, ProxyBinding> addresses = [];
    private readonly int[] lengths = new int[129];
    private readonly Dictionary<NetworkAccessIdentifier, ProxyBinding> nodes = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Dictionary<NetworkAccessIdentifier, ProxyBinding>.AlternateLookup<ReadOnlySpan<byte>> nodesByOctets;
    private readonly RealmIndex<HashSet<BindingGroup>> realms = new();
    // Whether ESP protects them or not: that may begin while bindings stand.
    private readonly Dictionary<Envelope, List<MobilityPeer>> peers = [];
    private readonly Dictionary<Address, List<MobilityPeer>> peersByAddress = [];

    public ProxyBindingCache() => nodesByOctets = nodes.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count { get; private set; }

    /// <summary>The number of entries in all indexes: 0 exactly when nothing is left anywhere.</summary>
    public int IndexEntries => Count + prefixes.Count + addresses.Count + lengths.Sum() + nodes.Count + realms.Count + peers.Count + peersByAddress.Count;

    public ProxyBinding? Find(Prefix prefix) => prefixes.GetValueOrDefault(prefix);

    public ProxyBinding? Find(Address address)
    {
        if (address.IsIPv4)
        {
            return addresses.GetValueOrDefault(address);
        }

        for (var length = lengths.Length - 1; length >= 0; length--)
        {
            if (lengths[length] > 0 && prefixes.TryGetValue(new Prefix(address.Value, (byte)length).Canonical, out var binding))
            {
                return binding;
            }
        }

        return null;
    }

    public ProxyBinding? Find(ReadOnlySpan<byte> identifier) => nodesByOctets.TryGetValue(identifier, out var binding) ? binding : null;

    public IReadOnlyList<BindingGroup> FindRealm(ReadOnlySpan<byte> realm) =>
        Ordered(realms.TryGet(realm, out var groups) ? groups : []);

    public IReadOnlyList<BindingGroup> FindPeer(Address address) =>
        Ordered((peersByAddress.TryGetValue(address, out var sameAddress) ? sameAddress : []).SelectMany(peer => peer.Groups.Values));

    /// <summary>The groups whose updates came in one envelope, ordered.</summary>
    public IReadOnlyList<BindingGroup> FindGroups(in Envelope envelope) =>
        Ordered((peers.TryGetValue(KeyOf(envelope), out var sameEnvelope) ? sameEnvelope : []).SelectMany(peer => peer.Groups.Values));

    /// <summary>True when a binding's updates came in an envelope.</summary>
    public bool HasPeer(in Envelope envelope) => peers.ContainsKey(KeyOf(envelope));

    /// <summary>The envelopes of all bindings, each once, ordered.</summary>
    public IReadOnlyList<Envelope> Peers =>
        [.. Ordered(peers.Values.SelectMany(sameEnvelope => sameEnvelope[0].Groups.Values.Take(1))).Select(group => group.Peer.Envelope)];

    public BindingGroup? FindGroup(ReadOnlySpan<byte> identifier, in GatewayPath path) =>
        FindPeer(path) is { } peer && peer.Groups.TryGet(NetworkAccessIdentifier.RealmOf(identifier), out var group) ? group : null;

    public void Add(ProxyBinding binding, in GatewayPath path)
    {
        Count++;
        AddPrefixes(binding);
        if (binding.IPv4HomeAddress is { } address)
        {
            addresses.Add(address, binding);
        }

        // The newest binding of a node stands first: it is the one that updates are most often about.
        binding.NextOfNode = nodes.GetValueOrDefault(binding.Identifier);
        nodes[binding.Identifier] = binding;
        Join(binding, path);
    }

    public void Move(ProxyBinding binding, in GatewayPath path)
    {
        if (binding.Peer.Envelope != path.Envelope || binding.Peer.Address != path.CareOfAddress)
        {
            Leave(binding);
            Join(binding, path);
        }
    }

    public void Remove(ProxyBinding binding)
    {
        Count--;
        RemovePrefixes(binding);
        if (binding.IPv4HomeAddress is { } address)
        {
            addresses.Remove(address);
        }

        if (nodes[binding.Identifier] is var head && head != binding)
        {
            while (head.NextOfNode != binding)
            {
                head = head.NextOfNode!;
            }

            head.NextOfNode = binding.NextOfNode;
        }
        else if (binding.NextOfNode is { } next)
        {
            nodes[binding.Identifier] = next;
        }
        else
        {
            nodes.Remove(binding.Identifier);
        }

        binding.NextOfNode = null;
        Leave(binding);
    }

    public void SetPrefixes(ProxyBinding binding, SessionPrefixes value)
    {
        RemovePrefixes(binding);
        binding.Prefixes = value;
        AddPrefixes(binding);
    }

    public void SetIPv4HomeAddress(ProxyBinding binding, Address? value)
    {
        if (binding.IPv4HomeAddress is { } old)
        {
            addresses.Remove(old);
        }

        binding.IPv4HomeAddress = value;
        if (value is { } address)
        {
            addresses.Add(address, binding);
        }
    }

    public IEnumerable<ProxyBinding> Enumerate() => prefixes
        .Where(pair => pair.Value.Prefixes.First == pair.Key)
        .OrderBy(pair => pair.Key)
        .Select(pair => pair.Value)
        .Concat(addresses.Where(pair => pair.Value.Prefixes.Count == 0).OrderBy(pair => pair.Key).Select(pair => pair.Value));

    private static Envelope KeyOf(in Envelope envelope) => envelope with { IsProtected = false };

    private static List<BindingGroup> Ordered(IEnumerable<BindingGroup> groups) =>
    [
        .. groups
            .OrderBy(group => group.Peer.Address)
            .ThenBy(group => group.Peer.Envelope.Source.Address)
            .ThenBy(group => group.Peer.Envelope.Source.Port)
            .ThenBy(group => group.Peer.Envelope.Destination.Address)
            .ThenBy(group => group.Peer.Envelope.Destination.Port)
            .ThenBy(group => group.Peer.Envelope.Transport)
            .ThenBy(group => group.Peer.Envelope.IsProtected)
            .ThenBy(group => group.Realm, StringComparer.Ordinal),
    ];

    private void AddPrefixes(ProxyBinding binding)
    {
        for (var at = 0; at < binding.Prefixes.Count; at++)
        {
            prefixes.Add(binding.Prefixes[at], binding);
            lengths[binding.Prefixes[at].Length]++;
        }
    }

    private void RemovePrefixes(ProxyBinding binding)
    {
        for (var at = 0; at < binding.Prefixes.Count; at++)
        {
            prefixes.Remove(binding.Prefixes[at]);
            lengths[binding.Prefixes[at].Length]--;
        }
    }

    private MobilityPeer? FindPeer(in GatewayPath path)
    {
        if (peers.TryGetValue(KeyOf(path.Envelope), out var sameEnvelope))
        {
            foreach (var peer in sameEnvelope)
            {
                if (peer.Address == path.CareOfAddress && peer.Envelope.IsProtected == path.Envelope.IsProtected)
                {
                    return peer;
                }
            }
        }

        return null;
    }

    private void Join(ProxyBinding binding, in GatewayPath path)
    {
        if (FindPeer(path) is not { } peer)
        {
            peer = new MobilityPeer(path);
            if (!peers.TryGetValue(KeyOf(path.Envelope), out var sameEnvelope))
            {
                peers.Add(KeyOf(path.Envelope), sameEnvelope = []);
            }

            sameEnvelope.Add(peer);
            if (!peersByAddress.TryGetValue(peer.Address, out var sameAddress))
            {
                peersByAddress.Add(peer.Address, sameAddress = []);
            }

            sameAddress.Add(peer);
        }

        var realm = binding.Identifier.Realm;
        if (!peer.Groups.TryGet(realm, out var group))
        {
            if (!realms.TryGet(realm, out var groups))
            {
                realms.Add(RealmIndex<BindingGroup>.KeyOf(realm), groups = []);
            }

            group = new BindingGroup(groups.FirstOrDefault()?.Realm ?? RealmIndex<BindingGroup>.KeyOf(realm), peer);
            peer.Groups.Add(group.Realm, group);
            groups.Add(group);
        }

        binding.Group = group;
        group.Add(binding);
    }

    private void Leave(ProxyBinding binding)
    {
        var group = binding.Group!;
        var realm = binding.Identifier.Realm;
        group.Remove(binding);
        binding.Group = null;
        if (group.Count > 0)
        {
            return;
        }

        group.Peer.Groups.Remove(group.Realm);
        if (realms.TryGet(realm, out var groups) && groups.Remove(group) && groups.Count == 0)
        {
            realms.Remove(group.Realm);
        }

        if (group.Peer.Groups.Count == 0)
        {
            var sameEnvelope = peers[KeyOf(group.Peer.Envelope)];
            sameEnvelope.Remove(group.Peer);
            if (sameEnvelope.Count == 0)
            {
                peers.Remove(KeyOf(group.Peer.Envelope));
            }

            var sameAddress = peersByAddress[group.Peer.Address];
            sameAddress.Remove(group.Peer);
            if (sameAddress.Count == 0)
            {
                peersByAddress.Remove(group.Peer.Address);
            }
        }
    }
}
