using System.Collections.Concurrent;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Security;

/// <summary>
/// The security associations that agents share. Agents look them up on their loops while administrators add and remove: a look-up takes
/// no lock and allocates nothing.
/// </summary>
public sealed class SecurityAssociations
{
    // The few associations of one home address stand in an array that is never changed, only replaced.
    private readonly ConcurrentDictionary<Address, SecurityAssociation[]> byHomeAddress = new();
    private readonly Lock writing = new();

    /// <summary>Adds an association; false when its home address already has one with this SPI.</summary>
    public bool TryAdd(SecurityAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        lock (writing)
        {
            var present = Of(association.HomeAddress);
            if (Array.Exists(present, other => other.SecurityParameterIndex == association.SecurityParameterIndex))
            {
                return false;
            }

            byHomeAddress[association.HomeAddress] = [.. present.Append(association).OrderBy(other => other.SecurityParameterIndex)];
            return true;
        }
    }

    /// <summary>Adds an association.</summary>
    /// <exception cref="ArgumentException">Its home address already has one with this SPI; remove that one first.</exception>
    public void Add(SecurityAssociation association)
    {
        if (!TryAdd(association))
        {
            throw new ArgumentException($"There is already a security association {association}.", nameof(association));
        }
    }

    /// <summary>Removes an association; false when there was none. Bindings that were made with it stay until they expire.</summary>
    public bool Remove(Address homeAddress, uint securityParameterIndex)
    {
        lock (writing)
        {
            var present = Of(homeAddress);
            var kept = Array.FindAll(present, association => association.SecurityParameterIndex != securityParameterIndex);
            if (kept.Length == 0)
            {
                byHomeAddress.TryRemove(homeAddress, out _);
            }
            else
            {
                byHomeAddress[homeAddress] = kept;
            }

            return kept.Length < present.Length;
        }
    }

    /// <summary>The association of a home address with an SPI; null for none.</summary>
    public SecurityAssociation? Find(Address homeAddress, uint securityParameterIndex)
    {
        foreach (var association in Of(homeAddress))
        {
            if (association.SecurityParameterIndex == securityParameterIndex)
            {
                return association;
            }
        }

        return null;
    }

    /// <summary>The associations of a home address by rising SPI; none gives an empty list.</summary>
    public IReadOnlyList<SecurityAssociation> Find(Address homeAddress) => Of(homeAddress);

    /// <summary>All associations at this moment, by home address and SPI.</summary>
    public IReadOnlyList<SecurityAssociation> List() =>
        [.. byHomeAddress.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value)];

    private SecurityAssociation[] Of(Address homeAddress) => byHomeAddress.TryGetValue(homeAddress, out var found) ? found : [];
}
