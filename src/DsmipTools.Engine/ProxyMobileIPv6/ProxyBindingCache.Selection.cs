using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Where administrators look for bindings: by the first index that a filter names.</content>
internal sealed partial class ProxyBindingCache
{
    public IReadOnlyList<ProxyBinding> Select(BindingFilter filter)
    {
        IEnumerable<ProxyBinding>? found =
            filter.Identifiers.Count > 0 ? filter.Identifiers.SelectMany(identifier => OfNode(Find(Encoding.UTF8.GetBytes(identifier))))
            : filter.Prefixes.Count > 0 ? filter.Prefixes.Select(prefix => Find(prefix.Canonical)).OfType<ProxyBinding>()
            : filter.HomeAddresses.Count > 0 ? filter.HomeAddresses.Where(address => address.IsIPv4).Select(Find).OfType<ProxyBinding>()
            : filter.Containing.Count > 0 ? filter.Containing.SelectMany(FindAround)
            : filter.Realms.Count > 0 ? filter.RealmOctets.SelectMany(realm => FindRealm(realm))
                .Where(group => filter.Peers.Count == 0 || filter.Peers.Contains(group.Peer.Address))
                .SelectMany(MembersOf)
            : filter.Peers.Count > 0 ? filter.Peers.SelectMany(FindPeer).SelectMany(MembersOf)
            : null;
        // Two values of a filter may mean one binding.
        return found is null ? All() : [.. found.Distinct()];
    }

    /// <summary>All bindings, those of one mobile node together.</summary>
    private List<ProxyBinding> All()
    {
        var all = new List<ProxyBinding>(Count);
        foreach (var first in nodes.Values)
        {
            for (ProxyBinding? binding = first; binding is not null; binding = binding.NextOfNode)
            {
                all.Add(binding);
            }
        }

        return all;
    }

    /// <summary>The bindings with a prefix that contains this one or is it, longest first.</summary>
    private IEnumerable<ProxyBinding> FindAround(Prefix prefix)
    {
        for (var length = (int)prefix.Length; length >= 0; length--)
        {
            if (lengths[length] > 0 && prefixes.TryGetValue(new Prefix(prefix.Bits, (byte)length).Canonical, out var binding))
            {
                yield return binding;
            }
        }
    }

    private static IEnumerable<ProxyBinding> OfNode(ProxyBinding? first)
    {
        for (var binding = first; binding is not null; binding = binding.NextOfNode)
        {
            yield return binding;
        }
    }

    private static List<ProxyBinding> MembersOf(BindingGroup group)
    {
        var members = new List<ProxyBinding>(group.Count);
        group.CopyTo(members);
        // The newest stands first there, which people do not expect.
        members.Reverse();
        return members;
    }
}
