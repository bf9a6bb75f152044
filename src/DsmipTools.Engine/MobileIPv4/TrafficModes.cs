using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// How IPv4 and IPv6 packets run between a home agent and a mobile node (RFC 5454, 3.3.2 and 3.5): the home address, and the prefixes in care-of address
/// mode, through the tunnel to the care-of address; those in home address mode through IPv6-in-IPv4 to the home address, which runs in that tunnel.
/// </summary>
internal static class TrafficModes
{
    /// <summary>What stands behind the outer header of the tunnel to the care-of address (RFC 5944, 3.3): where both are asked for, GRE, which carries IPv6 too.</summary>
    public static Encapsulation EncapsulationOf(bool gre, bool minimal) =>
        gre ? Encapsulation.Gre : minimal ? Encapsulation.Minimal : Encapsulation.IpInIp;

    /// <summary>The way to, or from, a home address and its prefixes.</summary>
    /// <param name="ends">The tunnel to the care-of address.</param>
    /// <param name="homeAddress">The home address.</param>
    /// <param name="inside">The tunnel to the home address.</param>
    /// <param name="registered">The prefixes. A link-local address (RFC 5454, 3.7.1) is no destination: two nodes may have the same one (3.3.3).</param>
    public static Reachability Reach(in TunnelEnds ends, Address homeAddress, in TunnelEnds inside, ReadOnlySpan<RegisteredPrefix> registered)
    {
        List<Prefix> toCareOfAddress = [], toHomeAddress = [];
        var usesInside = false;
        foreach (var (prefix, _, mode) in registered)
        {
            usesInside |= mode == TunnelingMode.HomeAddress;
            if (prefix.IsPrefix)
            {
                (mode == TunnelingMode.HomeAddress ? toHomeAddress : toCareOfAddress).Add(prefix);
            }
        }

        return new Reachability
        {
            // Minimal encapsulation is never used for IPv6 (RFC 5454, 3.3.2), and carries no tunnel: IP in IP is what everybody takes.
            Ends = usesInside && ends.Encapsulation == Encapsulation.Minimal ? ends with { Encapsulation = Encapsulation.IpInIp } : ends,
            IPv4HomeAddress = homeAddress,
            Prefixes = new([.. toCareOfAddress]),
            Inside = usesInside ? inside : null,
            PrefixesInside = new([.. toHomeAddress]),
        };
    }
}
