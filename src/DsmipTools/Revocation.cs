using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools;

/// <summary>What to revoke, as scripts write it: <c>lma.RevokeAsync(Revocation.Realm("example.com"))</c>.</summary>
public static class Revocation
{
    /// <inheritdoc cref="RevocationRequest.Realm"/>
    public static RevocationRequest Realm(string realm) => RevocationRequest.Realm(realm);

    /// <inheritdoc cref="RevocationRequest.MobileNode"/>
    public static RevocationRequest MobileNode(
        string identifier, Prefix? prefix = null, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        RevocationRequest.MobileNode(identifier, prefix, trigger);

    /// <inheritdoc cref="RevocationRequest.Peer"/>
    public static RevocationRequest Peer(Address peer) => RevocationRequest.Peer(peer);
}
