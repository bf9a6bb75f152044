using DsmipTools.Engine.Timing;
using DsmipTools.Wire;

namespace DsmipTools.Engine.Revocation;

/// <summary>One outstanding Binding Revocation Indication.</summary>
internal sealed class RevocationTransaction : ITimed
{
    public required ushort SequenceNumber { get; init; }

    public required RevocationCommand Command { get; init; }

    public required Envelope Envelope { get; init; }

    /// <summary>The indication; retransmissions send the same octets (RFC 5846, 6.3).</summary>
    public required byte[] Message { get; init; }

    public required RetransmissionPolicy Policy { get; init; }

    /// <summary>The bindings as they stood when the indication was sent; one that has changed since no longer points here. None after the end.</summary>
    public required IReadOnlyList<IRevocable> Bindings { get; set; }

    /// <summary>How many of them still point here.</summary>
    public int Remaining { get; set; }

    public RevocationState State { get; private set; }

    /// <summary>True until it is answered, given up or cancelled.</summary>
    public bool IsOutstanding => State == RevocationState.Outstanding;

    /// <summary>How often the indication was sent.</summary>
    public int Transmissions { get; set; }

    public TimeSpan SentAt { get; set; }

    public TimeSpan Deadline { get; set; }

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Something has happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot happen in this state.</exception>
    public void Move(RevocationEvent on) => State = RevocationStates.Transitions.Next(State, on);
}

/// <summary>A command to revoke: it ends when the last of its transactions has ended.</summary>
internal sealed class RevocationCommand
{
    /// <summary>The number of the command; 0 for an indication that the agent sends of its own accord, which nobody waits for.</summary>
    public long Number { get; init; }

    public bool IsOwn => Number == 0;

    public required RevocationRequest Request { get; init; }

    public int Outstanding { get; set; }

    public int Peers { get; set; }

    public int BindingsRevoked { get; set; }
}
