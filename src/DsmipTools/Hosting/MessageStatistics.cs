using System.Globalization;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Hosting;

/// <summary>What an agent has counted of one kind of message.</summary>
public sealed record MessageStatistics
{
    internal MessageStatistics(MessageKind message, IReadOnlyList<AgentStatistic> counters)
    {
        Message = message;
        var own = counters.Where(counter => counter.Message == message).ToArray();
        var handled = own.Where(counter => counter.Drop == DropReason.None).ToArray();
        ReceivedByCode = ByCode(handled, Direction.Received);
        SentByCode = ByCode(handled, Direction.Sent);
        Received = Sum(handled, Direction.Received);
        Sent = Sum(handled, Direction.Sent);
        Retransmitted = Sum(handled, Direction.Retransmitted);
        Drops = AgentStatistics.ByReason(own);
        Dropped = Drops.Values.Sum();
    }

    /// <summary>The message.</summary>
    public MessageKind Message { get; }

    /// <summary>How many arrived that the agent could make something of.</summary>
    public long Received { get; }

    /// <summary>How many it sent for the first time.</summary>
    public long Sent { get; }

    /// <summary>How many it sent once more.</summary>
    public long Retransmitted { get; }

    /// <summary>How many arrived and had no effect.</summary>
    public long Dropped { get; }

    /// <summary>Those received by the name of the status, code or trigger in them; empty for a message that has none.</summary>
    public IReadOnlyDictionary<string, long> ReceivedByCode { get; }

    /// <summary>Those sent, in the same way.</summary>
    public IReadOnlyDictionary<string, long> SentByCode { get; }

    /// <summary>Those dropped, by the name of the reason.</summary>
    public IReadOnlyDictionary<string, long> Drops { get; }

    /// <summary>All of it in a line; what is zero is left out.</summary>
    public override string ToString()
    {
        var parts = new[]
            {
                Part("received", Received, ReceivedByCode), Part("sent", Sent, SentByCode),
                Part("retransmitted", Retransmitted, null), Part("dropped", Dropped, Drops),
            }
            .OfType<string>();
        return string.Join(", ", parts.DefaultIfEmpty("none"));
    }

    /// <summary>Counts by name, in a line.</summary>
    public static string List(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")));

    private static string? Part(string what, long count, IReadOnlyDictionary<string, long>? of) => count == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{what} {count}{(of is { Count: > 0 } ? $" ({List(of)})" : "")}");

    private static long Sum(AgentStatistic[] counters, Direction direction) =>
        counters.Where(counter => counter.Direction == direction).Sum(counter => counter.Count);

    private static OrderedDictionary<string, long> ByCode(AgentStatistic[] counters, Direction direction) => new(counters
        .Where(counter => counter.Direction == direction && counter.Code is not null)
        .Select(counter => KeyValuePair.Create(counter.Code!, counter.Count)));
}
