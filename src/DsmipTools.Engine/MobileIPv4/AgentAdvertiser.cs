using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What a home agent or foreign agent does so that mobile nodes on its links find it (RFC 5944, 2.3): it advertises itself from time to time, and to
/// those who ask. Whoever asks for more than that gets no more: answers to several are put together, and to many they become one for all.
/// </summary>
internal sealed class AgentAdvertiser(
    AdvertisementOptions options, Address address, Outbox outbox, Counters counters, IRandomSource random, Func<MobilityAgentAdvertisementExtension> describe)
{
    /// <summary>More askers than this at a time are answered by one advertisement for all.</summary>
    private const int MostAskers = 8;

    /// <summary>MAX_INITIAL_ADVERTISEMENTS (RFC 1256, 5.1).</summary>
    private const int InitialAdvertisements = 3;

    /// <summary>MAX_INITIAL_ADVERT_INTERVAL (RFC 1256, 5.1).</summary>
    private static readonly TimeSpan initialInterval = TimeSpan.FromSeconds(16);

    /// <summary>Between two advertisements for all, whoever asks.</summary>
    private static readonly TimeSpan shortestGap = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<uint, Link> links = [];
    private ushort sequence;

    /// <summary>When <see cref="Expire"/> is to be called; null for never.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var link in links.Values)
            {
                next = link.Next < next ? link.Next : next;
            }

            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    public bool Has(uint link) => links.ContainsKey(link);

    public void LinkUp(uint number, Instant now)
    {
        var link = links[number] = new Link();
        link.AdvertiseAt = options.OnlyWhenSolicited ? TimeSpan.MaxValue : now.Elapsed;
    }

    public void LinkDown(uint number) => links.Remove(number);

    /// <summary>Takes a solicitation; false when the packet is none.</summary>
    public bool TryReceive(uint number, ReadOnlySpan<byte> packet, Instant now)
    {
        if (!links.TryGetValue(number, out var link) || !DiscoveryMessages.TryRead(packet, out var source, out var destination, out var message)
            || message is not IcmpV4RouterSolicitation)
        {
            return false;
        }

        if (destination != address && destination != DiscoveryMessages.AllRouters && destination != DiscoveryMessages.AllMobilityAgents
            && destination != DiscoveryMessages.Broadcast)
        {
            return true;
        }

        counters.Count(MessageKind.AgentSolicitation, Direction.Received);
        if (source.IsUnicast && link.Askers.Count < MostAskers)
        {
            link.Askers.Add(source);
        }
        else
        {
            link.AllAsk = true;
        }

        var answerAt = now.Elapsed + random.NextBetween(TimeSpan.Zero, options.MaximumResponseDelay);
        link.AnswerAt = answerAt < link.AnswerAt ? answerAt : link.AnswerAt;
        return true;
    }

    public void Expire(Instant now)
    {
        foreach (var (number, link) in links)
        {
            if (link.AnswerAt <= now.Elapsed)
            {
                Answer(number, link, now);
            }

            if (link.AdvertiseAt <= now.Elapsed)
            {
                AdvertiseToAll(number, link, now);
            }
        }
    }

    private void Answer(uint number, Link link, Instant now)
    {
        link.AnswerAt = TimeSpan.MaxValue;
        if (link.AllAsk)
        {
            var earliest = link.AdvertisedAt is { } last && last + shortestGap > now.Elapsed ? last + shortestGap : now.Elapsed;
            link.AdvertiseAt = earliest < link.AdvertiseAt ? earliest : link.AdvertiseAt;
        }
        else
        {
            foreach (var asker in link.Askers)
            {
                Advertise(number, asker);
            }
        }

        link.AllAsk = false;
        link.Askers.Clear();
    }

    private void AdvertiseToAll(uint number, Link link, Instant now)
    {
        Advertise(number, DiscoveryMessages.AllSystems);
        link.AdvertisedAt = now.Elapsed;
        var wait = random.NextBetween(options.Interval * 0.75, options.Interval);
        link.AdvertiseAt = options.OnlyWhenSolicited ? TimeSpan.MaxValue
            : now.Elapsed + (++link.Advertisements < InitialAdvertisements && wait > initialInterval ? initialInterval : wait);
    }

    private void Advertise(uint number, Address destination)
    {
        outbox.SendOnLink(number, DiscoveryMessages.Advertisement(options, address, destination, describe() with { SequenceNumber = sequence }).Span);
        counters.Count(MessageKind.AgentAdvertisement, Direction.Sent);
        // RFC 5944, 2.3.2: numbers below 256 belong to a restart.
        sequence = sequence == ushort.MaxValue ? (ushort)256 : (ushort)(sequence + 1);
    }

    private sealed class Link
    {
        /// <summary>Who waits for an answer, in order.</summary>
        public SortedSet<Address> Askers { get; } = [];

        /// <summary>True when somebody without an address asks, or too many do.</summary>
        public bool AllAsk { get; set; }

        public TimeSpan AnswerAt { get; set; } = TimeSpan.MaxValue;

        public TimeSpan AdvertiseAt { get; set; }

        /// <summary>When the last one for all was sent.</summary>
        public TimeSpan? AdvertisedAt { get; set; }

        public int Advertisements { get; set; }

        public TimeSpan Next => AnswerAt < AdvertiseAt ? AnswerAt : AdvertiseAt;
    }
}
