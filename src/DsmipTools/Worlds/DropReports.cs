using DsmipTools.Engine.Forwarding;

namespace DsmipTools.Worlds;

/// <summary>Which dropped packets become events: one a second for each cause, so that a flood of packets is no flood of events. Counters count all.</summary>
internal sealed class DropReports
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    private readonly (TimeSpan NotBefore, int Unreported)[] causes = new (TimeSpan, int)[Enum.GetValues<ForwardingDrop>().Length];

    /// <summary>A packet was dropped.</summary>
    /// <returns>How many packets the event about it stands for; 0 for no event.</returns>
    public int Take(ForwardingDrop cause, TimeSpan now)
    {
        ref var state = ref causes[(int)cause];
        state.Unreported++;
        if (now < state.NotBefore)
        {
            return 0;
        }

        var count = state.Unreported;
        state = (now + interval, 0);
        return count;
    }
}
