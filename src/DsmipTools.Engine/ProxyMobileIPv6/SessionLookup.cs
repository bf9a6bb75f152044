using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Which mobility session an update is about (RFC 5213, 5.4.1).</summary>
/// <param name="Status">Accepted, or why the update is refused.</param>
/// <param name="Binding">The session; null for a new one.</param>
internal readonly record struct SessionLookup(BindingStatus Status, ProxyBinding? Binding)
{
    /// <summary>Prefixes of one update that are compared; an update with more matches no session.</summary>
    private const int MostPrefixes = LocalMobilityAnchorOptions.MostPrefixes;

    /// <summary>
    /// True when the update is about that session only if the mobile node has left the gateway that has it, and about a new one otherwise: the
    /// handoff state is unknown, and it is the only session of the mobile node.
    /// </summary>
    public bool IsUncertain { get; private init; }

    private static SessionLookup NewSession => default;

    public static SessionLookup Find(IProxyBindingCache cache, in ProxyUpdate request)
    {
        if (request.NamedPrefixes > 0)
        {
            return ByPrefix(cache, request);
        }

        if (request.NamesIPv4HomeAddress)
        {
            return ByIPv4HomeAddress(cache, request);
        }

        var first = cache.Find(request.Identifier);
        return first is null ? NewSession
            : request.LinkLayerIdentifier.IsEmpty ? ByIdentifier(first, request)
            : ByInterface(first, request);
    }

    /// <summary>5.4.1.1: the update names prefixes.</summary>
    private static SessionLookup ByPrefix(IProxyBindingCache cache, in ProxyUpdate request)
    {
        if (FindAny(cache, request) is not { } found)
        {
            return NewSession;
        }

        if (!found.Identifier.Matches(request.Identifier))
        {
            return Refused(BindingStatus.NotAuthorizedForHomeNetworkPrefix);
        }

        if (!HasSamePrefixes(found, request))
        {
            return Refused(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch);
        }

        if (IsOf(found, request))
        {
            return new SessionLookup(BindingStatus.Accepted, found);
        }

        // Otherwise a new session is meant (6), for which the prefixes of another one are not free (5.3.2 (3)).
        return request.Update.Lifetime == 0 ? NewSession : Refused(BindingStatus.NotAuthorizedForHomeNetworkPrefix);
    }

    /// <summary>RFC 5844, 3.1.2.7: the IPv4 home address is the key, with the same rules.</summary>
    private static SessionLookup ByIPv4HomeAddress(IProxyBindingCache cache, in ProxyUpdate request)
    {
        if (cache.Find(request.IPv4HomeAddress) is not { } found)
        {
            return NewSession;
        }

        return found.Identifier.Matches(request.Identifier) && IsOf(found, request) ? new SessionLookup(BindingStatus.Accepted, found)
            : request.Update.Lifetime == 0 ? NewSession
            : Refused(BindingStatus.NotAuthorizedForIPv4HomeAddress);
    }

    /// <summary>The four cases of 5.4.1.1 (5) in which an update with the key of a session is about that session.</summary>
    private static bool IsOf(ProxyBinding found, in ProxyUpdate request)
    {
        var sameAccess = found.AccessTechnologyType == request.Technology;
        var identifier = request.LinkLayerIdentifier;
        return request.Indicator == HandoffIndicator.BetweenInterfaces
            || (sameAccess && !identifier.IsEmpty && identifier.SequenceEqual(found.LinkLayerIdentifier))
            || (sameAccess && identifier.IsEmpty && found.LinkLayerIdentifier.IsEmpty && request.Indicator == HandoffIndicator.BetweenGateways)
            || (sameAccess && found.Peer.Address == request.CareOfAddress);
    }

    /// <summary>5.4.1.2: the update names the interface of the mobile node.</summary>
    private static SessionLookup ByInterface(ProxyBinding first, in ProxyUpdate request)
    {
        for (var binding = first; binding is not null; binding = binding.NextOfNode)
        {
            if (binding.AccessTechnologyType == request.Technology && request.LinkLayerIdentifier.SequenceEqual(binding.LinkLayerIdentifier))
            {
                return new SessionLookup(BindingStatus.Accepted, binding);
            }
        }

        return ByIndicator(first, request, request.Indicator == HandoffIndicator.BetweenInterfaces);
    }

    /// <summary>5.4.1.3: the update names the mobile node alone.</summary>
    private static SessionLookup ByIdentifier(ProxyBinding first, in ProxyUpdate request)
    {
        for (var binding = first; binding is not null; binding = binding.NextOfNode)
        {
            // A repeated attachment from the same gateway over the same access is a retransmission whose answer got lost, not another
            // session; a de-registration without the prefix ends an attachment that was never answered.
            if (binding.Peer.Address == request.CareOfAddress
                && binding.AccessTechnologyType == request.Technology
                && binding.LinkLayerIdentifier.IsEmpty)
            {
                return new SessionLookup(BindingStatus.Accepted, binding);
            }
        }

        return ByIndicator(
            first, request, request.Indicator is HandoffIndicator.BetweenInterfaces or HandoffIndicator.BetweenGateways);
    }

    /// <summary>The only session of the mobile node is meant when the handoff indicator says so, or perhaps when it says nothing.</summary>
    private static SessionLookup ByIndicator(ProxyBinding first, in ProxyUpdate request, bool saysSo)
    {
        if (first.NextOfNode is not null)
        {
            return NewSession;
        }

        if (saysSo)
        {
            return new SessionLookup(BindingStatus.Accepted, first);
        }

        // From a new gateway alone (RFC 5846, 8.1); a session that was de-registered has been left.
        return request.Indicator == HandoffIndicator.Unknown && request.Update.Lifetime > 0 && first.Peer.Address != request.CareOfAddress
            ? new SessionLookup(BindingStatus.Accepted, first) { IsUncertain = !first.IsDeregistered }
            : NewSession;
    }

    private static ProxyBinding? FindAny(IProxyBindingCache cache, in ProxyUpdate request)
    {
        if (request.NamedPrefixes == 1)
        {
            return cache.Find(request.Prefix);
        }

        return FindAnyOfSeveral(cache, request);
    }

    /// <summary>Apart from the case of one prefix, which should not pay for the room that several need.</summary>
    private static ProxyBinding? FindAnyOfSeveral(IProxyBindingCache cache, in ProxyUpdate request)
    {
        foreach (var prefix in request.CopyNamedPrefixes(stackalloc Prefix[MostPrefixes]))
        {
            if (cache.Find(prefix) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>5.4.1.1 (4): the same prefixes, in any order, and as many.</summary>
    private static bool HasSamePrefixes(ProxyBinding found, in ProxyUpdate request)
    {
        if (request.Prefixes != found.Prefixes.Count || request.NamedPrefixes != request.Prefixes)
        {
            return false;
        }

        return request.Prefixes == 1 ? request.Prefix == found.Prefixes.First : HasAllPrefixes(found, request);
    }

    private static bool HasAllPrefixes(ProxyBinding found, in ProxyUpdate request)
    {
        var named = request.CopyNamedPrefixes(stackalloc Prefix[MostPrefixes]);
        for (var at = 0; at < found.Prefixes.Count; at++)
        {
            if (!named.Contains(found.Prefixes[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static SessionLookup Refused(BindingStatus status) => new(status, null);
}
