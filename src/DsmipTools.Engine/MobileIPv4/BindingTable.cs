using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// The mobility binding list of a home agent (RFC 5944, 3.8.1; RFC 5454, 3.3.2) with its indexes: by home address, by prefix with longest
/// match, by Network Access Identifier, and by the end of the lifetime.
/// </summary>
internal sealed class BindingTable
{
    private readonly Dictionary<Address, MobileNodeEntry> byHomeAddress = [];
    private readonly Dictionary<NetworkAccessIdentifier, List<MobileNodeEntry>> byNai = [];
    private readonly PrefixTable<MobileNodeEntry> byPrefix = new();
    private readonly TimerQueue<MobileNodeEntry> byEnd = new();

    /// <summary>The number of bindings.</summary>
    public int Count { get; private set; }

    /// <summary>The number of bindings that wait for a keepalive to tell where their packets go.</summary>
    public int HalfBound { get; private set; }

    /// <summary>When the next lifetime may end.</summary>
    public TimeSpan? NextEnd => byEnd.NextDeadline;

    /// <summary>The bindings by home address.</summary>
    public IEnumerable<MobileNodeEntry> Bound => byHomeAddress.Values.Where(node => node.Grant is not null).OrderBy(node => node.HomeAddress);

    /// <summary>The entry of a mobile node, made when there is none: only for nodes that have authenticated themselves.</summary>
    public MobileNodeEntry GetOrAdd(Address homeAddress)
    {
        if (!byHomeAddress.TryGetValue(homeAddress, out var node))
        {
            byHomeAddress.Add(homeAddress, node = new MobileNodeEntry(homeAddress));
        }

        return node;
    }

    /// <summary>The entry of a mobile node that has ever authenticated itself, bound or not; null for none.</summary>
    public MobileNodeEntry? Known(Address homeAddress) => byHomeAddress.GetValueOrDefault(homeAddress);

    /// <summary>The bound node with a home address; null for none.</summary>
    public MobileNodeEntry? Find(Address homeAddress) =>
        byHomeAddress.TryGetValue(homeAddress, out var node) && node.Grant is not null ? node : null;

    /// <summary>The bound node under whose prefix an IPv6 address lies, longest match; null for none.</summary>
    public MobileNodeEntry? FindByPrefix(Address address) => byPrefix.TryFind(address, out _, out var node) ? node : null;

    /// <summary>The bound nodes with a Network Access Identifier.</summary>
    public IEnumerable<MobileNodeEntry> FindByNai(NetworkAccessIdentifier nai) => byNai.TryGetValue(nai, out var nodes) ? nodes : [];

    /// <summary>The bound nodes that a filter may fit, each once, by an index where the filter names one.</summary>
    public IReadOnlyList<MobileNodeEntry> Select(BindingFilter filter)
    {
        IEnumerable<MobileNodeEntry?> found =
            filter.HomeAddresses.Count > 0 ? filter.HomeAddresses.Select(Find)
            : filter.Identifiers.Count > 0 ? filter.Identifiers.SelectMany(identifier => FindByNai(new NetworkAccessIdentifier(Encoding.UTF8.GetBytes(identifier))))
            : filter.Prefixes.Count > 0 ? filter.Prefixes.Select(FindAround)
            : filter.Containing.Count > 0 ? filter.Containing.Select(FindAround)
            : byHomeAddress.Values.Where(node => node.Grant is not null);
        return [.. found.OfType<MobileNodeEntry>().Distinct()];
    }

    /// <summary>True when a prefix overlaps one of another node.</summary>
    public bool IsHeldByAnother(Prefix prefix, MobileNodeEntry self) => byPrefix.OverlapsAnother(prefix, self);

    /// <summary>The next node whose lifetime has ended.</summary>
    public bool TryTakeEnded(TimeSpan now, out MobileNodeEntry node) => byEnd.TryTake(now, out node);

    /// <summary>Gives a node a binding, another one, or none, and keeps the indexes right.</summary>
    public void Bind(MobileNodeEntry node, Grant? grant)
    {
        if (node.Grant is { } old)
        {
            Count--;
            HalfBound -= old.IsHalfBound ? 1 : 0;
            Unlist(node, old);
        }

        node.Grant = grant;
        if (grant is not null)
        {
            Count++;
            HalfBound += grant.IsHalfBound ? 1 : 0;
            List(node, grant);
        }
    }

    /// <summary>Sets what every accepted request renews, the end of the lifetime among it.</summary>
    public void Renew(MobileNodeEntry node, in Lease lease)
    {
        node.Lease = lease;
        if (lease.End == TimeSpan.MaxValue)
        {
            byEnd.Cancel(node);
        }
        else
        {
            byEnd.Schedule(node);
        }
    }

    // Prefixes of two nodes never overlap, so that only one node has what is around a prefix.
    private MobileNodeEntry? FindAround(Prefix prefix) => byPrefix.TryFindCovering(prefix, out _, out var node) ? node : null;

    private void List(MobileNodeEntry node, Grant grant)
    {
        foreach (var registered in grant.Prefixes)
        {
            if (registered.Prefix.IsPrefix)
            {
                byPrefix.TryAdd(registered.Prefix, node);
            }
        }

        if (grant.Nai is { } nai)
        {
            if (!byNai.TryGetValue(nai, out var nodes))
            {
                byNai.Add(nai, nodes = []);
            }

            nodes.Add(node);
        }
    }

    private void Unlist(MobileNodeEntry node, Grant grant)
    {
        foreach (var registered in grant.Prefixes)
        {
            if (registered.Prefix.IsPrefix)
            {
                byPrefix.Remove(registered.Prefix);
            }
        }

        if (grant.Nai is { } nai && byNai.TryGetValue(nai, out var nodes) && nodes.Remove(node) && nodes.Count == 0)
        {
            byNai.Remove(nai);
        }
    }
}
