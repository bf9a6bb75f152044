namespace DsmipTools.Engine.Forwarding;

/// <summary>How many packets went where, and how many were dropped for which cause; counted by any number of threads.</summary>
public sealed class ForwardingCounters
{
    private readonly long[] actions = new long[Enum.GetValues<ForwardingAction>().Length];
    private readonly long[] drops = new long[Enum.GetValues<ForwardingDrop>().Length];

    /// <summary>The packets with an outcome.</summary>
    public long this[ForwardingAction action] => Volatile.Read(ref actions[(int)action]);

    /// <summary>The packets dropped for a cause.</summary>
    public long this[ForwardingDrop drop] => Volatile.Read(ref drops[(int)drop]);

    /// <summary>Counts a packet.</summary>
    public void Count(in ForwardingDecision decision)
    {
        Interlocked.Increment(ref actions[(int)decision.Action]);
        Interlocked.Increment(ref drops[(int)decision.Drop]);
    }
}
