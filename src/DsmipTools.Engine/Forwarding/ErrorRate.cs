namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// Limits how many ICMP errors are sent: a bucket of tokens (RFC 4443, 2.4 f; RFC 1812, 4.3.2.8), so that some at once are answered and a flood is not.
/// For one thread.
/// </summary>
public sealed class ErrorRate
{
    /// <summary>Errors that may be sent at once.</summary>
    public const int Burst = 10;

    /// <summary>Errors a second in the long run.</summary>
    public const int PerSecond = 10;

    private double tokens = Burst;
    private TimeSpan last;

    /// <summary>Takes a token; false when there is none, and no error is to be sent.</summary>
    /// <param name="now">The time, as <see cref="Instant.Elapsed"/>.</param>
    public bool TryTake(TimeSpan now)
    {
        tokens = Math.Min(Burst, tokens + ((now - last).TotalSeconds * PerSecond));
        last = now;
        if (tokens < 1)
        {
            return false;
        }

        tokens--;
        return true;
    }
}
