using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// How the addresses of one mobile node or mobility session are reached: which of them, and through which tunnel. Some prefixes may have a tunnel of their
/// own, which runs over the route to the IPv4 home address (RFC 5454, 3.3.2). By default nothing is reached.
/// </summary>
internal readonly struct Reachability
{
    public TunnelEnds Ends { get; init; }

    public SessionPrefixes Prefixes { get; init; }

    public Address? IPv4HomeAddress { get; init; }

    /// <summary>The ends of the tunnel that runs inside the other one, with the IPv4 home address as one of them; null for none.</summary>
    public TunnelEnds? Inside { get; init; }

    /// <summary>The prefixes that are reached through the tunnel inside.</summary>
    public SessionPrefixes PrefixesInside { get; init; }

    /// <summary>The GRE key of what goes into the tunnel (RFC 5845); null for none.</summary>
    public uint? SendKey { get; init; }

    /// <summary>The GRE key of what comes out of the tunnel; null for none.</summary>
    public uint? ReceiveKey { get; init; }

    /// <summary>The attachment on the access link; 0 at an anchor or home agent.</summary>
    public long Link { get; init; }

    /// <summary>The mobile node on that link; null at an anchor or home agent.</summary>
    public NetworkAccessIdentifier? Node { get; init; }

    /// <summary>True when packets between mobile nodes of the same gateway go directly (RFC 5213, 6.10.3).</summary>
    public bool RoutesLocally { get; init; }

    /// <summary>How a foreign agent takes packets of the mobile node; null at other agents.</summary>
    public DeliveryStyle? Delivery { get; init; }

    /// <summary>The number of destinations.</summary>
    public int Count => CountOutside + PrefixesInside.Count;

    private int CountOutside => Prefixes.Count + (IPv4HomeAddress is null ? 0 : 1);

    public Destination this[int index] => index < Prefixes.Count ? Destination.Of(Prefixes[index])
        : index < CountOutside ? Destination.Of(IPv4HomeAddress!.Value)
        : Destination.Of(PrefixesInside[index - CountOutside]);

    /// <summary>True for a destination that is reached through the tunnel inside.</summary>
    public bool IsInside(int index) => index >= CountOutside;

    public bool Has(Destination destination) => IndexOf(destination) >= 0;

    /// <summary>The number of a destination; -1 for none of this.</summary>
    public int IndexOf(Destination destination)
    {
        for (var at = 0; at < Count; at++)
        {
            if (this[at] == destination)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>True when both go the same way; not whether the same addresses do.</summary>
    public bool GoesAs(in Reachability other) => Ends == other.Ends && SendKey == other.SendKey && ReceiveKey == other.ReceiveKey
        && Link == other.Link && Delivery == other.Delivery;

    public Route RouteTo(Destination destination, Tunnel tunnel) => tunnel.Over is null
        ? new(destination, tunnel) { SendKey = SendKey, ReceiveKey = ReceiveKey, Link = Link, Node = Node, RoutesLocally = RoutesLocally, Delivery = Delivery }
        : new(destination, tunnel) { Link = Link, Node = Node };
}
