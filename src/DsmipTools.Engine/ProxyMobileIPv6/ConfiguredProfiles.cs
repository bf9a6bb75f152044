using System.Globalization;
using DsmipTools.Engine.Bindings;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// Policy profiles from configuration, by <see cref="IdentifierPattern"/>. A profile for one mobile node by name comes before all others; of those the
/// first one that fits counts. A mobile node that none fits is not served: a last profile for <c>*</c> serves all others.
/// </summary>
public sealed class ConfiguredProfiles : IPolicyStore
{
    private readonly Dictionary<NetworkAccessIdentifier, PolicyProfile> named = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Dictionary<NetworkAccessIdentifier, PolicyProfile>.AlternateLookup<ReadOnlySpan<byte>> namedByOctets;
    private readonly List<(IdentifierPattern Pattern, PolicyProfile Profile)> patterns = [];

    /// <summary>Makes the store.</summary>
    /// <param name="profiles">The profiles, each with the mobile nodes that it is for.</param>
    /// <exception cref="ArgumentException">A pattern is none, a mobile node has two profiles, or a gateway's address is no unicast address.</exception>
    public ConfiguredProfiles(IEnumerable<KeyValuePair<string, PolicyProfile>> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        namedByOctets = named.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var (nodes, profile) in profiles)
        {
            if (profile.Gateways.Any(address => !address.IsUnicast))
            {
                throw new ArgumentException($"The profile of {nodes} names a gateway by an address that is no unicast address.", nameof(profiles));
            }

            var pattern = IdentifierPattern.Parse(nodes);
            if (!pattern.IsOfOne)
            {
                patterns.Add((pattern, profile));
            }
            else if (!named.TryAdd(NetworkAccessIdentifier.Parse(nodes), profile))
            {
                throw new ArgumentException($"{nodes} has two profiles.", nameof(profiles));
            }
        }
    }

    /// <inheritdoc/>
    public PolicyProfile? Find(ReadOnlySpan<byte> identifier)
    {
        if (namedByOctets.TryGetValue(identifier, out var own))
        {
            return own;
        }

        foreach (var (pattern, profile) in patterns)
        {
            if (pattern.Matches(identifier))
            {
                return profile;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{named.Count + patterns.Count} profiles");
}
