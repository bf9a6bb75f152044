using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>One agent by itself: inputs go in as whole IP packets, outputs are kept.</summary>
internal sealed class Probe
{
    private readonly List<SentMessage> fresh = [];
    private readonly Dictionary<long, Tunnel> tunnels = [];
    private long lastEffect;

    public Probe(Agent agent)
    {
        Agent = agent;
        Forwarding = new ForwardingTable(agent.LocalEndpoint.Address);
        agent.Start(Now);
        Collect();
    }

    public Agent Agent { get; }

    public Instant Now { get; set; } = new(TimeSpan.FromHours(5), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>False keeps no events.</summary>
    public bool KeepsEvents { get; set; } = true;

    public List<SentMessage> Sent { get; } = [];

    /// <summary>The packets that the agent sent on links of its own.</summary>
    public List<(uint Link, DecodedPacket Packet)> OnLink { get; } = [];

    /// <summary>The whole packets that the agent sent, such as ICMP errors.</summary>
    public List<DecodedPacket> Packets { get; } = [];

    public List<AgentEvent> Events { get; } = [];

    /// <summary>The tunnels and routes that the agent has asked for.</summary>
    public ForwardingTable Forwarding { get; }

    /// <summary>The tunnels that are up.</summary>
    public IEnumerable<Tunnel> Tunnels => tunnels.Values;

    /// <summary>The kinds of the effects that were carried out, in order.</summary>
    public List<EffectKind> Effects { get; } = [];

    /// <summary>Why an effect fails; null carries it out.</summary>
    public Func<Effect, string?>? Failure { get; set; }

    public List<(long Command, object Outcome)> Completions { get; } = [];

    public SentMessage Last => Sent[^1];

    /// <summary>Delivers a message; returns what the agent sent in answer.</summary>
    public IReadOnlyList<SentMessage> Deliver(MobilityMessage message, in Envelope envelope)
    {
        var octets = message.ToOctets().ToArray();
        if (message.Checksum is null)
        {
            envelope.Seal(octets);
        }

        return Deliver(octets, envelope);
    }

    /// <summary>Delivers octets as a message; returns what the agent sent in answer.</summary>
    public IReadOnlyList<SentMessage> Deliver(ReadOnlySpan<byte> octets, in Envelope envelope)
    {
        var packet = new byte[PacketFrame.Overhead(envelope) + octets.Length];
        PacketFrame.Write(envelope, octets, packet);
        Assert.True(PacketFrame.TryRead(packet, Transport.ProxyMobileIPv6Udp, out var read, out _, out var error), error.ToString());
        Assert.Equal(envelope, envelope.IsProtected ? envelope : read);
        return Deliver(packet);
    }

    /// <summary>Delivers an IP packet; returns what the agent sent in answer.</summary>
    public IReadOnlyList<SentMessage> Deliver(byte[] packet)
    {
        Assert.True(PacketFrame.TryRead(packet, Transport.ProxyMobileIPv6Udp, out var read, out var message, out var error), error.ToString());
        fresh.Clear();
        Agent.Receive(message, read, Now);
        Collect();
        return [.. fresh];
    }

    /// <summary>Delivers a packet on a link of the agent's own.</summary>
    public void DeliverOnLink(uint link, Octets packet)
    {
        Agent.ReceiveOnLink(link, packet.Span, Now);
        Collect();
    }

    /// <summary>Runs a command.</summary>
    public long Do(Func<Instant, long> command)
    {
        var number = command(Now);
        Collect();
        return number;
    }

    /// <summary>Lets time pass, with every deadline on the way.</summary>
    public IReadOnlyList<SentMessage> Advance(TimeSpan duration)
    {
        fresh.Clear();
        var end = Now + duration;
        while (Agent.NextDeadline is { } due && due <= end.Elapsed)
        {
            if (due > Now.Elapsed)
            {
                Now += due - Now.Elapsed;
            }

            for (var calls = 0; Agent.NextDeadline <= Now.Elapsed; calls++)
            {
                Assert.True(calls < 100, "a deadline that has passed stays");
                Agent.Expire(Now);
                Collect();
            }
        }

        Now += end.Elapsed - Now.Elapsed;
        return [.. fresh];
    }

    public T Outcome<T>(long command) => Assert.IsType<T>(Completions.Last(completion => completion.Command == command).Outcome);

    public IReadOnlyList<object> Outcomes(long command) =>
        [.. Completions.Where(completion => completion.Command == command).Select(completion => completion.Outcome)];

    private void Collect()
    {
        while (Agent.Outbox.TryTake(out var effect))
        {
            Assert.True(effect.Number > lastEffect);
            lastEffect = effect.Number;
            if (Failure?.Invoke(effect) is { } reason)
            {
                Agent.Fail(effect.Number, reason, Now);
                continue;
            }

            Effects.Add(effect.Kind);
            switch (effect.Kind)
            {
                case EffectKind.Send:
                    Send(effect);
                    break;
                case EffectKind.SendPacket:
                    Packets.Add(new PacketDecoder().Decode(Agent.Outbox.MessageOf(effect)));
                    break;
                case EffectKind.SendOnLink:
                    OnLink.Add((effect.Link, new PacketDecoder().Decode(Agent.Outbox.MessageOf(effect))));
                    break;
                case EffectKind.Event:
                    Assert.Equal(Agent.Name, effect.Event.Agent);
                    if (KeepsEvents)
                    {
                        Events.Add(effect.Event);
                    }

                    break;
                case EffectKind.Completion:
                    Completions.Add((effect.Command, effect.Outcome!));
                    break;
                case EffectKind.TunnelUp:
                    tunnels.Add(effect.Tunnel!.Id, effect.Tunnel);
                    Forwarding.Add(effect.Tunnel);
                    break;
                case EffectKind.TunnelDown:
                    Assert.True(tunnels.Remove(effect.Tunnel!.Id));
                    Assert.DoesNotContain(Forwarding.Routes, route => route.Tunnel == effect.Tunnel);
                    Forwarding.Remove(effect.Tunnel);
                    break;
                case EffectKind.RouteAdd:
                    Assert.Contains(effect.Route!.Tunnel, tunnels.Values);
                    Forwarding.Add(effect.Route);
                    break;
                case EffectKind.RouteRemove:
                    // At a gateway another attachment may have taken the prefix over.
                    Assert.True(Forwarding.Remove(effect.Route!) || effect.Route!.Link != 0);
                    break;
                default:
                    Assert.Fail($"unexpected effect {effect.Kind}");
                    break;
            }
        }
    }

    private void Send(in Effect effect)
    {
        if (!Agent.TryPrepare(effect, Now, out var envelope, out var octets, out var refused))
        {
            Agent.Fail(effect.Number, refused!, Now);
            return;
        }

        var packet = new byte[PacketFrame.Overhead(envelope) + octets.Length];
        PacketFrame.Write(envelope, octets, packet);
        var message = new SentMessage(Now.Elapsed, envelope, Octets.Create(Agent.Outbox.MessageOf(effect))) { Packet = packet };
        Sent.Add(message);
        fresh.Add(message);
    }
}
