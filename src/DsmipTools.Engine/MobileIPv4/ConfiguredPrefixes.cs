using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// A prefix policy from configuration: ranges in which every mobile node may register, and prefixes that belong to one home address. What
/// belongs to one home address is barred to all others, even inside a range.
/// </summary>
public sealed class ConfiguredPrefixes : IPrefixPolicy
{
    private readonly Prefix[] ranges;
    private readonly PrefixTable<Address> assignments = new();

    /// <summary>Makes the policy.</summary>
    /// <param name="ranges">Prefixes within which every mobile node may register.</param>
    /// <param name="assignments">Prefixes that one home address may register, whole or parts of them.</param>
    /// <exception cref="ArgumentException">A prefix is longer than 128 bits or has bits set beyond its length, or two home addresses are given the same addresses.</exception>
    public ConfiguredPrefixes(IEnumerable<Prefix> ranges, IEnumerable<KeyValuePair<Address, Prefix>>? assignments = null)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        this.ranges = [.. ranges.Select(range => Checked(range, nameof(ranges)))];
        foreach (var (homeAddress, prefix) in assignments ?? [])
        {
            if (this.assignments.OverlapsAnother(Checked(prefix, nameof(assignments)), homeAddress))
            {
                throw new ArgumentException($"{prefix} overlaps a prefix that is assigned to another home address than {homeAddress}.", nameof(assignments));
            }

            this.assignments.TryAdd(prefix, homeAddress);
        }
    }

    /// <summary>No prefix may be registered.</summary>
    public static ConfiguredPrefixes None { get; } = new([]);

    /// <inheritdoc/>
    public bool Authorizes(Address homeAddress, Prefix prefix)
    {
        if (assignments.OverlapsAnother(prefix, homeAddress))
        {
            return false;
        }

        foreach (var range in ranges)
        {
            if (range.Contains(prefix))
            {
                return true;
            }
        }

        return assignments.TryFindCovering(prefix, out _, out _);
    }

    private static Prefix Checked(Prefix prefix, string argument) => prefix.IsPrefix && prefix.IsCanonical
        ? prefix
        : throw new ArgumentException($"{prefix} is no prefix, or has bits set beyond its length.", argument);
}
