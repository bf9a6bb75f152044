using System.Collections.Concurrent;
using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Security;

/// <summary>
/// The security associations that agents share. Agents look them up on their loops while administrators add and remove: a look-up takes
/// no lock and allocates nothing. Several of one holder stand side by side, so that keys can change: the new one is added before it is used,
/// and the old one is removed when nobody uses it any more.
/// </summary>
public sealed class SecurityAssociations
{
    // The few associations of one holder stand in an array that is never changed, only replaced.
    private readonly ConcurrentDictionary<SecurityAssociationHolder, SecurityAssociation[]> byHolder = new();
    private readonly Lock writing = new();

    /// <summary>Adds an association; false when its holder already has one with this SPI.</summary>
    public bool TryAdd(SecurityAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        lock (writing)
        {
            var present = Of(association.Holder);
            if (Array.Exists(present, other => other.SecurityParameterIndex == association.SecurityParameterIndex))
            {
                return false;
            }

            byHolder[association.Holder] = [.. present.Append(association).OrderBy(other => other.SecurityParameterIndex)];
            return true;
        }
    }

    /// <summary>Adds an association.</summary>
    /// <exception cref="ArgumentException">Its holder already has one with this SPI; remove that one first.</exception>
    public void Add(SecurityAssociation association)
    {
        if (!TryAdd(association))
        {
            throw new ArgumentException($"There is already a security association {association}.", nameof(association));
        }
    }

    /// <summary>Removes an association; false when it is not there. Bindings that were made with it stay until they expire.</summary>
    public bool Remove(SecurityAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        lock (writing)
        {
            var present = Of(association.Holder);
            var kept = Array.FindAll(present, other => other.SecurityParameterIndex != association.SecurityParameterIndex);
            if (kept.Length == 0)
            {
                byHolder.TryRemove(association.Holder, out _);
            }
            else
            {
                byHolder[association.Holder] = kept;
            }

            return kept.Length < present.Length;
        }
    }

    /// <summary>Removes the association of a mobile node with its home agent; false when there was none.</summary>
    public bool Remove(Address homeAddress, uint securityParameterIndex) => Find(homeAddress, securityParameterIndex) is { } found && Remove(found);

    /// <summary>The association of a home address and its home agent with an SPI; null for none.</summary>
    public SecurityAssociation? Find(Address homeAddress, uint securityParameterIndex) =>
        Find(SecurityAssociationKind.MobileHome, homeAddress, securityParameterIndex);

    /// <summary>The association of a kind with an SPI; null for none.</summary>
    /// <param name="kind">Between whom it is.</param>
    /// <param name="address">The home address, or between agents the address of the other one.</param>
    /// <param name="securityParameterIndex">The SPI.</param>
    public SecurityAssociation? Find(SecurityAssociationKind kind, Address address, uint securityParameterIndex) =>
        Find(new SecurityAssociationHolder(kind, address, null), securityParameterIndex);

    /// <summary>The association of a mobile node that is known by its identifier with an SPI; null for none.</summary>
    public SecurityAssociation? Find(NetworkAccessIdentifier identifier, uint securityParameterIndex) =>
        Find(new SecurityAssociationHolder(SecurityAssociationKind.MobileHome, Address.AnyIPv4, identifier), securityParameterIndex);

    /// <summary>The associations of a home address with its home agent by rising SPI; none gives an empty list.</summary>
    public IReadOnlyList<SecurityAssociation> Find(Address homeAddress) => Find(SecurityAssociationKind.MobileHome, homeAddress);

    /// <summary>The associations of a kind by rising SPI; none gives an empty list.</summary>
    /// <param name="kind">Between whom they are.</param>
    /// <param name="address">The home address, or between agents the address of the other one.</param>
    public IReadOnlyList<SecurityAssociation> Find(SecurityAssociationKind kind, Address address) => Of(new SecurityAssociationHolder(kind, address, null));

    /// <summary>All associations at this moment: by kind, then by address or identifier, then by SPI.</summary>
    public IReadOnlyList<SecurityAssociation> List() => [.. byHolder.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value)];

    private SecurityAssociation? Find(in SecurityAssociationHolder holder, uint securityParameterIndex)
    {
        foreach (var association in Of(holder))
        {
            if (association.SecurityParameterIndex == securityParameterIndex)
            {
                return association;
            }
        }

        return null;
    }

    private SecurityAssociation[] Of(in SecurityAssociationHolder holder) => byHolder.TryGetValue(holder, out var found) ? found : [];
}
