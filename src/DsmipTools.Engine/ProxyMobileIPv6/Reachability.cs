using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>How the addresses of one mobility session are reached: which of them, and through which tunnel. By default not at all.</summary>
internal readonly struct Reachability
{
    public TunnelEnds Ends { get; init; }

    public SessionPrefixes Prefixes { get; init; }

    public Address? IPv4HomeAddress { get; init; }

    /// <summary>The GRE key of what goes into the tunnel (RFC 5845); null for none.</summary>
    public uint? SendKey { get; init; }

    /// <summary>The GRE key of what comes out of the tunnel; null for none.</summary>
    public uint? ReceiveKey { get; init; }

    /// <summary>The attachment on the access link; 0 at an anchor.</summary>
    public long Link { get; init; }

    /// <summary>The mobile node on that link; null at an anchor.</summary>
    public NetworkAccessIdentifier? Node { get; init; }

    /// <summary>True when packets between mobile nodes of the same gateway go directly (RFC 5213, 6.10.3).</summary>
    public bool RoutesLocally { get; init; }

    /// <summary>How a foreign agent takes packets of the mobile node; null at other agents.</summary>
    public DeliveryStyle? Delivery { get; init; }

    /// <summary>The number of destinations.</summary>
    public int Count => Prefixes.Count + (IPv4HomeAddress is null ? 0 : 1);

    public Destination this[int index] =>
        index < Prefixes.Count ? Destination.Of(Prefixes[index]) : Destination.Of(IPv4HomeAddress!.Value);

    public bool Has(Destination destination)
    {
        for (var at = 0; at < Count; at++)
        {
            if (this[at] == destination)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when both go the same way; not whether the same addresses do.</summary>
    public bool GoesAs(in Reachability other) => Ends == other.Ends && SendKey == other.SendKey && ReceiveKey == other.ReceiveKey
        && Link == other.Link && Delivery == other.Delivery;

    public Route RouteTo(Destination destination, Tunnel tunnel) =>
        new(destination, tunnel) { SendKey = SendKey, ReceiveKey = ReceiveKey, Link = Link, Node = Node, RoutesLocally = RoutesLocally, Delivery = Delivery };
}
