using System.Buffers.Binary;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Worlds;

/// <content>Packets of mobile nodes: they run through the tunnels that the agents have brought up, or are dropped for a cause.</content>
public sealed partial class SimulatedWorld
{
    private const int TokenLength = 12;

    private readonly List<SimulatedNode> order = [];
    private Watch? watch;
    private ulong probes;

    /// <summary>The tunnels and routes of an agent.</summary>
    /// <exception cref="ArgumentException">No such agent runs here.</exception>
    public ForwardingTable GetForwarding(string agent)
    {
        lock (gate)
        {
            return NodeOf(agent).Forwarding;
        }
    }

    /// <summary>How many packets an agent has forwarded and dropped, by cause.</summary>
    /// <exception cref="ArgumentException">No such agent runs here.</exception>
    public ForwardingCounters GetForwardingCounters(string agent)
    {
        lock (gate)
        {
            return NodeOf(agent).Counters;
        }
    }

    /// <summary>Sends a packet from somebody outside, and lets virtual time pass until it is known what becomes of it.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="destination">Where it goes to: an address of a mobile node, for example.</param>
    /// <exception cref="ArgumentException">The addresses are not of one family.</exception>
    public ProbeResult Probe(Address source, Address destination) => Probe(Compose(source, destination));

    /// <summary>Sends a packet from a mobile node on the access link of a gateway, and lets virtual time pass until it is known what becomes of it.</summary>
    /// <param name="gateway">The name of the gateway.</param>
    /// <param name="node">The identifier of the mobile node.</param>
    /// <param name="source">The source that the mobile node writes, be it its own or not.</param>
    /// <param name="destination">Where it goes to.</param>
    /// <exception cref="ArgumentException">The addresses are not of one family, or no such agent runs here.</exception>
    public ProbeResult Probe(string gateway, string node, Address source, Address destination)
    {
        var packet = Compose(source, destination);
        return Probe(packet, () =>
        {
            var agent = NodeOf(gateway);
            var link = agent.Forwarding.Routes.FirstOrDefault(route => route.Node?.ToString() == node)?.Link;
            Handle(agent, packet, link is { } known
                ? Forwarder.Decide(packet, known, agent.Forwarding)
                : new ForwardingDecision { Action = ForwardingAction.Drop, Drop = ForwardingDrop.NotAttached });
        });
    }

    /// <summary>Sends a packet, such as a forged one, as if its source had sent it, and lets virtual time pass until it is known what becomes of it.</summary>
    /// <param name="packet">The packet; its last twelve octets are replaced, to know it by.</param>
    /// <exception cref="ArgumentException">The packet is too short.</exception>
    public ProbeResult Probe(ReadOnlySpan<byte> packet)
    {
        var octets = packet.ToArray();
        return Probe(octets, () => Inject(octets));
    }

    private ProbeResult Probe(byte[] packet, Action send)
    {
        if (packet.Length < TokenLength)
        {
            throw new ArgumentException($"A packet of {packet.Length} octets has no room for the {TokenLength} that it is known by.", nameof(packet));
        }

        Watch mine;
        lock (gate)
        {
            var token = packet.AsSpan(packet.Length - TokenLength);
            "PROB"u8.CopyTo(token);
            BinaryPrimitives.WriteUInt64BigEndian(token[4..], ++probes);
            watch = mine = new Watch(token.ToArray());
            send();
        }

        AdvanceUntil(() => mine.Result is not null, CommandLimit);
        lock (gate)
        {
            watch = null;
            return mine.Result ?? throw new SimulationStalledException("Nobody knows what became of the packet.");
        }
    }

    private static byte[] Compose(Address source, Address destination)
    {
        if (source.IsIPv4 != destination.IsIPv4)
        {
            throw new ArgumentException($"{source} and {destination} are not of one address family.", nameof(destination));
        }

        // No next header: nobody but the probe reads what is inside (RFC 8200, 4.7).
        var header = source.IsIPv4
            ? (Structure)new IPv4Header { Source = source, Destination = destination, Protocol = IpProtocol.NoNextHeader }
            : new IPv6Header { Source = source, Destination = destination, NextHeader = IpProtocol.NoNextHeader };
        return PacketComposer.Compose(header, new Data { Octets = new byte[TokenLength] }).ToArray();
    }

    private SimulatedNode NodeOf(string agent) =>
        order.Find(node => node.Agent.Name == agent) ?? throw new ArgumentException($"No agent {agent} runs in this world.", nameof(agent));

    private Watch? Watched(ReadOnlySpan<byte> packet) => watch is { } one && packet.EndsWith(one.Token) ? one : null;

    /// <summary>Gives a packet to the agent whose tunnel it runs in, or that takes packets for its destination; false when there is none.</summary>
    private bool TryForward(ReadOnlySpan<byte> packet)
    {
        if (!IpPacketView.TryParse(packet, out var view, out _) || IsMessage(view))
        {
            return false;
        }

        var destination = view.Destination;
        SimulatedNode? first = null;
        ForwardingDecision decision = default;
        foreach (var node in order)
        {
            var table = node.Forwarding;
            if (table.TunnelCount == 0 || !(table.IsLocal(destination) || Takes(table, destination)))
            {
                continue;
            }

            var own = Forwarder.Decide(packet, 0, table);
            if (own.Action == ForwardingAction.ToAgent && own.Offset == 0)
            {
                return false;
            }

            // Several agents may have one address: a packet is of whom its tunnel is.
            if (first is null || (decision.Drop == ForwardingDrop.ForeignTunnel && own.Drop != ForwardingDrop.ForeignTunnel))
            {
                (first, decision) = (node, own);
            }
        }

        if (first is null)
        {
            return false;
        }

        Handle(first, packet, decision);
        return true;
    }

    /// <summary>True for what needs no look at any table: most of what travels is messages of agents.</summary>
    private bool IsMessage(in IpPacketView packet) => packet.Protocol == IpProtocol.MobilityHeader
        || (packet.Protocol == IpProtocol.Udp && packet.Payload.Length >= UdpHeader.Fields.Layout.Length
            && nodes.TryGetValue(new Endpoint(packet.Destination, UdpHeader.Fields.DestinationPort.ReadUInt16(packet.Payload)), out var node)
            && !IsTunneled(packet, node));

    /// <summary>True for a packet in a tunnel that comes to the port of the messages (RFC 3519, 3.3); one without a tunnel may be what the agent waits for.</summary>
    private static bool IsTunneled(in IpPacketView packet, SimulatedNode node) => node.Agent.Transport == Transport.MobileIPv4Udp
        && (TunnelFrame.TryRead(packet, out var ends, out _, out _, out var error) || error.IsError) && ends.Encapsulation == Encapsulation.UdpMobileIPv4
        && (!node.Agent.ExpectsTunnelData || node.Forwarding.TryFind(ends, out _));

    /// <summary>True when packets to an address are routed to an agent from everywhere: to the anchor of a mobile node (RFC 5213, 5.6.2).</summary>
    private static bool Takes(ForwardingTable table, Address destination) =>
        table.TryFind(destination, out var route) && route.Tunnel.End == TunnelEnd.Home;

    private void Handle(SimulatedNode node, ReadOnlySpan<byte> packet, in ForwardingDecision decision)
    {
        node.Counters.Count(decision);
        var watched = Watched(packet);
        watched?.Path.Add(node.Agent.Name);
        switch (decision.Action)
        {
            case ForwardingAction.Drop:
                traffic = traffic with { NotForwarded = traffic.NotForwarded + 1 };
                ReportDrop(node, packet, decision);
                watched?.End(ProbeOutcome.Dropped, null, decision.Drop);
                return;
            case ForwardingAction.ToAgent or ForwardingAction.Error:
                watched?.End(ProbeOutcome.ToAgent, null);
                if (decision is { Action: ForwardingAction.ToAgent, From: { } tunnel })
                {
                    node.ReceiveFromTunnel(tunnel, Inside(packet, decision), TimeOf(node.Agent));
                    Follow(node);
                }

                return;
        }

        var octets = Rent(Forwarder.LengthOf(decision));
        var length = Forwarder.Write(packet, decision, ++node.Identification, octets);
        var written = octets.AsSpan(0, length);
        _ = IpPacketView.TryParse(written, out var leaving, out _);
        var (from, to) = (leaving.Source, leaving.Destination);
        if (decision.Action == ForwardingAction.Encapsulate
            || (decision.Action == ForwardingAction.Forward && order.Exists(other => other.Forwarding.IsLocal(to) || Takes(other.Forwarding, to))))
        {
            traffic = traffic with { Forwarded = traffic.Forwarded + 1 };
            Travel(from, to, octets, length);
            return;
        }

        // It leaves the simulated network: to a mobile node's interface, or to somebody outside.
        traffic = traffic with { Forwarded = traffic.Forwarded + 1 };
        watched?.End(
            decision.Action == ForwardingAction.Deliver ? ProbeOutcome.Delivered : ProbeOutcome.Left, decision.Route?.Node?.ToString(),
            packet: Octets.Create(written));
        spare.Push(octets);
    }

    /// <summary>A packet without the headers of the tunnel that it came out of.</summary>
    private static byte[] Inside(ReadOnlySpan<byte> packet, in ForwardingDecision decision)
    {
        var inner = new byte[decision.Length];
        TunnelFrame.CopyInner(packet, decision.CameIn, decision.Offset, inner);
        return inner;
    }

    private void ReportDrop(SimulatedNode node, ReadOnlySpan<byte> packet, in ForwardingDecision decision)
    {
        if (node.Drops.Take(decision.Drop, elapsed) is > 0 and var count)
        {
            Report(DropReports.Describe(packet, decision, count) with { At = At(elapsed), Agent = node.Agent.Name });
        }
    }

    /// <summary>A packet that is followed through the world.</summary>
    private sealed class Watch(byte[] token)
    {
        public byte[] Token => token;

        public List<string> Path { get; } = [];

        public ProbeResult? Result { get; private set; }

        /// <summary>The first copy of a packet tells.</summary>
        public void End(ProbeOutcome outcome, string? node, ForwardingDrop drop = ForwardingDrop.None, Octets packet = default) =>
            Result ??= new ProbeResult { Outcome = outcome, Drop = drop, Path = ValueList.From(Path), Node = node, Packet = packet };
    }
}
