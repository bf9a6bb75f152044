namespace DsmipTools.Wire.Security;

/// <summary>
/// The anti-replay window of a receiver (RFC 4303, 3.4.3): the highest sequence number seen and which of the 64 up to it have been. A number
/// is looked up before the integrity check, and entered only after it: a forged packet moves nothing.
/// </summary>
public struct AntiReplayWindow : IEquatable<AntiReplayWindow>
{
    /// <summary>How many numbers are remembered.</summary>
    public const int Size = 64;

    // Bit n stands for the number that is n below the highest.
    private ulong seen;

    /// <summary>The highest number that was entered; 0 for none, because a sender begins with 1 (RFC 4303, 2.2).</summary>
    public uint Highest { get; private set; }

    /// <summary>
    /// A window that begins in the middle, for a receiver that does not know what came before it started: every number up to the first one
    /// counts as seen.
    /// </summary>
    public static AntiReplayWindow From(uint first) => new() { Highest = first, seen = ulong.MaxValue };

    /// <summary>True for a number that has not been entered and is not too old to tell.</summary>
    public readonly bool IsNew(uint sequenceNumber) =>
        sequenceNumber > Highest || (sequenceNumber != 0 && Highest - sequenceNumber < Size && (seen >> (int)(Highest - sequenceNumber) & 1) == 0);

    /// <summary>Enters a number that is new.</summary>
    public void Enter(uint sequenceNumber)
    {
        if (sequenceNumber > Highest)
        {
            var ahead = sequenceNumber - Highest;
            seen = ahead < Size ? seen << (int)ahead : 0;
            Highest = sequenceNumber;
        }

        if (Highest - sequenceNumber < Size)
        {
            seen |= 1UL << (int)(Highest - sequenceNumber);
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(AntiReplayWindow other) => seen == other.seen && Highest == other.Highest;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is AntiReplayWindow other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)Highest;

    /// <summary>Compares by value.</summary>
    public static bool operator ==(AntiReplayWindow left, AntiReplayWindow right) => left.Equals(right);

    /// <summary>Compares by value.</summary>
    public static bool operator !=(AntiReplayWindow left, AntiReplayWindow right) => !left.Equals(right);
}
