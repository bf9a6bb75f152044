using DsmipTools.Engine.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// Makes the Identification of each registration request: with timestamps (RFC 5944, 5.7.1) the time of day as the home agent sees it, rising strictly,
/// the bits that the clock does not have filled at random; with nonces (5.7.2) the one that the home agent gave last, and a random number of this side.
/// </summary>
internal sealed class IdentificationSource(IRandomSource random, SecurityAssociation association)
{
    /// <summary>The clock has a resolution of 100 nanoseconds, 429 units: this many low bits mean nothing.</summary>
    private const ulong RandomBits = 0xFF;

    /// <summary>Half a second: what the home agent says has whole seconds, so the best guess is the middle.</summary>
    private const ulong HalfSecond = 0x8000_0000;

    private ulong offset;
    private ulong? lastSent;
    private ulong? lastAccepted;
    private uint nonce;

    private bool UsesNonces => association.ReplayProtection == ReplayProtectionStyle.Nonces;

    /// <summary>The Identification of a new request.</summary>
    public ulong Next(DateTimeOffset wallClock)
    {
        if (UsesNonces)
        {
            return ((ulong)nonce << 32) | (uint)random.NextUInt64();
        }

        var identification = unchecked(NtpTimestamp.From(wallClock) + offset + (random.NextUInt64() & RandomBits));
        if (lastSent is { } last && NtpTimestamp.Difference(identification, last) <= 0)
        {
            identification = unchecked(last + 1 + (random.NextUInt64() & RandomBits));
        }

        lastSent = identification;
        return identification;
    }

    /// <summary>The home agent has accepted a request.</summary>
    public void Accept(ulong identification) => lastAccepted = identification;

    /// <summary>An authentic reply has come: it brings the nonce of the next request.</summary>
    public void Take(ulong identification) => nonce = (uint)(identification >> 32);

    /// <summary>Sets the clock by a reply with code 133; returns by how much the home agent's clock is ahead of this one, and null with nonces.</summary>
    public TimeSpan? Resynchronize(ulong identification, DateTimeOffset wallClock)
    {
        if (UsesNonces)
        {
            Take(identification);
            return null;
        }

        var theirs = (identification & 0xFFFFFFFF_00000000) | HalfSecond;
        var ours = NtpTimestamp.From(wallClock);
        offset = unchecked(theirs - ours);
        // What was refused for its time was never accepted, so that the sequence may go on before it. What is close to the home agent's
        // time was refused because a later one had been accepted: the sequence has to go on after it.
        lastSent = Near(lastSent, theirs) ?? Near(lastAccepted, theirs);
        return TimeSpan.FromSeconds(NtpTimestamp.Difference(theirs, ours) / 4294967296.0);
    }

    private ulong? Near(ulong? identification, ulong time) =>
        identification is { } known && NtpTimestamp.AreClose(known, time, association.TimestampTolerance) ? known : null;
}
