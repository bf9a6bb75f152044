using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine;

/// <summary>A tunnel that an agent wants: between which addresses, how packets run in it, and on which side the mobile nodes are.</summary>
/// <param name="Id">Unique within the agent.</param>
/// <param name="Local">The agent's end.</param>
/// <param name="Remote">The other end: a care-of address or a home address.</param>
public sealed record Tunnel(long Id, Address Local, Address Remote)
{
    /// <summary>The MTU that links between agents are taken to have, as Ethernet does.</summary>
    private const int LinkMtu = 1500;

    /// <summary>What stands behind the outer IP header.</summary>
    public Encapsulation Encapsulation { get; init; }

    /// <summary>The agent's UDP port; 0 without UDP.</summary>
    public ushort LocalPort { get; init; }

    /// <summary>The UDP port of the other end; 0 without UDP.</summary>
    public ushort RemotePort { get; init; }

    /// <summary>On which side of the tunnel the mobile nodes are.</summary>
    public TunnelEnd End { get; init; }

    /// <summary>The hop limit or TTL of its outer header, 1 to 255 (RFC 4213, 3.3); with minimal encapsulation that of the packet stays (RFC 2004, 3).</summary>
    public byte HopLimit { get; init; } = PacketFrame.HopLimit;

    /// <summary>
    /// The route by which its packets, with their outer header, go into another tunnel, out of which its packets have to come; null for a tunnel that runs
    /// over the network. The other may not be in minimal encapsulation.
    /// </summary>
    public Route? Over { get; init; }

    /// <summary>The path MTU to its other end, as it was learnt (RFC 4213, 3.2.2); null where the MTU is static (3.2.1).</summary>
    public PathMtu? Path { get; init; }

    /// <summary>The other end on the IPv6 link that the tunnel is (RFC 4213, 3.7 and 3.8); null where it carries no IPv6, or nobody minds.</summary>
    public TunnelNeighbour? Neighbour { get; init; }

    /// <summary>What packets of the tunnel are known by.</summary>
    public TunnelEnds Ends => new(Encapsulation, new Endpoint(Local, LocalPort), new Endpoint(Remote, RemotePort));

    /// <summary>The longest packet that goes in, in octets; unless it is given, 1500, or that of the tunnel under it, without its headers, a GRE key included.</summary>
    public int Mtu
    {
        get => field != 0 ? field : (Over?.Tunnel.Mtu ?? LinkMtu) - TunnelFrame.Overhead(Ends, hasKey: true);
        init;
    }

    /// <inheritdoc/>
    public override string ToString() => Ends.ToString();
}
