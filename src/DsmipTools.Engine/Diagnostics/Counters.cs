using System.Runtime.InteropServices;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Diagnostics;

/// <summary>What a counter counts.</summary>
/// <param name="Message">The message.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Code">The code, status or trigger in it; -1 where it has none.</param>
/// <param name="Drop">Why it was dropped; None when it was not.</param>
public readonly record struct CounterKey(MessageKind Message, Direction Direction, short Code, DropReason Drop) : IComparable<CounterKey>
{
    /// <inheritdoc/>
    public int CompareTo(CounterKey other) => Order.CompareTo(other.Order);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => unchecked((int)(Order * 0x9E3779B1));

    private long Order => ((long)Message << 40) | ((long)Direction << 32) | ((long)(ushort)(Code + 1) << 8) | (byte)Drop;

    /// <summary>Compares in reading order.</summary>
    public static bool operator <(CounterKey left, CounterKey right) => left.CompareTo(right) < 0;

    /// <summary>Compares in reading order.</summary>
    public static bool operator >(CounterKey left, CounterKey right) => left.CompareTo(right) > 0;

    /// <summary>Compares in reading order.</summary>
    public static bool operator <=(CounterKey left, CounterKey right) => left.CompareTo(right) <= 0;

    /// <summary>Compares in reading order.</summary>
    public static bool operator >=(CounterKey left, CounterKey right) => left.CompareTo(right) >= 0;
}

/// <summary>Counters by message, direction, code and drop reason; of handoffs; and the most bindings.</summary>
public sealed class Counters
{
    private readonly Dictionary<CounterKey, long> counts = [];
    private readonly Dictionary<HandoffKey, long> handoffs = [];

    /// <summary>The most bindings, registrations or attachments that the agent held at a time.</summary>
    public int PeakBindings { get; private set; }

    /// <summary>The value of one counter.</summary>
    public long this[MessageKind message, Direction direction, int code = -1, DropReason drop = DropReason.None] =>
        counts.GetValueOrDefault(new CounterKey(message, direction, (short)code, drop));

    /// <summary>All counters that are not zero, in a fixed order.</summary>
    public IReadOnlyList<KeyValuePair<CounterKey, long>> Snapshot() => [.. counts.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key)];

    /// <summary>The handoffs that were counted, by indicator and outcome.</summary>
    public IReadOnlyList<KeyValuePair<HandoffKey, long>> Handoffs() => [.. handoffs.OrderBy(pair => pair.Key.Indicator).ThenBy(pair => pair.Key.Outcome)];

    /// <summary>The sum over the drops with a reason.</summary>
    public long Dropped(DropReason reason) => counts.Where(pair => pair.Key.Drop == reason).Sum(pair => pair.Value);

    internal void Count(MessageKind message, Direction direction, int code = -1, DropReason drop = DropReason.None) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, new CounterKey(message, direction, (short)code, drop), out _)++;

    internal void Count(HandoffIndicator indicator, HandoffOutcome outcome) =>
        CollectionsMarshal.GetValueRefOrAddDefault(handoffs, new HandoffKey(indicator, outcome), out _)++;

    /// <summary>There are so many bindings now.</summary>
    internal void Observe(int bindings) => PeakBindings = Math.Max(PeakBindings, bindings);

    /// <summary>Takes back the count of a message that was queued and then withdrawn.</summary>
    internal void Withdraw(MessageKind message, Direction direction, int code) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, new CounterKey(message, direction, (short)code, DropReason.None), out _)--;
}
