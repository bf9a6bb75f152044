using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.Timing;

namespace DsmipTools.Engine.Revocation;

/// <summary>Protocol configuration variables of an initiator (RFC 5846, 11).</summary>
public sealed record RevocationVariables
{
    /// <summary>BRIMaxRetriesNumber: retransmissions of an indication; 0 or more, default 1.</summary>
    [Changeable]
    public int MaximumRetries { get; init; } = 1;

    /// <summary>InitMINDelayBRIs: the wait before the first retransmission; default 1 second, never below 0.5.</summary>
    [Changeable]
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>MAX_BRACK_TIMEOUT: the longest wait before a retransmission; default 2 seconds.</summary>
    [Changeable]
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The schedule that these values give (RFC 5846, 6.3).</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public RetransmissionPolicy ToPolicy()
    {
        if (MaximumRetries < 0)
        {
            throw new ArgumentException("BRIMaxRetriesNumber is 0 or more (RFC 5846, 11).");
        }

        if (InitialDelay < TimeSpan.FromSeconds(0.5))
        {
            throw new ArgumentException("InitMINDelayBRIs is not to be configured to less than 0.5 seconds (RFC 5846, 11).");
        }

        return MaximumDelay < InitialDelay
            ? throw new ArgumentException("MAX_BRACK_TIMEOUT is not less than InitMINDelayBRIs (RFC 5846, 6.3).")
            : new RetransmissionPolicy(InitialDelay, MaximumDelay, MaximumRetries);
    }
}
