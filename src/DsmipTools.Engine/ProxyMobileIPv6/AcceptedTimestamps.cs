using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// The accepted timestamps of mobile nodes whose binding is gone, as long as an old update could still pass the validity window: so that a
/// delayed copy of an update does not bring a binding back (RFC 5213, 5.5: greater than all previously accepted ones of the mobile node).
/// </summary>
internal sealed class AcceptedTimestamps(TimeSpan window)
{
    private readonly Dictionary<NetworkAccessIdentifier, ulong> newest = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Queue<(NetworkAccessIdentifier Identifier, ulong Timestamp)> order = new();
    private TimeSpan window = window;
    private ulong floor;

    public int Count => order.Count;

    public ulong Find(ReadOnlySpan<byte> identifier) =>
        newest.Count > 0 && newest.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(identifier, out var timestamp) && timestamp > floor
            ? timestamp
            : floor;

    /// <summary>Changes the window. What a narrower one has refused and forgotten so far stays refused in a wider one.</summary>
    public void Change(TimeSpan other, Instant now)
    {
        if (other > window)
        {
            var (time, refused) = (TimestampOption.FromTime(now.WallClock), (UInt128)window.Ticks * 65536 / TimeSpan.TicksPerSecond);
            floor = Math.Max(floor, refused < time ? time - (ulong)refused : 0);
        }

        window = other;
    }

    public void Keep(NetworkAccessIdentifier identifier, ulong timestamp, Instant now)
    {
        Forget(now);
        if (IsWithinWindow(timestamp, now) && timestamp > newest.GetValueOrDefault(identifier))
        {
            newest[identifier] = timestamp;
            order.Enqueue((identifier, timestamp));
        }
    }

    /// <summary>Drops what the window would refuse anyway.</summary>
    public void Forget(Instant now)
    {
        while (order.TryPeek(out var oldest) && !IsWithinWindow(oldest.Timestamp, now))
        {
            order.Dequeue();
            if (newest.GetValueOrDefault(oldest.Identifier) == oldest.Timestamp)
            {
                newest.Remove(oldest.Identifier);
            }
        }
    }

    private bool IsWithinWindow(ulong timestamp, Instant now) =>
        TimestampOption.Difference(timestamp, TimestampOption.FromTime(now.WallClock)) >= -window;
}
