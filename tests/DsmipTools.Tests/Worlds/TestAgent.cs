using System.Buffers.Binary;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Worlds;

/// <summary>
/// A small agent: it answers what it gets, sends once more what is not answered, and does on command what a test wants.
/// A message has the shape of a Mobility Header, so that it travels in each envelope: the kind is its type, octets 8 to 15 are a number.
/// </summary>
internal sealed class TestAgent(string name, IRandomSource random, Endpoint local, Transport transport = Transport.MobileIPv4Udp) : Agent(name, random)
{
    public const byte Request = 1;
    public const byte Answer = 2;
    public const byte Explode = 3;
    public const byte OneWay = 4;
    public const int MessageLength = 40;

    private readonly SortedDictionary<long, Pending> pending = [];
    private Endpoint bound = local;
    private long lastTunnelCommand;

    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    public int MaximumAttempts { get; init; } = 5;

    public bool Remembers { get; init; } = true;

    public int ReceivedCount { get; private set; }

    public List<(byte Kind, long Number, Instant At)> Received { get; } = [];

    public List<string> Failures { get; } = [];

    public int Starts { get; private set; }

    public TimeSpan? Alarm { get; set; }

    public int Alarms { get; private set; }

    public bool ExplodeOnAlarm { get; set; }

    public override AgentKind Kind => AgentKind.HomeAgent;

    public override Endpoint LocalEndpoint => bound;

    public override Transport Transport => transport;

    public override string Protection => "None";

    public override int BindingCount => pending.Count;

    public override TimeSpan? NextDeadline
    {
        get
        {
            var next = Alarm;
            if (pending.Count == 0)
            {
                // Enumerating allocates, and a test measures the world.
                return next;
            }

            foreach (var request in pending.Values)
            {
                next = next is null || request.Due < next ? request.Due : next;
            }

            return next;
        }
    }

    public override void Bind(Endpoint actual) => bound = actual;

    public override void Start(Instant now)
    {
        Starts++;
        Report(new AgentEvent { At = now, Kind = EventKind.Started });
    }

    public override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        if (message.Length < MessageLength)
        {
            Drop(MessageKind.Unknown, DropReason.Malformed, envelope, now);
            return;
        }

        var kind = message[2];
        var number = BinaryPrimitives.ReadInt64BigEndian(message[8..]);
        ReceivedCount++;
        if (Remembers)
        {
            Received.Add((kind, number, now));
        }

        switch (kind)
        {
            case Request:
                Send(envelope.Reversed, Answer, number);
                break;
            case Answer when pending.Remove(number, out var request):
                Outbox.Complete(number, (now.Elapsed - request.At, request.Attempts));
                break;
            case Explode:
                throw new InvalidOperationException("exploded");
        }
    }

    public override void Expire(Instant now)
    {
        if (Alarm <= now.Elapsed)
        {
            Alarms++;
            if (ExplodeOnAlarm)
            {
                throw new InvalidOperationException("alarm");
            }

            Alarm = null;
        }

        foreach (var (number, request) in pending.Where(pair => pair.Value.Due <= now.Elapsed).ToArray())
        {
            if (request.Attempts == MaximumAttempts)
            {
                pending.Remove(number);
                Outbox.Complete(number, "timed out");
                continue;
            }

            request.Attempts++;
            request.Due = now.Elapsed + RetryAfter;
            Send(new Envelope(Transport, bound, request.Peer), Request, number);
        }
    }

    public override void Fail(long effect, string reason, Instant now)
    {
        base.Fail(effect, reason, now);
        Failures.Add(reason);
        Outbox.Withdraw(effect);
        Outbox.Complete(lastTunnelCommand, "refused: " + reason);
    }

    /// <summary>Asks a peer; the outcome is the time it took and the number of attempts, or "timed out".</summary>
    public long Ask(Endpoint peer, Instant now)
    {
        var number = NextCommand();
        pending[number] = new Pending { Peer = peer, At = now.Elapsed, Due = now.Elapsed + RetryAfter, Attempts = 1 };
        Send(new Envelope(Transport, bound, peer), Request, number);
        return number;
    }

    /// <summary>Moves to another address and asks from there.</summary>
    public long MoveAndAsk(Endpoint to, Endpoint peer, Instant now)
    {
        bound = to;
        return Ask(peer, now);
    }

    /// <summary>Sends without waiting for anything.</summary>
    public void Tell(Endpoint peer, byte kind, long number) => Send(new Envelope(Transport, bound, peer), kind, number);

    /// <summary>A command that is done when a number of outcomes has come, the last of them "last".</summary>
    public long Count(int outcomes)
    {
        var number = NextCommand();
        for (var outcome = 1; outcome < outcomes; outcome++)
        {
            Outbox.Complete(number, outcome);
        }

        Outbox.Complete(number, "last");
        return number;
    }

    /// <summary>A command that is never done.</summary>
    public long Never() => NextCommand();

    /// <summary>Completes a command from outside.</summary>
    public void Finish(long command, object outcome) => Outbox.Complete(command, outcome);

    /// <summary>Brings a tunnel up and says so to a peer, if the tunnel comes up.</summary>
    public long Dig(Tunnel tunnel, Endpoint peer)
    {
        lastTunnelCommand = NextCommand();
        var guard = Outbox.Change(EffectKind.TunnelUp, tunnel);
        var message = Outbox.Reserve(MessageLength);
        Fill(message, OneWay, tunnel.Id);
        Outbox.Send(new Envelope(Transport, bound, peer), MessageLength, guard);
        return lastTunnelCommand;
    }

    public void Bury(Tunnel tunnel) => Outbox.Change(EffectKind.TunnelDown, tunnel);

    public void Say(string detail, Instant now) => Report(new AgentEvent { At = now, Kind = EventKind.BindingCreated, Detail = detail });

    private void Send(in Envelope envelope, byte kind, long number)
    {
        Fill(Outbox.Reserve(MessageLength), kind, number);
        Outbox.Send(envelope, MessageLength);
    }

    private void Fill(Span<byte> message, byte kind, long number)
    {
        message[..MessageLength].Clear();
        message[0] = 59;
        message[2] = kind;
        BinaryPrimitives.WriteInt64BigEndian(message[8..], number);
        BinaryPrimitives.WriteUInt64BigEndian(message[16..], Random.NextUInt64());
    }

    private sealed class Pending
    {
        public required Endpoint Peer { get; init; }

        public required TimeSpan At { get; init; }

        public required TimeSpan Due { get; set; }

        public required int Attempts { get; set; }
    }
}
