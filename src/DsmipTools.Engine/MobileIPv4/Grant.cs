using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a home agent has granted to a mobile node and a renewal leaves as it is; immutable, so that a change can be taken back.</summary>
/// <param name="CareOfAddress">The care-of address.</param>
/// <param name="Flags">The flags of the request.</param>
/// <param name="Nai">The Network Access Identifier; null for none.</param>
/// <param name="Prefixes">The accepted prefixes.</param>
/// <param name="Ends">
/// The ends of the tunnel to the care-of address: that of the home address, and of the prefixes whose mode is that one. The other end has port 0 while the
/// first keepalive has not told it (RFC 3519, 4.6).
/// </param>
/// <param name="UdpTunneling">Whether it runs in UDP, and why.</param>
/// <param name="Revocation">Who is told when the binding is revoked.</param>
internal sealed record Grant(
    Address CareOfAddress,
    BindingFlags Flags,
    NetworkAccessIdentifier? Nai,
    RegisteredPrefix[] Prefixes,
    TunnelEnds Ends,
    UdpTunneling UdpTunneling,
    RevocationPeer Revocation)
{
    /// <summary>True while nobody knows yet where packets go (RFC 3519, 4.11).</summary>
    public bool IsHalfBound => UdpTunneling.IsAssent() && Ends.Remote.Port == 0;

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

    /// <summary>How the mobile node is reached (RFC 5454, 3.3.2).</summary>
    public Reachability ReachabilityOf(Address homeAddress) => IsHalfBound ? default : TrafficModes.Reach(
        Ends, homeAddress, new TunnelEnds(Encapsulation.IpInIp, Ends.Local.Address, homeAddress), Prefixes);
}
