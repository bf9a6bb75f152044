using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <content>Links that mobility agents and mobile nodes of Mobile IPv4 share, and what ICMP says of messages between agents.</content>
public sealed partial class SimulatedWorld
{
    private readonly SortedDictionary<uint, SharedLink> sharedLinks = [];
    private IRandomSource? sharedLosses;

    /// <summary>The links that agents share, in the order in which they were made.</summary>
    public IReadOnlyList<SharedLink> SharedLinks
    {
        get
        {
            lock (gate)
            {
                return [.. sharedLinks.Values];
            }
        }
    }

    /// <summary>The link with a name, made where there is none.</summary>
    public SharedLink FindOrAddSharedLink(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (gate)
        {
            var link = sharedLinks.Values.FirstOrDefault(link => string.Equals(link.Name, name, StringComparison.OrdinalIgnoreCase));
            if (link is null)
            {
                link = new SharedLink(name, ++lastLink);
                sharedLinks.Add(link.Number, link);
            }

            return link;
        }
    }

    /// <summary>Puts an agent on a link, beside the links that it is on: its link layer tells it at once.</summary>
    /// <exception cref="InvalidOperationException">The agent does not run here, or is on that link already.</exception>
    public void Join(Agent agent, SharedLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (gate)
        {
            var node = NodeOf(agent) ?? throw new InvalidOperationException($"The agent {agent?.Name} does not run in this world.");
            if (link.Members.Contains(agent!))
            {
                throw new InvalidOperationException($"The agent {agent!.Name} is on the link {link.Name} already.");
            }

            link.Members.Add(agent!);
            Post(node, new Notice((member, now) => member.LinkUp(link.Number, now)));
        }
    }

    /// <summary>Takes an agent off a link; one that is not on it stays as it is.</summary>
    public void Leave(Agent agent, SharedLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (gate)
        {
            if (link.Members.Remove(agent) && NodeOf(agent) is { } node)
            {
                Post(node, new Notice((member, now) => member.LinkDown(link.Number, now)));
            }
        }
    }

    /// <summary>Moves an agent: off all links that it is on, and onto another one; null for onto none.</summary>
    /// <exception cref="InvalidOperationException">The agent does not run here.</exception>
    public void Move(Agent agent, SharedLink? link)
    {
        lock (gate)
        {
            foreach (var left in sharedLinks.Values)
            {
                Leave(agent, left);
            }

            if (link is not null)
            {
                Join(agent, link);
            }
        }
    }

    /// <summary>Puts a packet on a link, such as a forged one, as if somebody on it had sent it.</summary>
    public void Inject(SharedLink link, ReadOnlySpan<byte> packet)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (gate)
        {
            SendToMembers(null, link, Octets.Create(packet));
        }
    }

    private void SendToMembers(SimulatedNode? sender, SharedLink link, Octets packet)
    {
        Record(packet.Span, default);
        foreach (var member in link.Members)
        {
            if (member == sender?.Agent || NodeOf(member) is not { } node || link.IsSilent || IsLost(link))
            {
                continue;
            }

            inFlight++;
            var arrival = new Arrival(
                (driver, now) =>
                {
                    inFlight--;
                    // Who has left meanwhile hears nothing more.
                    if (link.Members.Contains(member))
                    {
                        Take(node, link.Number, packet, now);
                    }
                },
                () => inFlight--);
            Enqueue(new Happening(node, arrival, null, 0), elapsed + accessLatency);
        }
    }

    /// <summary>A packet comes in on a shared link: for the agent itself, or to be forwarded.</summary>
    private void Take(SimulatedNode node, uint link, Octets packet, Instant now)
    {
        var isForwarded = node.Forwarding.TunnelCount > 0
            && IpPacketView.TryParse(packet.Span, out var view, out _) && node.Forwarding.TryFind(view.Source, out _);
        var decision = isForwarded ? Forwarder.Decide(packet.Span, link, node.Forwarding) : new ForwardingDecision { Action = ForwardingAction.ToAgent };
        if (decision.Action == ForwardingAction.ToAgent)
        {
            node.TakeFromLink(link, packet.Span, now);
        }
        else
        {
            Handle(node, packet.Span, decision);
        }
    }

    private bool IsLost(SharedLink link) =>
        link.LossPercent > 0 && (sharedLosses ??= StableHash.Random(Seed, StableHash.Of("shared links"), 0)).Fraction() * 100 < link.LossPercent;

    /// <summary>Tells a sender that wants to hear it that nobody has the address of its message, or that nobody listens there (RFC 792).</summary>
    private void AnswerUndeliverable(ReadOnlySpan<byte> packet, in Envelope envelope)
    {
        if (!envelope.Source.Address.IsIPv4 || !nodes.TryGetValue(envelope.Source, out var sender) || !sender.Agent.HearsErrors)
        {
            return;
        }

        var destination = envelope.Destination.Address;
        var isThere = nodes.Keys.Any(place => place.Address == destination);
        var error = new IcmpV4DestinationUnreachable
        {
            Code = (byte)(isThere ? IcmpV4DestinationUnreachableCode.PortUnreachable : IcmpV4DestinationUnreachableCode.HostUnreachable),
            Data = Octets.Create(packet[..Math.Min(packet.Length, IPv4Header.Fields.Layout.Length + UdpHeader.Fields.Layout.Length)]),
        };
        Inject(PacketComposer.Compose(new IPv4Header { Source = destination, Destination = envelope.Source.Address }, error).Span);
    }

    /// <summary>Gives an ICMP error to the agent whose message it quotes; false for other packets.</summary>
    private bool TakeError(ReadOnlySpan<byte> octets)
    {
        if (!IpPacketView.TryParse(octets, out var packet, out _) || packet is not { IsIPv4: true, Protocol: IpProtocol.Icmp }
            || !IcmpV4Message.VerifyChecksum(packet.Payload)
            || IcmpV4Message.From(packet.Payload, out _) is not IcmpV4DestinationUnreachable error)
        {
            return false;
        }

        // The quoted packet is cut off: its header and the ports are all that there has to be.
        var quoted = error.Data.Span;
        var header = quoted.Length >= IPv4Header.Fields.Layout.Length ? IPv4Header.Fields.HeaderLength.ReadByte(quoted) * 4 : int.MaxValue;
        if (header < IPv4Header.Fields.Layout.Length || (long)header + UdpHeader.Fields.Layout.Length > quoted.Length
            || (IpProtocol)IPv4Header.Fields.Protocol.ReadByte(quoted) != IpProtocol.Udp)
        {
            return false;
        }

        var from = new Endpoint(IPv4Header.Fields.Source.ReadAddress(quoted), UdpHeader.Fields.SourcePort.ReadUInt16(quoted[header..]));
        var to = new Endpoint(IPv4Header.Fields.Destination.ReadAddress(quoted), UdpHeader.Fields.DestinationPort.ReadUInt16(quoted[header..]));
        if (from.Address != packet.Destination || !nodes.TryGetValue(from, out var node) || !node.Agent.HearsErrors)
        {
            return false;
        }

        Perform(node, new Notice((agent, now) => agent.ReceiveError(to, (IcmpV4DestinationUnreachableCode)error.Code, now)));
        return true;
    }
}
