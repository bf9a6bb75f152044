namespace DsmipTools.Engine.Diagnostics;

/// <summary>Which way a message went.</summary>
public enum Direction
{
    /// <summary>Received by the agent.</summary>
    Received,

    /// <summary>Sent by the agent.</summary>
    Sent,

    /// <summary>Sent once more by the agent.</summary>
    Retransmitted,
}
