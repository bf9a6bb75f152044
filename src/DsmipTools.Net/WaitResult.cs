namespace DsmipTools.Net;

/// <summary>Why a wait ended.</summary>
[Flags]
public enum WaitResult
{
    /// <summary>The time is over.</summary>
    TimedOut = 0,

    /// <summary>A datagram can be received.</summary>
    Data = 1,

    /// <summary>Somebody called Wake since the last wait.</summary>
    Woken = 2,
}
