using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine;

/// <summary>A tunnel that an agent wants: between which addresses, how packets run in it, and on which side the mobile nodes are.</summary>
/// <param name="Id">Unique within the agent.</param>
/// <param name="Local">The agent's end.</param>
/// <param name="Remote">The other end: a care-of address or a home address.</param>
/// <param name="Inner">What is always routed into the tunnel, as text: a home address, or prefixes; empty where routes come and go by themselves.</param>
public sealed record Tunnel(long Id, Address Local, Address Remote, string Inner = "")
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

    /// <summary>What packets of the tunnel are known by.</summary>
    public TunnelEnds Ends => new(Encapsulation, new Endpoint(Local, LocalPort), new Endpoint(Remote, RemotePort));

    /// <summary>The longest packet that goes in, in octets; unless it is given, 1500 without the headers of the tunnel, a GRE key included.</summary>
    public int Mtu
    {
        get => field != 0 ? field : LinkMtu - TunnelFrame.Overhead(Ends, hasKey: true);
        init;
    }

    /// <inheritdoc/>
    public override string ToString() => Ends.ToString();
}
