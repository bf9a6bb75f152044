namespace DsmipTools.Engine.Security;

/// <summary>
/// Replay protection with timestamps, on the side that checks (RFC 5944, 5.7.1). One value for each mobile node; it outlives the node's
/// bindings, because a request that was replayed after the de-registration would otherwise make a binding again.
/// </summary>
public struct ReplayProtection : IEquatable<ReplayProtection>
{
    private bool hasAccepted;

    /// <summary>The last accepted Identification; 0 when there is none.</summary>
    public ulong LastAccepted { get; private set; }

    /// <summary>
    /// Accepts an Identification that is close enough to this side's clock and later than all accepted before; remembers it. A request that
    /// is refused afterwards for another reason keeps its place: it must not come again.
    /// </summary>
    /// <param name="identification">The Identification of an authenticated request.</param>
    /// <param name="wallClock">This side's time of day.</param>
    /// <param name="tolerance">How far apart the clocks may be.</param>
    public bool TryAccept(ulong identification, DateTimeOffset wallClock, TimeSpan tolerance)
    {
        if (!NtpTimestamp.AreClose(identification, NtpTimestamp.From(wallClock), tolerance)
            || (hasAccepted && NtpTimestamp.Difference(identification, LastAccepted) <= 0))
        {
            return false;
        }

        (hasAccepted, LastAccepted) = (true, identification);
        return true;
    }

    /// <summary>
    /// The Identification of a reply with code 133: the upper 32 bits are this side's time of day, the lower 32 bits those of the request,
    /// by which the mobile node knows that the answer is its own.
    /// </summary>
    public static ulong Resynchronization(ulong identification, DateTimeOffset wallClock) =>
        (NtpTimestamp.From(wallClock) & 0xFFFFFFFF_00000000) | (uint)identification;

    /// <inheritdoc/>
    public readonly bool Equals(ReplayProtection other) => hasAccepted == other.hasAccepted && LastAccepted == other.LastAccepted;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ReplayProtection other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => LastAccepted.GetHashCode();

    /// <summary>Compares by value.</summary>
    public static bool operator ==(ReplayProtection left, ReplayProtection right) => left.Equals(right);

    /// <summary>Compares by value.</summary>
    public static bool operator !=(ReplayProtection left, ReplayProtection right) => !left.Equals(right);
}
