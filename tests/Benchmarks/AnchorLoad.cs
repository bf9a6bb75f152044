using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Benchmarks;

/// <summary>
/// A local mobility anchor and the mobile nodes that gateways attach to it. Consecutive nodes belong to different realms, so that the
/// bindings of one realm lie scattered among the others.
/// </summary>
internal sealed class AnchorLoad
{
    private const int BatchSize = 5000;

    private readonly int nodes;
    private readonly int realms;
    private readonly int peers;
    private readonly LocalMobilityAnchor agent;
    private readonly Prefix[] prefixes;
    private readonly int[] lengths = new int[BatchSize];
    private readonly byte[] batch = new byte[BatchSize * Messages.Room];
    private Instant now = new(TimeSpan.FromSeconds(1), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public AnchorLoad(int nodes, int realms, int peers)
    {
        this.nodes = nodes;
        this.realms = realms;
        this.peers = peers;
        prefixes = new Prefix[nodes];
        agent = new LocalMobilityAnchor(
            new LocalMobilityAnchorOptions
            {
                Name = "lma",
                Address = Messages.Anchor,
                PrefixPool = "2001:db8::/32",
                Protection = PeersByAddress.Of([.. Enumerable.Range(0, peers).Select(peer => Messages.FromGateway(peer).Source.Address)]),
            },
            new SeededRandom(1));
    }

    /// <summary>The number of bindings.</summary>
    public int Bindings => agent.BindingCount;

    /// <summary>Attaches all nodes, or those of one realm; returns nanoseconds for each.</summary>
    public double Attach(int? realm = null)
    {
        var time = TimeSpan.Zero;
        var done = 0;
        List<int> turn = [];
        for (var node = realm ?? 0; node < nodes; node += realm is null ? 1 : realms)
        {
            turn.Add(node);
            if (turn.Count == BatchSize)
            {
                time += Exchange(turn, renew: false);
                done += turn.Count;
                turn.Clear();
            }
        }

        time += Exchange(turn, renew: false);
        return time.TotalNanoseconds / (done + turn.Count);
    }

    /// <summary>Renews the bindings of consecutive nodes.</summary>
    public Contender Renewals()
    {
        var next = 0;
        List<int> turn = [];
        return new Contender(
            count => Receive(turn),
            count =>
            {
                turn.Clear();
                for (var at = 0; at < count; at++)
                {
                    turn.Add(next);
                    next = (next + 1) % nodes;
                }

                Write(turn, renew: true);
            });
    }

    /// <summary>Reads the updates that <see cref="Renewals"/> has prepared, and writes their acknowledgements, without an agent.</summary>
    public Contender Codecs()
    {
        var answer = new byte[Messages.Room];
        var envelope = Messages.FromGateway(0);
        return new Contender(
            count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take((ulong)ProxyBindingBenchmarks.Answer(Message(at), answer, envelope));
                }
            },
            count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Write(at, at, renew: true, envelope);
                }
            });
    }

    /// <summary>Revokes a realm; returns milliseconds of processor time until its indications are in the outbox, and until their acknowledgements are processed.</summary>
    public (double Indications, double Acknowledgements) Revoke(int realm)
    {
        // What earlier parts have left behind is not this one's to clear up.
        GC.Collect();
        now += TimeSpan.FromSeconds(1);
        var start = Clock.Processor();
        agent.Revoke(RevocationRequest.Realm(Messages.Realm(realm)), now);
        var indications = (Clock.Processor() - start).TotalMilliseconds;

        List<(byte[] Message, Envelope Envelope)> answers = [];
        while (agent.Outbox.TryTake(out var effect))
        {
            if (effect.Kind == EffectKind.Send
                && BindingRevocationIndicationView.TryParse(agent.Outbox.MessageOf(effect), out var indication, out _))
            {
                var envelope = effect.Envelope.Reversed;
                var buffer = new byte[Messages.Room];
                answers.Add((buffer[..Messages.WriteAcknowledgement(buffer, indication.SequenceNumber, envelope)], envelope));
            }
        }

        if (answers.Count != peers)
        {
            throw new InvalidOperationException($"{answers.Count} indications for {peers} peers.");
        }

        var before = agent.BindingCount;
        start = Clock.Processor();
        foreach (var (message, envelope) in answers)
        {
            agent.Receive(message, envelope, now);
            while (agent.Outbox.TryTake(out _))
            {
            }
        }

        var acknowledgements = (Clock.Processor() - start).TotalMilliseconds;
        return before - agent.BindingCount == nodes / realms
            ? (indications, acknowledgements)
            : throw new InvalidOperationException($"{before - agent.BindingCount} bindings were removed.");
    }

    /// <summary>
    /// Messages that are to have no effect, of one kind: each is written anew, as an attacker would, and the anchor's answers, where it has to give any, are
    /// part of what they cost.
    /// </summary>
    public Contender Forgeries(Forgery kind)
    {
        var envelopes = new Envelope[BatchSize];
        var next = 0;
        return new Contender(
            count =>
            {
                var before = agent.BindingCount;
                for (var at = 0; at < count; at++)
                {
                    agent.Receive(Message(at), envelopes[at], now);
                    while (agent.Outbox.TryTake(out _))
                    {
                    }
                }

                if (agent.BindingCount != before)
                {
                    throw new InvalidOperationException($"{kind} made or removed bindings.");
                }
            },
            count =>
            {
                for (var at = 0; at < count; at++)
                {
                    envelopes[at] = Forge(kind, at, next);
                    next = (next + 1) % nodes;
                }
            });
    }

    /// <summary>Reads all bindings as a hosted agent's are read; returns milliseconds of processor time, and of the longest piece, when the agent does nothing else.</summary>
    public (double All, double Longest) Read()
    {
        GC.Collect();
        var start = Clock.Processor();
        var scan = agent.Scan(BindingFilter.All);
        var longest = Clock.Processor() - start;
        var read = 0;
        while (!scan.IsAtEnd)
        {
            var before = Clock.Processor();
            read += scan.Read(1000, now).Count;
            var piece = Clock.Processor() - before;
            longest = piece > longest ? piece : longest;
        }

        return read == agent.BindingCount
            ? ((Clock.Processor() - start).TotalMilliseconds, longest.TotalMilliseconds)
            : throw new InvalidOperationException($"{read} of {agent.BindingCount} bindings were read.");
    }

    /// <summary>Lets the lifetime of all bindings run out; returns milliseconds of processor time for all, and for the longest call.</summary>
    public (double Time, double Longest) Expire()
    {
        GC.Collect();
        now += TimeSpan.FromDays(1);
        var (time, longest) = (0.0, 0.0);
        while (agent.NextDeadline <= now.Elapsed)
        {
            var start = Clock.Processor();
            agent.Expire(now);
            while (agent.Outbox.TryTake(out _))
            {
            }

            var call = (Clock.Processor() - start).TotalMilliseconds;
            (time, longest) = (time + call, Math.Max(longest, call));
        }

        return agent.BindingCount == 0 ? (time, longest) : throw new InvalidOperationException($"{agent.BindingCount} bindings are left.");
    }

    private Envelope Forge(Forgery kind, int at, int node)
    {
        var envelope = Messages.FromGateway(kind == Forgery.Stranger ? peers + 1 : PeerOf(node));
        var another = (node + (realms * (peers / 2))) % nodes;
        var buffer = batch.AsSpan(at * Messages.Room, Messages.Room);
        switch (kind)
        {
            case Forgery.UnknownAcknowledgement:
                lengths[at] = Messages.WriteAcknowledgement(buffer, (ushort)at, envelope);
                break;
            case Forgery.RevocationOfAnother:
                lengths[at] = Messages.WriteIndication(buffer, (ushort)at, Messages.Utf8(Messages.Node(another, RealmOf(another))), prefixes[another], envelope);
                break;
            default:
                Write(at, node, renew: true, envelope, kind == Forgery.Replayed ? TimeSpan.FromHours(-1) : TimeSpan.Zero, kind == Forgery.PrefixOfAnother ? another : node);
                break;
        }

        if (kind == Forgery.BadChecksum)
        {
            buffer[4] ^= 1;
        }

        return envelope;
    }

    private int RealmOf(int node) => node % realms;

    private int PeerOf(int node) => node / realms % peers;

    private ReadOnlySpan<byte> Message(int at) => batch.AsSpan(at * Messages.Room, lengths[at]);

    private TimeSpan Exchange(List<int> turn, bool renew)
    {
        Write(turn, renew);
        var start = Clock.Processor();
        Receive(turn);
        return Clock.Processor() - start;
    }

    /// <summary>Writes the updates of nodes, with timestamps later than all before.</summary>
    private void Write(List<int> turn, bool renew)
    {
        now += TimeSpan.FromMilliseconds(1);
        for (var at = 0; at < turn.Count; at++)
        {
            Write(at, turn[at], renew, Messages.FromGateway(PeerOf(turn[at])));
        }
    }

    private void Write(int at, int node, bool renew, in Envelope envelope, TimeSpan age = default, int? prefixOf = null) => lengths[at] = Messages.WriteProxyBindingUpdate(
        batch.AsSpan(at * Messages.Room, Messages.Room),
        (ushort)node,
        Messages.Utf8(Messages.Node(node, RealmOf(node))),
        renew ? prefixes[prefixOf ?? node] : default,
        TimestampOption.FromTime(now.WallClock + age),
        envelope);

    private void Receive(List<int> turn)
    {
        var accepted = 0;
        for (var at = 0; at < turn.Count; at++)
        {
            var node = turn[at];
            agent.Receive(Message(at), Messages.FromGateway(PeerOf(node)), now);
            while (agent.Outbox.TryTake(out var effect))
            {
                if (effect.Kind == EffectKind.Send
                    && BindingAcknowledgementView.TryParse(agent.Outbox.MessageOf(effect), out var answer, out _)
                    && answer.Status == BindingStatus.Accepted
                    && answer.Options.TryFind(MobilityOptionType.HomeNetworkPrefix, out var option)
                    && HomeNetworkPrefixOption.TryRead(option, out prefixes[node]))
                {
                    accepted++;
                }
            }
        }

        if (accepted != turn.Count)
        {
            throw new InvalidOperationException($"{accepted} of {turn.Count} updates were accepted.");
        }
    }
}
