namespace DsmipTools.Engine.Security;

/// <summary>
/// Replay protection on the side that checks (RFC 5944, 5.7), with timestamps or nonces as the security association says. One value for each mobile
/// node; it outlives the node's bindings, because a request that was replayed after the de-registration would otherwise make a binding again.
/// </summary>
/// <remarks>
/// A nonce goes with each reply, and is good for one request. Those of replies with code 133 are kept apart from that of the last accepted request:
/// who replays old requests makes new ones, and must not make the mobile node's void.
/// </remarks>
public struct ReplayProtection : IEquatable<ReplayProtection>
{
    private bool hasAccepted;
    private uint expected;
    private uint offered;

    /// <summary>The last accepted timestamp; 0 when there is none.</summary>
    public ulong LastAccepted { get; private set; }

    /// <summary>
    /// Accepts an Identification: a timestamp that is close enough to this side's clock and later than all accepted before, or the nonce that this side
    /// gave. A request that is refused afterwards for another reason keeps its place: it must not come again.
    /// </summary>
    /// <param name="identification">The Identification of an authenticated request.</param>
    /// <param name="association">Its security association.</param>
    /// <param name="wallClock">This side's time of day.</param>
    /// <param name="random">Where nonces come from.</param>
    /// <param name="answer">
    /// The Identification of the reply. Its lower 32 bits are those of the request, by which the mobile node knows that the answer is its own; its upper
    /// ones are a new nonce, or with timestamps those of the request, and where that is refused this side's time of day.
    /// </param>
    public bool TryAccept(ulong identification, SecurityAssociation association, DateTimeOffset wallClock, IRandomSource random, out ulong answer)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(random);
        return association.ReplayProtection == ReplayProtectionStyle.Nonces
            ? TryAcceptNonce(identification, random, out answer)
            : TryAcceptTimestamp(identification, wallClock, association.TimestampTolerance, out answer);
    }

    private bool TryAcceptTimestamp(ulong identification, DateTimeOffset wallClock, TimeSpan tolerance, out ulong answer)
    {
        answer = identification;
        if (!NtpTimestamp.AreClose(identification, NtpTimestamp.From(wallClock), tolerance)
            || (hasAccepted && NtpTimestamp.Difference(identification, LastAccepted) <= 0))
        {
            answer = (NtpTimestamp.From(wallClock) & 0xFFFFFFFF_00000000) | (uint)identification;
            return false;
        }

        (hasAccepted, LastAccepted) = (true, identification);
        return true;
    }

    private bool TryAcceptNonce(ulong identification, IRandomSource random, out ulong answer)
    {
        var nonce = (uint)(identification >> 32);
        var isRight = nonce != 0 && (nonce == expected || nonce == offered);
        // 0 stands for none, and none is given twice in a row.
        var next = (uint)random.NextUInt64();
        next = next == 0 || next == nonce ? unchecked(nonce + 1) | 1 : next;
        (expected, offered) = isRight ? (next, 0) : (expected, next);
        answer = ((ulong)next << 32) | (uint)identification;
        return isRight;
    }

    /// <inheritdoc/>
    public readonly bool Equals(ReplayProtection other) =>
        hasAccepted == other.hasAccepted && LastAccepted == other.LastAccepted && expected == other.expected && offered == other.offered;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ReplayProtection other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => LastAccepted.GetHashCode();

    /// <summary>Compares by value.</summary>
    public static bool operator ==(ReplayProtection left, ReplayProtection right) => left.Equals(right);

    /// <summary>Compares by value.</summary>
    public static bool operator !=(ReplayProtection left, ReplayProtection right) => !left.Equals(right);
}
