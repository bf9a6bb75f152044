using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>Which bindings are to be revoked.</summary>
public enum RevocationScope
{
    /// <summary>All bindings of one mobile node, or one of them (RFC 5846, 8.1).</summary>
    MobileNode,

    /// <summary>All bindings of a realm, at every peer (RFC 5846, 8.1: trigger 129).</summary>
    Realm,

    /// <summary>All bindings registered through one peer (RFC 5846, 8.1: trigger 128).</summary>
    Peer,
}

/// <summary>What an administrator asks an initiator to revoke.</summary>
public sealed record RevocationRequest
{
    private RevocationRequest()
    {
    }

    /// <summary>Which bindings.</summary>
    public RevocationScope Scope { get; private init; }

    /// <summary>The Network Access Identifier, or the realm without its @; null for a peer.</summary>
    public string? Identifier { get; private init; }

    /// <summary>One home network prefix of the mobile node; null for all of its bindings.</summary>
    public Prefix? Prefix { get; private init; }

    /// <summary>The peer; null for all.</summary>
    public Address? PeerAddress { get; private init; }

    /// <summary>The Revocation Trigger: global for a realm and a peer, per mobile node otherwise (RFC 5846, 6.1.1).</summary>
    public RevocationTrigger Trigger { get; private init; }

    /// <summary>All bindings of a mobile node, or the one with a prefix.</summary>
    /// <exception cref="ArgumentException">The trigger is no per-MN trigger, or the identifier is empty or too long.</exception>
    public static RevocationRequest MobileNode(
        string identifier, Prefix? prefix = null, RevocationTrigger trigger = RevocationTrigger.AdministrativeReason)
    {
        _ = Bindings.NetworkAccessIdentifier.Parse(identifier);
        return trigger.IsPerMobileNode()
            ? new RevocationRequest { Scope = RevocationScope.MobileNode, Identifier = identifier, Prefix = prefix?.Canonical, Trigger = trigger }
            : throw new ArgumentException(
                $"Trigger {(byte)trigger} is a global one; with one mobile node the trigger is below 128 (RFC 5846, 6.1.1).", nameof(trigger));
    }

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

    /// <summary>All bindings registered through a peer.</summary>
    public static RevocationRequest Peer(Address peer) => new()
    {
        Scope = RevocationScope.Peer,
        PeerAddress = peer,
        Trigger = RevocationTrigger.PerPeerPolicy,
    };

    /// <inheritdoc/>
    public override string ToString() => Scope switch
    {
        RevocationScope.Realm => $"realm {Identifier}",
        RevocationScope.Peer => $"peer {PeerAddress}",
        _ => Prefix is { } prefix ? $"{Identifier}, {prefix}" : Identifier!,
    };
}
