using DsmipTools.Wire;

namespace DsmipTools.Engine.Security;

/// <summary>
/// What proves that a Mobility Header message comes from a peer that may send it (RFC 5846, 6.1 and 6.2). Message protection such as
/// ESP plugs in here; without it, peers are known by their addresses.
/// </summary>
public interface IMessageProtection
{
    /// <summary>What administrators are told, for example "none (peers by address)".</summary>
    string Description { get; }

    /// <summary>True when messages are protected cryptographically.</summary>
    bool IsProtected { get; }

    /// <summary>True when a message that came in this envelope may be processed.</summary>
    bool Admits(in Envelope envelope);
}
