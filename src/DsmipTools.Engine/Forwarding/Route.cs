using DsmipTools.Engine.Bindings;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// Where the addresses of a mobile node are. At the <see cref="TunnelEnd.Home"/> end packets to them go into the tunnel; at the
/// <see cref="TunnelEnd.Access"/> end packets to them come out of it, and packets from them go in. Immutable.
/// </summary>
/// <param name="Destination">The addresses.</param>
/// <param name="Tunnel">The tunnel.</param>
public sealed record Route(Destination Destination, Tunnel Tunnel)
{
    /// <summary>The GRE key of packets that go into the tunnel (RFC 5845); null for none.</summary>
    public uint? SendKey { get; init; }

    /// <summary>The GRE key that packets out of the tunnel must have; null for none.</summary>
    public uint? ReceiveKey { get; init; }

    /// <summary>The access link that has the addresses, or the number of an attachment without one; unique within the agent; 0 at the other end.</summary>
    public long Link { get; init; }

    /// <summary>The mobile node on that link; null at the other end.</summary>
    public NetworkAccessIdentifier? Node { get; init; }

    /// <summary>True when packets between two such routes of one gateway go from link to link, and not through the tunnel (RFC 5213, 6.10.3).</summary>
    public bool RoutesLocally { get; init; }

    /// <summary>How a foreign agent takes packets of the mobile node; null at other agents, whose tunnels take all.</summary>
    public DeliveryStyle? Delivery { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Destination} by {Tunnel}";
}
