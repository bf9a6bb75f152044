using System.Text;
using DsmipTools.Engine.Revocation;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>One indication that a request needs: whom it goes to, which bindings it is about, and how it names them (RFC 5846, 8.1).</summary>
internal sealed record RevocationTarget(MobilityPeer Peer, List<ProxyBinding> Bindings, ProxyIndication Indication)
{
    /// <summary>More prefixes than this are not listed where the mobile node's identifier alone means the same (RFC 5846, 8.1).</summary>
    private const int ListedPrefixes = 8;

    /// <summary>The indications for a request, ordered by peer.</summary>
    public static List<RevocationTarget> Select(IProxyBindingCache cache, RevocationRequest request) =>
        request.Scope == RevocationScope.MobileNode ? OfNode(cache, request) : OfGroups(cache, request);

    private static List<RevocationTarget> OfNode(IProxyBindingCache cache, RevocationRequest request)
    {
        var bindings = new List<ProxyBinding>();
        for (var binding = cache.Find(Encoding.UTF8.GetBytes(request.Identifier!)); binding is not null; binding = binding.NextOfNode)
        {
            if (!binding.IsDeregistered && (request.Prefixes.Count == 0 || request.Prefixes.Any(binding.Prefixes.Contains)))
            {
                bindings.Add(binding);
            }
        }

        return
        [
            .. bindings
                .OrderBy(binding => binding.Prefixes.First)
                .GroupBy(binding => binding.Peer)
                .Select(group => OfNode(group.Key, [.. group], request)),
        ];
    }

    /// <summary>The identifier as the update spelled it, and the prefixes of the bindings that are meant.</summary>
    private static RevocationTarget OfNode(MobilityPeer peer, List<ProxyBinding> bindings, RevocationRequest request)
    {
        var prefixes = bindings.SelectMany(binding => binding.Prefixes.ToList()).ToList();
        if (prefixes.Count > (request.Prefixes.Count == 0 ? ListedPrefixes : RevocationRequest.MostPrefixes))
        {
            // One prefix of each binding names it; without any prefix all bindings of the mobile node would be meant.
            prefixes = [.. request.Prefixes.Where(prefix => bindings.Exists(binding => binding.Prefixes.Contains(prefix)))];
        }

        return new RevocationTarget(
            peer, bindings, new ProxyIndication(request.Trigger) { Identifier = bindings[0].Identifier.Octets.ToArray(), Prefixes = prefixes });
    }

    private static List<RevocationTarget> OfGroups(IProxyBindingCache cache, RevocationRequest request)
    {
        var isRealm = request.Scope == RevocationScope.Realm;
        var indication = new ProxyIndication(request.Trigger) { Identifier = isRealm ? Encoding.UTF8.GetBytes("@" + request.Identifier) : null };
        var targets = new List<RevocationTarget>();
        var groups = isRealm ? cache.FindRealm(Encoding.UTF8.GetBytes(request.Identifier!)) : cache.FindPeer(request.PeerAddress!.Value);
        foreach (var group in groups)
        {
            if (targets.Count == 0 || targets[^1].Peer != group.Peer)
            {
                targets.Add(new RevocationTarget(group.Peer, new List<ProxyBinding>(group.Count), indication));
            }

            group.CopyTo(targets[^1].Bindings);
        }

        // A de-registered binding waits for its end only; there is nothing left to revoke.
        targets.ForEach(target => target.Bindings.RemoveAll(binding => binding.IsDeregistered));
        targets.RemoveAll(target => target.Bindings.Count == 0);
        return targets;
    }
}
