using DsmipTools.Engine.Revocation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools;

/// <summary>What to revoke, as scripts write it: <c>lma.RevokeAsync(Revocation.Realm("example.com"))</c>.</summary>
public static class Revocation
{
    /// <inheritdoc cref="RevocationRequest.Realm(string)"/>
    public static RevocationRequest Realm(string realm) => RevocationRequest.Realm(realm);

    /// <inheritdoc cref="RevocationRequest.Realm(string, Address)"/>
    public static RevocationRequest Realm(string realm, Address proxyCareOfAddress) => RevocationRequest.Realm(realm, proxyCareOfAddress);

    /// <inheritdoc cref="RevocationRequest.MobileNode(string, Prefix?, RevocationTrigger)"/>
    public static RevocationRequest MobileNode(
        string identifier, Prefix? prefix = null, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        RevocationRequest.MobileNode(identifier, prefix, trigger);

    /// <inheritdoc cref="RevocationRequest.MobileNode(string, ValueList{Prefix}, RevocationTrigger)"/>
    public static RevocationRequest MobileNode(
        string identifier, ValueList<Prefix> prefixes, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        RevocationRequest.MobileNode(identifier, prefixes, trigger);

    /// <inheritdoc cref="RevocationRequest.IPv4"/>
    public static RevocationRequest IPv4(
        string identifier, Address? address = null, RevocationTrigger trigger = RevocationTrigger.UserInitiatedSessionTermination) =>
        RevocationRequest.IPv4(identifier, address, trigger);

    /// <inheritdoc cref="RevocationRequest.Peer(Address)"/>
    public static RevocationRequest Peer(Address peer) => RevocationRequest.Peer(peer);

    /// <inheritdoc cref="RevocationRequest.Gateway(Address?)"/>
    public static RevocationRequest Gateway(Address? proxyCareOfAddress = null) => RevocationRequest.Gateway(proxyCareOfAddress);
}
