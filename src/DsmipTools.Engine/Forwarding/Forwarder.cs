using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// Forwarding as a pure function: packet and tables in, decision out. The simulated world and every backend of the host's own network decide
/// by it, so that the checks of outer and inner addresses stand here and nowhere else. Nothing here allocates or keeps anything.
/// </summary>
public static class Forwarder
{
    private const byte NotCapable = 0;
    private const byte CongestionExperienced = 3;
    private const int LongestIPv4Header = 60;
    private const int LinkScopeMulticast = 0xFF02;

    /// <summary>Decides about a packet.</summary>
    /// <param name="octets">The packet.</param>
    /// <param name="link">Where it comes from: the number of an attachment on the access link, or 0 for everything else.</param>
    /// <param name="table">The tunnels and routes.</param>
    public static ForwardingDecision Decide(ReadOnlySpan<byte> octets, long link, ForwardingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var place = default(ForwardingDecision) with { Length = octets.Length };
        if (!IpPacketView.TryParse(octets, out var packet, out _))
        {
            return Dropped(place, ForwardingDrop.Malformed);
        }

        place = place with { Length = packet.Octets.Length };
        return link != 0 ? FromMobileNode(packet, link, table, place)
            : table.IsLocal(packet.Destination) ? ToAgent(packet, table, place)
            : ToMobileNode(packet, table, place);
    }

    /// <summary>
    /// Decides about a packet that the host itself routed to its tunnels: it goes into one of them, or nowhere. The host gives no link: it has to see to
    /// it that packets of a mobile node come in by the link of that node alone (<see cref="Route.Link"/>). Here they are known by their source.
    /// </summary>
    public static ForwardingDecision FromHost(ReadOnlySpan<byte> octets, ForwardingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var place = default(ForwardingDecision) with { Length = octets.Length, HostForwards = true };
        if (!IpPacketView.TryParse(octets, out var packet, out _))
        {
            return Dropped(place, ForwardingDrop.Malformed);
        }

        place = place with { Length = packet.Octets.Length };
        if (!table.TryFind(packet.Source, out var own) || own.Tunnel.End != TunnelEnd.Access)
        {
            return ToMobileNode(packet, table, place);
        }

        var decision = FromMobileNode(packet, own.Link, table, place);
        return decision.Action == ForwardingAction.ToAgent ? Dropped(decision, ForwardingDrop.LinkScope) : decision;
    }

    /// <summary>
    /// Decides about a packet that came from the network: it comes out of a tunnel that stands, is an ICMP error about one, or is dropped. Other ICMP
    /// errors are none of the tunnels' (<see cref="ForwardingAction.ToAgent"/>). What goes on from there the host forwards by its own routes.
    /// </summary>
    public static ForwardingDecision FromNetwork(ReadOnlySpan<byte> octets, ForwardingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var place = default(ForwardingDecision) with { Length = octets.Length };
        if (!IpPacketView.TryParse(octets, out var packet, out _))
        {
            return Dropped(place, ForwardingDrop.Malformed);
        }

        var decision = ToAgent(packet, table, place with { Length = packet.Octets.Length, HostForwards = true });
        return decision is { Action: ForwardingAction.ToAgent, From: null } && !PathError.IsError(packet) ? Dropped(decision, ForwardingDrop.ForeignTunnel) : decision;
    }

    /// <summary>Octets that <see cref="Write"/> needs.</summary>
    public static int LengthOf(in ForwardingDecision decision) => decision.Length + Headers(decision);

    /// <summary>Writes the packet that leaves: one hop less, the congestion that it met, and the headers of the tunnel that it goes into.</summary>
    /// <param name="octets">The packet that was decided about.</param>
    /// <param name="decision">The decision; not to drop it.</param>
    /// <param name="identification">The identification of an outer IPv4 header.</param>
    /// <param name="destination">Where it is written to; room for <see cref="LengthOf"/>.</param>
    /// <returns>The length.</returns>
    public static int Write(ReadOnlySpan<byte> octets, in ForwardingDecision decision, ushort identification, Span<byte> destination)
    {
        var headers = Headers(decision);
        var frame = destination[..(headers + decision.Length)];
        var inner = frame[headers..];
        TunnelFrame.CopyInner(octets, decision.CameIn, decision.Offset, inner);
        if (decision.MetCongestion)
        {
            IpPacketView.WriteCongestionNotification(inner, CongestionExperienced);
        }

        if (TakesHop(decision))
        {
            IpPacketView.DecrementHopLimit(inner);
        }

        if (headers > 0)
        {
            Encapsulate(decision.Route!, decision.Encapsulation, identification, frame);
        }

        return frame.Length;
    }

    /// <summary>Writes the headers of a tunnel, and of those that it runs over.</summary>
    private static void Encapsulate(Route route, Encapsulation encapsulation, ushort identification, Span<byte> frame)
    {
        var tunnel = route.Tunnel;
        var outside = tunnel.Over is { } over ? over.Overhead(over.Tunnel.Encapsulation) : 0;
        // With a dynamic MTU DF asks for errors, but not for packets that have to arrive although they are too long (RFC 4213, 3.2.2).
        var asks = tunnel.Path is { } path && frame.Length - outside <= (path.Value ?? int.MaxValue);
        TunnelFrame.Write(tunnel.Ends with { Encapsulation = encapsulation }, route.SendKey, identification, frame[outside..], tunnel.HopLimit, asks);
        if (tunnel.Over is not null)
        {
            Encapsulate(tunnel.Over, tunnel.Over.Tunnel.Encapsulation, identification, frame);
        }
    }

    /// <summary>RFC 2473, 3.1: who forwards takes a hop. From one tunnel into another that is never the host.</summary>
    private static bool TakesHop(in ForwardingDecision decision) => decision.Action switch
    {
        ForwardingAction.ToAgent or ForwardingAction.ToHost or ForwardingAction.ToLink => false,
        ForwardingAction.Encapsulate => !decision.HostForwards || decision.From is not null,
        _ => true,
    };

    private static int Headers(in ForwardingDecision decision) => decision.Action == ForwardingAction.Encapsulate
        ? decision.Route!.Overhead(decision.Encapsulation)
        : 0;

    /// <summary>From an attached mobile node: only its own sources, and through the tunnel, or directly to another one here where both may (RFC 5213, 6.10.5).</summary>
    private static ForwardingDecision FromMobileNode(in IpPacketView packet, long link, ForwardingTable table, in ForwardingDecision place)
    {
        if (!packet.Destination.IsUnicast || packet.Destination.IsLinkLocal)
        {
            // What ends on the link: router solicitations, neighbour discovery, DHCP.
            return place with { Action = ForwardingAction.ToAgent };
        }

        return !IsGlobal(packet.Source) ? Dropped(place, ForwardingDrop.LinkScope)
            : !table.TryFind(packet.Source, out var own) || own.Link != link ? Dropped(place, ForwardingDrop.ForeignSource)
            : own.Delivery is { } style ? ToForeignAgent(packet, own, style, table, place)
            : own.RoutesLocally && table.TryFind(packet.Destination, out var other) && other.RoutesLocally ? OntoLink(other, packet, place)
            : Into(own, packet, place);
    }

    /// <summary>
    /// From a visitor of a foreign agent (RFC 5944, 4.2.2): it goes on as from any router, or with a reverse tunnel into that: as it is with the
    /// direct delivery style, and with the encapsulating one what is in a tunnel to the foreign agent, and that alone (RFC 3024, 5.1, 5.2 and 5.4).
    /// </summary>
    private static ForwardingDecision ToForeignAgent(
        in IpPacketView packet, Route own, DeliveryStyle style, ForwardingTable table, in ForwardingDecision place)
    {
        if (!table.IsLocal(packet.Destination))
        {
            return style == DeliveryStyle.Direct ? Into(own, packet, place) : Onwards(ForwardingAction.Forward, packet, place);
        }

        if (style != DeliveryStyle.Encapsulating || !TunnelFrame.TryRead(packet, out var ends, out var offset, out _, out var error) || ends.Encapsulation == Encapsulation.Udp)
        {
            return place with { Action = ForwardingAction.ToAgent };
        }

        return packet.IsFragment ? Dropped(place, ForwardingDrop.Fragment)
            : error.IsError || !IpPacketView.TryParse(packet.Octets[offset..], out var inner, out _) ? Dropped(place, ForwardingDrop.Malformed)
            : inner.Source != packet.Source ? Dropped(place, ForwardingDrop.ForeignSource)
            : Into(own, inner, place with { Offset = offset, Length = inner.Octets.Length });
    }

    private static ForwardingDecision OntoLink(Route route, in IpPacketView packet, in ForwardingDecision place) =>
        Onwards(ForwardingAction.Deliver, packet, place with { Route = route });

    /// <summary>Out of the tunnels: by the agent, which takes a hop, or by the host.</summary>
    private static ForwardingDecision Onwards(ForwardingAction action, in IpPacketView packet, in ForwardingDecision place) =>
        place.HostForwards ? place with { Action = ForwardingAction.ToHost }
        : packet.HopLimit <= 1 ? Dropped(place, ForwardingDrop.HopLimitExceeded)
        : place with { Action = action };

    /// <summary>From anywhere to a mobile node that is behind a tunnel (RFC 5213, 5.6.2).</summary>
    private static ForwardingDecision ToMobileNode(in IpPacketView packet, ForwardingTable table, in ForwardingDecision place)
    {
        if (!table.TryFind(packet.Destination, out var route))
        {
            return Dropped(place, ForwardingDrop.NoRoute);
        }

        return route.Tunnel.End == TunnelEnd.Access ? Dropped(place, ForwardingDrop.NotThroughTunnel)
            : !IsGlobal(packet.Source) ? Dropped(place, ForwardingDrop.LinkScope)
            // What a mobile node sends comes out of its tunnel, and from nowhere else. A router's host forwards between its tunnels.
            : route.Tunnel.End == TunnelEnd.Home && table.TryFind(packet.Source, out _) ? Dropped(place, ForwardingDrop.ForeignSource)
            : Into(route, packet, place);
    }

    /// <summary>To the agent's own address: a message for it, a packet in one of its tunnels, or an ICMP error about one.</summary>
    private static ForwardingDecision ToAgent(in IpPacketView packet, ForwardingTable table, in ForwardingDecision place)
    {
        if (PathError.IsError(packet))
        {
            return PathError.Decide(packet, table, place);
        }

        var isTunneled = TunnelFrame.TryRead(packet, out var ends, out var offset, out var key, out var error);
        var stands = TryFind(ends, table, out var tunnel);
        if ((!isTunneled && !error.IsError)
            || (ends.Encapsulation == Encapsulation.Udp && !stands && ends.Local.Port != Envelope.ProxyMobileIPv6DataPort))
        {
            return place with { Action = ForwardingAction.ToAgent };
        }

        // What runs over another tunnel comes out of that, and not from the network.
        return packet.IsFragment ? Dropped(place, ForwardingDrop.Fragment)
            : !stands || tunnel!.Over is not null ? Dropped(place, ForwardingDrop.ForeignTunnel)
            : error.IsError ? Dropped(place with { From = tunnel }, ForwardingDrop.Malformed)
            : OutOf(tunnel, packet, ends.Encapsulation, offset, key, table, place);
    }

    /// <summary>The tunnel with these ends, or the one in minimal encapsulation whose other packets run as IP in IP.</summary>
    private static bool TryFind(in TunnelEnds ends, ForwardingTable table, [NotNullWhen(true)] out Tunnel? tunnel) => table.TryFind(ends, out tunnel)
        || (ends.Encapsulation == Encapsulation.IpInIp && table.TryFind(ends with { Encapsulation = Encapsulation.Minimal }, out tunnel));

    private static ForwardingDecision OutOf(
        Tunnel tunnel, in IpPacketView packet, Encapsulation cameIn, int offset, uint? key, ForwardingTable table, in ForwardingDecision place)
    {
        Span<byte> header = stackalloc byte[LongestIPv4Header];
        if (!TunnelFrame.TryOpen(packet, cameIn, offset, header, out var inner))
        {
            return Dropped(place with { From = tunnel }, ForwardingDrop.Malformed);
        }

        var metCongestion = place.MetCongestion || packet.CongestionNotification == CongestionExperienced;
        var at = place with { From = tunnel, Offset = place.Offset + offset, Length = inner.Length, CameIn = cameIn, MetCongestion = metCongestion };
        return table.HasNested && FromNested(tunnel, inner, key, table, at) is { } nested ? nested
            : metCongestion && inner.CongestionNotification == NotCapable ? Dropped(at, ForwardingDrop.Congestion)
            : tunnel.End == TunnelEnd.Access ? ToAttached(inner, tunnel, key, table, at)
            : FromTunnel(inner, tunnel, key, table, at);
    }

    /// <summary>Out of a tunnel that runs over the one whose packet was opened; null when this is none of its packets.</summary>
    private static ForwardingDecision? FromNested(
        Tunnel under, in IpPacketView packet, uint? key, ForwardingTable table, in ForwardingDecision place)
    {
        var isTunneled = TunnelFrame.TryRead(packet, out var ends, out var offset, out var nestedKey, out var error);
        return (!isTunneled && !error.IsError) || !TryFind(ends, table, out var tunnel) || tunnel.Over?.Tunnel.Id != under.Id ? null
            : tunnel.Over.ReceiveKey != key ? Dropped(place, ForwardingDrop.WrongKey)
            : packet.IsFragment ? Dropped(place with { From = tunnel }, ForwardingDrop.Fragment)
            : error.IsError ? Dropped(place with { From = tunnel }, ForwardingDrop.Malformed)
            : OutOf(tunnel, packet, ends.Encapsulation, offset, nestedKey, table, place);
    }

    /// <summary>Out of the anchor's tunnel: only what goes to a mobile node that is attached here (RFC 5213, 6.10.5).</summary>
    private static ForwardingDecision ToAttached(
        in IpPacketView inner, Tunnel tunnel, uint? key, ForwardingTable table, in ForwardingDecision place) =>
        IsOfTheLink(inner, tunnel) ? place with { Action = ForwardingAction.ToAgent }
        : !table.TryFind(inner.Destination, out var route) || route.Tunnel != tunnel ? Dropped(place, ForwardingDrop.NotAttached)
        : route.ReceiveKey != key ? Dropped(place, ForwardingDrop.WrongKey)
        : OntoLink(route, inner, place);

    /// <summary>Out of a gateway's tunnel: only from mobile nodes that this gateway has registered. Out of a router's: only from its prefixes.</summary>
    private static ForwardingDecision FromTunnel(
        in IpPacketView inner, Tunnel tunnel, uint? key, ForwardingTable table, in ForwardingDecision place)
    {
        var isOfLink = tunnel.Neighbour is not null && TunnelNeighbour.IsOfLink(inner);
        if (isOfLink && TunnelNeighbour.IsOfLink(inner.Source))
        {
            return tunnel.Neighbour!.Key != key ? Dropped(place, ForwardingDrop.WrongKey) : place with { Action = ForwardingAction.ToLink };
        }

        if (IsOfTheLink(inner, tunnel))
        {
            return place with { Action = ForwardingAction.ToAgent };
        }

        if (!IsGlobal(inner.Source))
        {
            return Dropped(place, ForwardingDrop.LinkScope);
        }

        if (!table.TryFind(inner.Source, out var source) || source.Tunnel != tunnel)
        {
            return Dropped(place, ForwardingDrop.ForeignSource);
        }

        if (source.ReceiveKey != key)
        {
            return Dropped(place, ForwardingDrop.WrongKey);
        }

        return isOfLink ? place with { Action = ForwardingAction.ToLink }
            : !inner.Destination.IsUnicast || inner.Destination.IsLinkLocal ? Dropped(place, ForwardingDrop.LinkScope)
            : tunnel.End == TunnelEnd.Router ? place with { Action = ForwardingAction.ToHost }
            : table.IsLocal(inner.Destination) ? place with { Action = place.HostForwards ? ForwardingAction.ToHost : ForwardingAction.ToAgent }
            : table.TryFind(inner.Destination, out var route) ? Into(route, inner, place)
            : Onwards(ForwardingAction.Forward, inner, place);
    }

    /// <summary>
    /// The tunnel between home agent and home address is a link (RFC 5454, 3.3.3 and 3.6): neighbour discovery, MLD and DHCPv6 on it are for its ends, and
    /// never go on.
    /// </summary>
    private static bool IsOfTheLink(in IpPacketView inner, Tunnel tunnel) =>
        tunnel is { Over: not null, End: not TunnelEnd.Router } && !inner.IsIPv4 && inner.Source.IsLinkLocal
        && (inner.Destination.IsLinkLocal || (inner.Destination.Value >> 112) == LinkScopeMulticast);

    private static ForwardingDecision Into(Route route, in IpPacketView packet, in ForwardingDecision place)
    {
        var tunnel = route.Tunnel;
        var at = place with { Action = ForwardingAction.Encapsulate, Route = route, Encapsulation = TunnelFrame.Choose(tunnel.Encapsulation, packet) };
        return IsLoop(tunnel, packet) ? Dropped(at, ForwardingDrop.TunnelLoop)
            : packet.HopLimit <= 1 && TakesHop(at) ? Dropped(at, ForwardingDrop.HopLimitExceeded)
            : packet.Length > route.MtuFor(packet.IsIPv4) ? Dropped(at, ForwardingDrop.TooBig)
            : at;
    }

    /// <summary>RFC 2473, 4.1.2 and RFC 2003, 3.2: to the other end of its own tunnel, or of one under it.</summary>
    private static bool IsLoop(Tunnel tunnel, in IpPacketView packet) =>
        (packet.Destination == tunnel.Remote && (tunnel.End != TunnelEnd.Access || packet.Source == tunnel.Local))
        || (packet.Source == tunnel.Remote && tunnel.End == TunnelEnd.Home && IsTunneledTo(packet.Destination, packet))
        || (tunnel.Over is { } over && IsLoop(over.Tunnel, packet));

    /// <summary>RFC 5944, 4.2.3: what the other end has tunneled to a mobile node, for the mobile node, came out of this very tunnel before.</summary>
    private static bool IsTunneledTo(Address destination, in IpPacketView packet) =>
        TunnelFrame.TryRead(packet, out var ends, out var offset, out _, out _) && ends.Encapsulation is Encapsulation.IpInIp or Encapsulation.Gre
        && IpPacketView.TryParse(packet.Octets[offset..], out var inner, out _) && inner.Destination == destination;

    /// <summary>RFC 4213, 3.6 lists what is no source of an IPv6 packet: multicast, loopback, IPv4-compatible and IPv4-mapped addresses.</summary>
    private static bool IsGlobal(Address source) => source.IsUnicast && !source.IsLinkLocal && !source.IsLoopback
        && (source.IsIPv4 || ((source.Value >> 32) is var prefix && prefix != 0 && prefix != 0xFFFF));

    private static ForwardingDecision Dropped(in ForwardingDecision place, ForwardingDrop cause) =>
        place with { Action = ForwardingAction.Drop, Drop = cause };
}
