using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Revocation;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The bindings of one realm at one peer: what a realm revocation and a peer revocation walk over, and nothing else.</summary>
internal sealed class BindingGroup(string realm, MobilityPeer peer) : Members<ProxyBinding>
{
    /// <summary>The realm as <see cref="RealmIndex{T}"/> keeps it.</summary>
    public string Realm { get; } = realm;

    public MobilityPeer Peer { get; } = peer;

    /// <summary>The last revocation of the whole group.</summary>
    public RevocationTransaction? Revocation { get; set; }

    /// <summary>True while the peer is being told to drop the whole group: a binding that joined now would stay behind here alone.</summary>
    public bool IsBeingRevoked => Revocation is { IsOutstanding: true };
}
