using System.Text;
using DsmipTools.Engine.Revocation;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>One indication that a request needs: whom it goes to, which bindings it is about, and how it names them (RFC 5846, 8.1).</summary>
internal sealed record RevocationTarget(MobilityPeer Peer, List<ProxyBinding> Bindings, ProxyIndication Indication)
{
    /// <summary>More prefixes than this are not listed where the mobile node's identifier alone means the same (RFC 5846, 8.1).</summary>
    private const int ListedPrefixes = 8;

    /// <summary>The indications for a request, ordered by peer.</summary>
    public static List<RevocationTarget> Select(IProxyBindingCache cache, RevocationRequest request, IPv4HomeNetwork? network) =>
        request.Scope == RevocationScope.Gateway ? throw new ArgumentException("A mobile access gateway revokes all of its bindings; a local mobility anchor revokes those of a peer.")
        : request.Scope == RevocationScope.HomeAddress ? []
        : request.Scope != RevocationScope.MobileNode ? OfGroups(cache, request)
        : request.IPv4Only ? OfIPv4(cache, request, network)
        : OfNode(cache, request);

    /// <summary>
    /// One IPv4 home address each (RFC 5846, 8.1: with V, and without prefixes). A binding that is being revoked as a whole loses its address
    /// with it; one whose gateway is asked where the mobile node is may keep it.
    /// </summary>
    private static List<RevocationTarget> OfIPv4(IProxyBindingCache cache, RevocationRequest request, IPv4HomeNetwork? network)
    {
        var targets = new List<RevocationTarget>();
        for (var binding = cache.Find(Encoding.UTF8.GetBytes(request.Identifier!)); binding is not null; binding = binding.NextOfNode)
        {
            var isMeant = request.IPv4HomeAddress is null || request.IPv4HomeAddress == binding.IPv4HomeAddress;
            if (isMeant && binding is { IsDeregistered: false, IPv4HomeAddress: { } address, Revocation: null or { Command: { IsOwn: true } or { Request.IPv4Only: true } } })
            {
                var indication = new ProxyIndication(request.Trigger)
                {
                    Identifier = binding.Identifier.Octets.ToArray(), IPv4HomeAddress = address, IPv4PrefixLength = network!.PrefixLength,
                    CareOfAddress = binding.Peer.AlternateCareOfAddress,
                };
                targets.Add(new RevocationTarget(binding.Peer, [binding], indication));
            }
        }

        targets.Sort((left, right) => left.Bindings[0].IPv4HomeAddress!.Value.CompareTo(right.Bindings[0].IPv4HomeAddress!.Value));
        return targets;
    }

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
        if (request.Prefixes.Count == 0 && bindings.Exists(binding => binding.IPv4HomeAddress is not null))
        {
            // The identifier alone means the IPv4 home addresses too, beyond doubt (RFC 5846, 8.2).
            prefixes = [];
        }
        else if (prefixes.Count > (request.Prefixes.Count == 0 ? ListedPrefixes : RevocationRequest.MostPrefixes))
        {
            // One prefix of each binding names it; without any prefix all bindings of the mobile node would be meant.
            prefixes = [.. request.Prefixes.Where(prefix => bindings.Exists(binding => binding.Prefixes.Contains(prefix)))];
        }

        return new RevocationTarget(
            peer,
            bindings,
            new ProxyIndication(request.Trigger)
            {
                Identifier = bindings[0].Identifier.Octets.ToArray(), Prefixes = prefixes, CareOfAddress = peer.AlternateCareOfAddress,
            });
    }

    private static List<RevocationTarget> OfGroups(IProxyBindingCache cache, RevocationRequest request)
    {
        var isRealm = request.Scope == RevocationScope.Realm;
        var indication = new ProxyIndication(request.Trigger)
        {
            Identifier = isRealm ? Encoding.UTF8.GetBytes("@" + request.Identifier) : null, CareOfAddress = request.CareOfAddress,
        };
        var targets = new List<RevocationTarget>();
        var groups = isRealm ? cache.FindRealm(Encoding.UTF8.GetBytes(request.Identifier!)) : cache.FindPeer(request.PeerAddress!.Value);
        foreach (var group in groups.Where(group => request.CareOfAddress is null || request.CareOfAddress == group.Peer.Address))
        {
            if (targets.Count == 0 || targets[^1].Peer != group.Peer)
            {
                // All of a peer is said without options (8.1).
                targets.Add(new RevocationTarget(
                    group.Peer,
                    new List<ProxyBinding>(group.Count),
                    isRealm && group.Peer.AlternateCareOfAddress is { } alternate ? indication with { CareOfAddress = alternate } : indication));
            }

            group.CopyTo(targets[^1].Bindings);
        }

        // A de-registered binding waits for its end only; there is nothing left to revoke.
        targets.ForEach(target => target.Bindings.RemoveAll(binding => binding.IsDeregistered));
        targets.RemoveAll(target => target.Bindings.Count == 0);
        return targets;
    }
}
