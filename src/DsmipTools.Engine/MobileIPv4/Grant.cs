using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a home agent has granted to a mobile node and a renewal leaves as it is; immutable, so that a change can be taken back.</summary>
/// <param name="CareOfAddress">The care-of address.</param>
/// <param name="Flags">The flags of the request.</param>
/// <param name="Nai">The Network Access Identifier; null for none.</param>
/// <param name="Prefixes">The accepted prefixes.</param>
/// <param name="Tunnel">The tunnel to the care-of address: the home address, and the prefixes whose mode is that one.</param>
/// <param name="HomeAddressTunnel">The IPv6 tunnel to the home address, inside the other one; null when no prefix needs it.</param>
internal sealed record Grant(
    Address CareOfAddress,
    BindingFlags Flags,
    NetworkAccessIdentifier? Nai,
    RegisteredPrefix[] Prefixes,
    Tunnel Tunnel,
    Tunnel? HomeAddressTunnel)
{
    /// <summary>True when octets are the identifier as it was sent; none are no identifier.</summary>
    public bool HasNai(ReadOnlySpan<byte> octets) => Nai is null ? octets.IsEmpty : octets.SequenceEqual(Nai.Octets);

    /// <summary>True when a prefix is one of the granted ones.</summary>
    public bool Holds(Prefix prefix)
    {
        foreach (ref readonly var registered in Prefixes.AsSpan())
        {
            if (registered.Prefix == prefix)
            {
                return true;
            }
        }

        return false;
    }
}
