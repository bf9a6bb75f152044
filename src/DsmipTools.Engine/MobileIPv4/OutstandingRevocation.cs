using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A registration revocation that waits to be sent, or for its acknowledgment (RFC 3543, 4.2.2.1).</summary>
/// <param name="homeAddress">The home address of the binding.</param>
/// <param name="careOfAddress">The foreign domain address.</param>
/// <param name="envelope">How it goes.</param>
/// <param name="isToAgent">True for a foreign agent, false for the mobile node itself.</param>
/// <param name="informs">The I bit.</param>
/// <param name="securityParameterIndex">The association with the mobile node that the binding was made with.</param>
/// <param name="end">When the binding would have ended: none is sent after that.</param>
/// <param name="policy">When it is sent again.</param>
/// <param name="command">The command that it belongs to; null when nobody waits.</param>
internal sealed class OutstandingRevocation(
    Address homeAddress,
    Address careOfAddress,
    Envelope envelope,
    bool isToAgent,
    bool informs,
    uint securityParameterIndex,
    TimeSpan end,
    RetransmissionPolicy policy,
    RevocationCommand? command) : ITimed
{
    private readonly List<uint> identifiers = [];

    public Address HomeAddress => homeAddress;

    public Address CareOfAddress => careOfAddress;

    public Envelope Envelope => envelope;

    public Address Peer => envelope.Destination.Address;

    public bool IsToAgent => isToAgent;

    public bool Informs => informs;

    public uint SecurityParameterIndex => securityParameterIndex;

    public TimeSpan End => end;

    public RetransmissionPolicy Policy => policy;

    public RevocationCommand? Command => command;

    public int Attempts => identifiers.Count;

    /// <summary>The identifier of the last transmission.</summary>
    public uint Identifier => identifiers.Count > 0 ? identifiers[^1] : 0;

    public TimeSpan SentAt { get; private set; }

    public TimeSpan Deadline { get; set; }

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>It is sent with an identifier of its own each time.</summary>
    public void Sent(uint identifier, TimeSpan now)
    {
        identifiers.Add(identifier);
        SentAt = now;
        Deadline = now + policy.DelayAfter(identifiers.Count);
    }

    /// <summary>True for an identifier that one of its transmissions had: an answer may be late.</summary>
    public bool Had(uint identifier) => identifiers.Contains(identifier);
}

/// <summary>A command that revokes bindings: it is done when all of its revocations have ended.</summary>
/// <param name="number">The number of the command.</param>
/// <param name="request">What was asked for.</param>
internal sealed class RevocationCommand(long number, RevocationRequest request)
{
    public long Number => number;

    public RevocationRequest Request => request;

    public HashSet<Address> Peers { get; } = [];

    public int Revoked { get; set; }

    public int Waiting { get; set; }
}
