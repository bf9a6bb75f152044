using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>Which bindings are to be revoked.</summary>
public enum RevocationScope
{
    /// <summary>All bindings of one mobile node, or one of them (RFC 5846, 8.1).</summary>
    MobileNode,

    /// <summary>The binding of one home address at a home agent of Mobile IPv4 (RFC 3543).</summary>
    HomeAddress,

    /// <summary>All bindings of a realm, at every peer (RFC 5846, 8.1: trigger 129).</summary>
    Realm,

    /// <summary>All bindings registered through one peer (RFC 5846, 8.1: trigger 128).</summary>
    Peer,

    /// <summary>All bindings of the mobile access gateway that is asked (RFC 5846, 9.2: trigger 128).</summary>
    Gateway,
}

/// <summary>What an administrator asks an initiator to revoke.</summary>
public sealed record RevocationRequest
{
    /// <summary>The most prefixes that a request can name: with the longest identifier they still fit one indication.</summary>
    public const int MostPrefixes = 64;

    private RevocationRequest()
    {
    }

    /// <summary>Which bindings.</summary>
    public RevocationScope Scope { get; private init; }

    /// <summary>The Network Access Identifier, or the realm without its @; null for a peer.</summary>
    public string? Identifier { get; private init; }

    /// <summary>The home network prefixes that name the bindings of the mobile node; none for all of its bindings.</summary>
    public ValueList<Prefix> Prefixes { get; private init; }

    /// <summary>The first of <see cref="Prefixes"/>; null for all bindings of the mobile node.</summary>
    public Prefix? Prefix => Prefixes.Count == 0 ? (Prefix?)null : Prefixes[0];

    /// <summary>True when only an IPv4 home address of the mobile node is to be revoked, and its home network prefixes stay (RFC 5846, 8.1: V).</summary>
    public bool IPv4Only { get; private init; }

    /// <summary>The home address, or with <see cref="IPv4Only"/> the IPv4 home address; null for every one of the mobile node.</summary>
    public Address? IPv4HomeAddress { get; private init; }

    /// <summary>The proxy care-of address that the bindings share, as the Alternate Care-of Address option names it; null for any.</summary>
    public Address? CareOfAddress { get; private init; }

    /// <summary>The peer; null for all.</summary>
    public Address? PeerAddress { get; private init; }

    /// <summary>The Revocation Trigger: global for a realm and a peer, per mobile node otherwise (RFC 5846, 6.1.1).</summary>
    public RevocationTrigger Trigger { get; private init; }

    /// <summary>The retransmission of its indications (RFC 5846, 6.3), where it is another than the initiator's own; null for that.</summary>
    public RevocationVariables? Retransmission { get; init; }

    /// <summary>All bindings of a mobile node, or the one with a prefix.</summary>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, or the identifier is empty or too long.</exception>
    public static RevocationRequest MobileNode(
        string identifier, Prefix? prefix = null, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        MobileNode(identifier, prefix is { } one ? [one] : default(ValueList<Prefix>), trigger);

    /// <summary>
    /// The bindings of a mobile node that have any of some prefixes. A binding is a mobility session, which goes with all of its prefixes:
    /// those of one interface are managed together (RFC 5213, 5.4), and one of them names it (RFC 5846, 5.1 and 8.2).
    /// </summary>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, the identifier is empty or too long, or there are too many prefixes.</exception>
    public static RevocationRequest MobileNode(
        string identifier, ValueList<Prefix> prefixes, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason)
    {
        _ = Bindings.NetworkAccessIdentifier.Parse(identifier);
        if (prefixes.Count > MostPrefixes)
        {
            throw new ArgumentException($"One indication lists at most {MostPrefixes} prefixes; {prefixes.Count} are asked for.", nameof(prefixes));
        }

        return trigger.IsPerMobileNode()
            ? new RevocationRequest
            {
                Scope = RevocationScope.MobileNode,
                Identifier = identifier,
                Prefixes = ValueList.From(prefixes.Select(prefix => prefix.Canonical).Distinct()),
                Trigger = trigger,
            }
            : throw new ArgumentException(
                $"Trigger {(byte)trigger} is a global one; with one mobile node the trigger is below 128 (RFC 5846, 6.1.1).", nameof(trigger));
    }

    /// <summary>The IPv4 home address of a mobile node; its home network prefixes stay (RFC 5846, 8.1).</summary>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, the identifier is empty or too long, or the address is no IPv4 address.</exception>
    public static RevocationRequest IPv4(
        string identifier, Address? address = null, RevocationTrigger trigger = RevocationTrigger.UserInitiatedSessionTermination) =>
        address is { IsIPv4: false }
            ? throw new ArgumentException($"{address} is no IPv4 address.", nameof(address))
            : MobileNode(identifier, trigger: trigger) with { IPv4Only = true, IPv4HomeAddress = address };

    /// <summary>The binding of a home address at a home agent of Mobile IPv4 (RFC 3543).</summary>
    /// <param name="homeAddress">The IPv4 home address.</param>
    /// <param name="trigger">With one about a handover the foreign agent is asked not to inform the mobile node.</param>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, or the address is no IPv4 address.</exception>
    public static RevocationRequest HomeAddress(Address homeAddress, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason) =>
        !homeAddress.IsIPv4 ? throw new ArgumentException($"{homeAddress} is no IPv4 address.", nameof(homeAddress))
        : !trigger.IsPerMobileNode() ? throw new ArgumentException($"Trigger {(byte)trigger} is a global one; with one mobile node the trigger is below 128.", nameof(trigger))
        : new RevocationRequest { Scope = RevocationScope.HomeAddress, IPv4HomeAddress = homeAddress, Trigger = trigger };

    /// <summary>All bindings of a realm. <c>example.com</c> and <c>@example.com</c> mean the same; sub-realms are not included.</summary>
    /// <exception cref="ArgumentException">The realm is empty, too long, or holds an @.</exception>
    public static RevocationRequest Realm(string realm)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(realm);
        var name = realm.StartsWith('@') ? realm[1..] : realm;
        if (name.Length == 0 || name.Contains('@', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{realm}' is no realm: write it as example.com.", nameof(realm));
        }

        _ = Bindings.NetworkAccessIdentifier.Parse("@" + name);
        return new RevocationRequest
        {
            Scope = RevocationScope.Realm,
            Identifier = name,
            Trigger = RevocationTrigger.RevokingMobilityNodeLocalPolicy,
        };
    }

    /// <summary>The bindings of a realm that share a proxy care-of address (RFC 5846, 8.1: a subgroup of a realm).</summary>
    /// <exception cref="ArgumentException">The realm is none, or the proxy care-of address is no IPv6 address.</exception>
    public static RevocationRequest Realm(string realm, Address proxyCareOfAddress) => Realm(realm) with { CareOfAddress = Named(proxyCareOfAddress) };

    /// <summary>All bindings registered through a peer.</summary>
    public static RevocationRequest Peer(Address peer) => new()
    {
        Scope = RevocationScope.Peer,
        PeerAddress = peer,
        Trigger = RevocationTrigger.PerPeerPolicy,
    };

    /// <summary>All bindings of a mobile access gateway, which tells its anchor (RFC 5846, 9.2).</summary>
    /// <param name="proxyCareOfAddress">Its proxy care-of address, to be named by the Alternate Care-of Address option; null leaves it to the source address.</param>
    /// <exception cref="ArgumentException">The proxy care-of address is no IPv6 address.</exception>
    public static RevocationRequest Gateway(Address? proxyCareOfAddress = null) => new()
    {
        Scope = RevocationScope.Gateway,
        CareOfAddress = proxyCareOfAddress is { } address ? Named(address) : (Address?)null,
        Trigger = RevocationTrigger.PerPeerPolicy,
    };

    /// <inheritdoc/>
    public override string ToString() => Scope switch
    {
        RevocationScope.Realm => CareOfAddress is { } shared ? $"realm {Identifier} at {shared}" : $"realm {Identifier}",
        RevocationScope.Gateway => "all of this gateway",
        RevocationScope.Peer => $"peer {PeerAddress}",
        RevocationScope.HomeAddress => $"home address {IPv4HomeAddress}",
        _ when IPv4Only => $"{Identifier}, IPv4{(IPv4HomeAddress is { } address ? $" {address}" : "")}",
        _ => Prefixes.Count == 0 ? Identifier! : $"{Identifier}, {string.Join(", ", Prefixes.Select(prefix => prefix.ToString()))}",
    };

    /// <summary>What an anchor tells or asks a gateway about a handover; the identifier may be one that nobody could ask for.</summary>
    internal static RevocationRequest Handover(string identifier, ValueList<Prefix> prefixes, RevocationTrigger trigger) =>
        new() { Scope = RevocationScope.MobileNode, Identifier = identifier, Prefixes = prefixes, Trigger = trigger };

    private static Address Named(Address careOfAddress) => careOfAddress.IsIPv6 && careOfAddress.IsUnicast
        ? careOfAddress
        : throw new ArgumentException(
            $"{careOfAddress} is no proxy care-of address that an indication can name: the Alternate Care-of Address option holds an IPv6 address "
            + "(RFC 6275, 6.2.5; RFC 5846, 8.1). Bindings over IPv4 are revoked by realm, by peer or by mobile node.",
            nameof(careOfAddress));
}
