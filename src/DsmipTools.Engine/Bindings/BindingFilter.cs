using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// Which bindings somebody wants to see: those that fit one value of each list that is not empty. An agent goes to them by its indexes where it has
/// one for a list, and then looks no further than these: identifiers, prefixes, home addresses, realms, peers.
/// </summary>
public sealed record BindingFilter
{
    /// <summary>All bindings.</summary>
    public static BindingFilter All { get; } = new();

    /// <summary>Network Access Identifiers: the user part exactly, the realm without regard to ASCII case.</summary>
    public ValueList<string> Identifiers { get; init; }

    /// <summary>Realms: exactly these, not their sub-realms, without regard to ASCII case.</summary>
    public ValueList<string> Realms { get; init; }

    /// <summary>IPv6 prefixes: a prefix of the binding is exactly one of them.</summary>
    public ValueList<Prefix> Prefixes { get; init; }

    /// <summary>IPv6 prefixes: a prefix of the binding lies in one of them, or is it.</summary>
    public ValueList<Prefix> Within { get; init; }

    /// <summary>IPv6 prefixes, of 128 bits for an address: a prefix of the binding contains one of them, or is it.</summary>
    public ValueList<Prefix> Containing { get; init; }

    /// <summary>Home addresses: of Mobile IPv4, and the IPv4 home addresses of RFC 5844.</summary>
    public ValueList<Address> HomeAddresses { get; init; }

    /// <summary>Addresses of the other side.</summary>
    public ValueList<Address> Peers { get; init; }

    /// <summary>Care-of addresses and proxy care-of addresses.</summary>
    public ValueList<Address> CareOfAddresses { get; init; }

    /// <summary>States.</summary>
    public ValueList<BindingState> States { get; init; }

    /// <summary>The realms as indexes want them; one that is longer than any identifier (RFC 7542, 2.3) is nowhere.</summary>
    internal IEnumerable<byte[]> RealmOctets => Realms.Select(Encoding.UTF8.GetBytes).Where(realm => realm.Length <= 253);

    /// <summary>True for a binding that fits.</summary>
    public bool Matches(BindingSnapshot binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return (Identifiers.Count == 0 || (binding.Identifier is { } identifier && Any(Identifiers, identifier, IsSameNode)))
            && (Realms.Count == 0 || (binding.Identifier is { } ofRealm && Any(Realms, RealmOf(ofRealm), IsSameRealm)))
            && (Prefixes.Count == 0 || AnyPrefix(binding, Prefixes, static (own, wanted) => own == wanted.Canonical))
            && (Within.Count == 0 || AnyPrefix(binding, Within, static (own, wanted) => wanted.Contains(own)))
            && (Containing.Count == 0 || AnyPrefix(binding, Containing, static (own, wanted) => own.Contains(wanted)))
            && (HomeAddresses.Count == 0 || (binding.Home is { } home && HomeAddresses.Span.Contains(home)))
            && (Peers.Count == 0 || Peers.Span.Contains(binding.Peer))
            && (CareOfAddresses.Count == 0 || CareOfAddresses.Span.Contains(binding.CareOfAddress))
            && (States.Count == 0 || States.Span.Contains(binding.State));
    }

    private static bool AnyPrefix(BindingSnapshot binding, ValueList<Prefix> wanted, Func<Prefix, Prefix, bool> fits)
    {
        foreach (var own in binding.Prefixes)
        {
            if (Any(wanted, own, fits))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any<T>(ValueList<T> wanted, T own, Func<T, T, bool> fits)
    {
        foreach (var one in wanted)
        {
            if (fits(own, one))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameNode(string one, string other)
    {
        var (realm, otherRealm) = (RealmOf(one), RealmOf(other));
        return IsSameRealm(realm, otherRealm) && string.Equals(one[..^realm.Length], other[..^otherRealm.Length], StringComparison.Ordinal);
    }

    private static bool IsSameRealm(string one, string other) => Ascii.EqualsIgnoreCase(one, other) || one == other;

    private static string RealmOf(string identifier)
    {
        var at = identifier.LastIndexOf('@');
        return at < 0 ? "" : identifier[(at + 1)..];
    }
}
