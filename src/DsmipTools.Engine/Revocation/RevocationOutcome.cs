using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>How a revocation at one peer ended.</summary>
public enum RevocationResult
{
    /// <summary>The peer processed it: status below 128.</summary>
    Acknowledged,

    /// <summary>The peer knows no such binding (status 128 or 131): nothing was left to revoke there, and the bindings here are removed.</summary>
    AlreadyGone,

    /// <summary>The peer rejected it; the bindings stay.</summary>
    Rejected,

    /// <summary>The peer did not answer; the bindings were cleaned up (RFC 5846, 6.3).</summary>
    TimedOut,

    /// <summary>The peer has not agreed to be told of revocations (RFC 3543, 4.2.1): the bindings here are removed, and nothing was sent.</summary>
    NotTold,

    /// <summary>An update, a removal or another revocation made it void while it was outstanding.</summary>
    Cancelled,
}

/// <summary>What came of a revocation at one peer.</summary>
public sealed record RevocationOutcome
{
    /// <summary>The initiator.</summary>
    public required string Agent { get; init; }

    /// <summary>The peer.</summary>
    public required Address Peer { get; init; }

    /// <summary>What was asked for.</summary>
    public required RevocationRequest Request { get; init; }

    /// <summary>The Revocation Trigger in the indication.</summary>
    public RevocationTrigger Trigger => Request.Trigger;

    /// <summary>How it ended.</summary>
    public required RevocationResult Result { get; init; }

    /// <summary>The peer's status; null without an answer.</summary>
    public RevocationStatus? Status { get; init; }

    /// <summary>The sequence number of the indication; 0 with Mobile IPv4.</summary>
    public required ushort SequenceNumber { get; init; }

    /// <summary>The Revocation Identifier of the last message that was sent (RFC 3543, 3.3); null with other protocols, and where none was.</summary>
    public uint? RevocationIdentifier { get; init; }

    /// <summary>Bindings that were removed.</summary>
    public int BindingsRevoked { get; init; }

    /// <summary>Those among <see cref="BindingsRevoked"/> that the peer had released before (RFC 5846, 8.2 and 9.1: partial success).</summary>
    public int BindingsAlreadyReleased { get; init; }

    /// <summary>Bindings that were meant and are still there.</summary>
    public int BindingsKept { get; init; }

    /// <summary>Mobile nodes and prefixes that the peer named with a status other than success: those it did not revoke (RFC 5846, 5.2).</summary>
    public ValueList<string> NamedByPeer { get; init; }

    /// <summary>How often the indication was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>From the last transmission to the answer; null without an answer.</summary>
    public TimeSpan? RoundTripTime { get; init; }
}

/// <summary>The end of a revocation command: one outcome per peer came before it.</summary>
/// <param name="Peers">The number of peers.</param>
/// <param name="BindingsRevoked">Bindings removed in all.</param>
public sealed record RevocationFinished(int Peers, int BindingsRevoked);

/// <summary>What a revocation would do at one peer.</summary>
/// <param name="Agent">The initiator.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Bindings">The number of bindings.</param>
public sealed record RevocationPreview(string Agent, Address Peer, int Bindings);
