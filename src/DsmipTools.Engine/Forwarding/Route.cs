using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Tunneling;

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

    /// <summary>
    /// The longest packet that goes in now: the MTU of the tunnel, and no more than the path to its other end and the tunnel under it have shown to carry. An IPv6
    /// packet of 1280 octets always goes in: what is too long for the path then is fragmented outside (RFC 4213, 3.2.2; RFC 2473, 7.1).
    /// </summary>
    /// <param name="isIPv4">Whether the packet is an IPv4 packet.</param>
    public int MtuFor(bool isIPv4)
    {
        if (Tunnel.Path is null && Tunnel.Over is null)
        {
            return Tunnel.Mtu;
        }

        var room = Math.Min(Tunnel.Path?.Value ?? int.MaxValue, Tunnel.Over?.MtuFor(Tunnel.Local.IsIPv4) ?? int.MaxValue);
        var limit = Math.Min(Tunnel.Mtu, room - TunnelFrame.Overhead(Tunnel.Ends, SendKey is not null));
        return isIPv4 ? limit : Math.Max(limit, PathMtu.MinimumIPv6);
    }

    /// <summary>Octets of all headers that a packet gets.</summary>
    /// <param name="encapsulation">What the packet runs in; it is the tunnel's, or takes its place.</param>
    public int Overhead(Encapsulation encapsulation) =>
        TunnelFrame.Overhead(Tunnel.Ends with { Encapsulation = encapsulation }, SendKey is not null)
        + (Tunnel.Over is { } over ? over.Overhead(over.Tunnel.Encapsulation) : 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Destination} by {Tunnel}";
}
