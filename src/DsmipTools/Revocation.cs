using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
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

    /// <summary>
    /// One binding, and no other one of its mobile node: what names it is a prefix, or where it has none its IPv4 home address; with Mobile IPv4 always the
    /// home address.
    /// </summary>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, or the identifier is none that a request can name.</exception>
    public static RevocationRequest Binding(BindingSnapshot binding, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return binding is MobileIPv4Binding { HomeAddress: var home } ? RevocationRequest.HomeAddress(home, trigger)
            : binding.Prefixes.Count == 0 && binding is ProxyBindingSnapshot { IPv4HomeAddress: { } address }
            ? RevocationRequest.IPv4(binding.Identifier!, address, trigger)
            : RevocationRequest.MobileNode(binding.Identifier!, binding.Prefixes.Count > 0 ? binding.Prefixes[0] : (Prefix?)null, trigger);
    }

    /// <inheritdoc cref="RevocationRequest.HomeAddress(Address, RevocationTrigger)"/>
    public static RevocationRequest HomeAddress(Address homeAddress, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        RevocationRequest.HomeAddress(homeAddress, trigger);

    /// <inheritdoc cref="RevocationRequest.Peer(Address)"/>
    public static RevocationRequest Peer(Address peer) => RevocationRequest.Peer(peer);

    /// <inheritdoc cref="RevocationRequest.Gateway(Address?)"/>
    public static RevocationRequest Gateway(Address? proxyCareOfAddress = null) => RevocationRequest.Gateway(proxyCareOfAddress);
}
