using DsmipTools.Engine;
using DsmipTools.Net.Links;

namespace DsmipTools.Worlds;

/// <summary>One direction of a link: what becomes of its packets, in any world. The same seed and the same packets at the same times have the same fates.</summary>
public sealed class LinkPath(IRandomSource random)
{
    private readonly Queue<TimeSpan> departures = new();
    private long packets;
    private long octets;
    private long lostPackets;
    private long lostOctets;
    private long copies;
    private TimeSpan freeAt;
    private TimeSpan lastArrival;

    /// <summary>What it has counted; from any thread.</summary>
    public LinkPathCounters Counters => new(
        Volatile.Read(ref packets), Volatile.Read(ref octets), Volatile.Read(ref lostPackets), Volatile.Read(ref lostOctets), Volatile.Read(ref copies));

    /// <summary>Says what becomes of a packet.</summary>
    /// <param name="link">How the link is now.</param>
    /// <param name="length">The octets of the packet.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="isStopped">True when it is lost whatever the link does with it.</param>
    /// <param name="held">How much longer it takes, so that later ones overtake it; null when nothing holds it.</param>
    public FrameFate Decide(Link link, int length, TimeSpan now, bool isStopped = false, TimeSpan? held = null)
    {
        // Each packet draws the same numbers whatever becomes of it: a change of one rate leaves the other faults where they were.
        bool lost = random.Chance(link.Loss), duplicated = random.Chance(link.Duplication);
        bool reordered = random.Chance(link.Reordering), corrupted = random.Chance(link.Corruption);
        double delay = random.Fraction(), holding = random.Fraction(), secondDelay = random.Fraction();
        var bit = random.Fraction();
        packets++;
        octets += length;
        if (isStopped || link.IsPartitioned || !TryDepart(link, length, ref now) || lost)
        {
            lostPackets++;
            lostOctets += length;
            return FrameFate.Lost;
        }

        var arrival = now + link.Latency + (link.Jitter * delay);
        if (held is not null)
        {
            arrival += held.Value;
        }
        else if (reordered)
        {
            arrival += link.Latency + (link.Latency * holding);
        }
        else
        {
            arrival = lastArrival = arrival > lastArrival ? arrival : lastArrival;
        }

        copies += duplicated ? 1 : 0;
        return new FrameFate
        {
            Arrival = arrival,
            CopyArrival = duplicated ? arrival + (link.Jitter * secondDelay) : null,
            IsReordered = held is not null || reordered,
            CorruptedAt = corrupted ? bit : null,
        };
    }

    /// <summary>Waits for the packets before it to leave, if there is room for one more that waits.</summary>
    private bool TryDepart(Link link, int length, ref TimeSpan now)
    {
        if (link.Rate is not { } rate)
        {
            return true;
        }

        while (departures.TryPeek(out var departed) && departed <= now)
        {
            departures.Dequeue();
        }

        if (departures.Count >= link.QueueLimit)
        {
            return false;
        }

        freeAt = (freeAt > now ? freeAt : now) + TimeSpan.FromTicks((long)(length * 8.0 / rate * TimeSpan.TicksPerSecond));
        departures.Enqueue(now = freeAt);
        return true;
    }
}
