using System.Collections.Concurrent;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Security;

/// <summary>
/// The IPsec security associations between anchors and gateways, and with them the policy: two addresses that have one exchange no signaling
/// without it, of whatever Mobility Header type (RFC 5213, 4.2; RFC 5846, 13). Agents look them up on their loops while administrators add and
/// remove: a look-up takes no lock and allocates nothing.
/// </summary>
public sealed class IPsecSecurityAssociations
{
    // The few associations of one direction stand in an array that is never changed, only replaced; the newest is the last.
    private readonly ConcurrentDictionary<(Address Source, Address Destination), IPsecSecurityAssociation[]> byAddresses = new();
    private readonly ConcurrentDictionary<(Address Destination, uint SecurityParametersIndex), IPsecSecurityAssociation> byIndex = new();

    // How many associations an address has at either end.
    private readonly ConcurrentDictionary<Address, int> ends = new();
    private readonly Lock writing = new();

    /// <summary>Adds an association; false when its destination already has one with this SPI. What is sent from now on uses it.</summary>
    public bool TryAdd(IPsecSecurityAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        lock (writing)
        {
            if (!byIndex.TryAdd((association.Destination, association.SecurityParametersIndex), association))
            {
                return false;
            }

            byAddresses[(association.Source, association.Destination)] = [.. Between(association.Source, association.Destination), association];
            Count(association, 1);
            return true;
        }
    }

    /// <summary>Adds an association.</summary>
    /// <exception cref="ArgumentException">Its destination already has one with this SPI; remove that one first.</exception>
    public void Add(IPsecSecurityAssociation association)
    {
        if (!TryAdd(association))
        {
            throw new ArgumentException($"There is already a security association to {association.Destination} with SPI {association.SecurityParametersIndex}.", nameof(association));
        }
    }

    /// <summary>
    /// Removes an association; false when there was none. An agent that has known of it takes and sends nothing unprotected there until it is
    /// stopped and added anew: to take a key away locks a door, and opens none.
    /// </summary>
    public bool Remove(Address destination, uint securityParametersIndex)
    {
        lock (writing)
        {
            if (!byIndex.TryRemove((destination, securityParametersIndex), out var found))
            {
                return false;
            }

            var addresses = (found.Source, found.Destination);
            var kept = Array.FindAll(byAddresses[addresses], association => association != found);
            if (kept.Length == 0)
            {
                byAddresses.TryRemove(addresses, out _);
            }
            else
            {
                byAddresses[addresses] = kept;
            }

            Count(found, -1);
            return true;
        }
    }

    /// <summary>The association of a destination with an SPI; null for none.</summary>
    public IPsecSecurityAssociation? Find(Address destination, uint securityParametersIndex) =>
        byIndex.GetValueOrDefault((destination, securityParametersIndex));

    /// <summary>All associations at this moment, by source, destination and age.</summary>
    public IReadOnlyList<IPsecSecurityAssociation> List() =>
        [.. byAddresses.OrderBy(pair => pair.Key.Source).ThenBy(pair => pair.Key.Destination).SelectMany(pair => pair.Value)];

    /// <summary>Those whom an address shares associations with, in order.</summary>
    public IReadOnlyList<Address> PeersOf(Address local) =>
    [
        .. byAddresses.Keys
            .Where(addresses => addresses.Source == local || addresses.Destination == local)
            .Select(addresses => addresses.Source == local ? addresses.Destination : addresses.Source)
            .Distinct().Order(),
    ];

    /// <summary>True when an address is one end of an association.</summary>
    internal bool Name(Address local) => ends.ContainsKey(local);

    internal IPsecSecurityAssociation[] Between(Address source, Address destination) =>
        byAddresses.TryGetValue((source, destination), out var found) ? found : [];

    private void Count(IPsecSecurityAssociation association, int change)
    {
        foreach (var end in (ReadOnlySpan<Address>)[association.Source, association.Destination])
        {
            if (ends.AddOrUpdate(end, change, (_, count) => count + change) == 0)
            {
                ends.TryRemove(end, out _);
            }
        }
    }
}
