using DsmipTools.Engine.Configuration;

namespace DsmipTools.Engine.Timing;

/// <summary>Retransmission with exponential back-off (RFC 5944, 3.6.3; RFC 5213, 6.9.4; RFC 5846, 6.3): each wait is twice the one before, up to a maximum.</summary>
/// <param name="InitialDelay">The wait after the first transmission.</param>
/// <param name="MaximumDelay">The longest wait.</param>
/// <param name="MaximumRetries">Transmissions after the first one.</param>
public sealed record RetransmissionPolicy(
    [property: Changeable] TimeSpan InitialDelay, [property: Changeable] TimeSpan MaximumDelay, [property: Changeable] int MaximumRetries)
{
    /// <summary>The wait after a transmission.</summary>
    /// <param name="transmission">1 for the first transmission.</param>
    public TimeSpan DelayAfter(int transmission)
    {
        var delay = InitialDelay;
        for (var doubled = 1; doubled < transmission && delay < MaximumDelay; doubled++)
        {
            // Written so that the longest TimeSpan as a maximum does not overflow.
            delay = delay < MaximumDelay - delay ? delay + delay : MaximumDelay;
        }

        return delay;
    }
}
