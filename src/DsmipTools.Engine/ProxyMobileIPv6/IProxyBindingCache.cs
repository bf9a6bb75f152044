using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The binding cache of a local mobility anchor (RFC 5213, 5.1): every question is answered without scanning.</summary>
internal interface IProxyBindingCache
{
    int Count { get; }

    /// <summary>The binding one of whose prefixes is exactly this one.</summary>
    ProxyBinding? Find(Prefix prefix);

    /// <summary>The binding under whose prefix an IPv6 address lies, by the longest match; or whose IPv4 home address an IPv4 address is.</summary>
    ProxyBinding? Find(Address address);

    /// <summary>The first binding of a mobile node; the others follow by <see cref="ProxyBinding.NextOfNode"/>.</summary>
    ProxyBinding? Find(ReadOnlySpan<byte> identifier);

    /// <summary>The groups of a realm, ordered by peer.</summary>
    IReadOnlyList<BindingGroup> FindRealm(ReadOnlySpan<byte> realm);

    /// <summary>The groups of the peers with a proxy care-of address, ordered.</summary>
    IReadOnlyList<BindingGroup> FindPeer(Address address);

    /// <summary>The group that a binding of a mobile node at the peer of a path stands in; null when there is none.</summary>
    BindingGroup? FindGroup(ReadOnlySpan<byte> identifier, in GatewayPath path);

    /// <summary>Adds a binding.</summary>
    void Add(ProxyBinding binding, in GatewayPath path);

    /// <summary>Moves a binding to the peer of a path.</summary>
    void Move(ProxyBinding binding, in GatewayPath path);

    /// <summary>Gives a binding other prefixes, or none.</summary>
    void SetPrefixes(ProxyBinding binding, SessionPrefixes value);

    /// <summary>Gives a binding another IPv4 home address, or none.</summary>
    void SetIPv4HomeAddress(ProxyBinding binding, Address? value);

    /// <summary>Removes a binding.</summary>
    void Remove(ProxyBinding binding);

    /// <summary>The bindings that a filter may fit, each once, by an index where the filter names one: for administrators, not for agents.</summary>
    IReadOnlyList<ProxyBinding> Select(BindingFilter filter);

    /// <summary>All bindings in order of their first prefixes, those without prefixes last in order of their IPv4 home addresses: for administrators, not for agents.</summary>
    IEnumerable<ProxyBinding> Enumerate();
}
