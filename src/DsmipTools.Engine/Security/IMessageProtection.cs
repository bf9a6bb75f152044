using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;

namespace DsmipTools.Engine.Security;

/// <summary>
/// What proves that a Mobility Header message comes from a peer that may send it, and puts the same proof on what is sent (RFC 5846, 6.1 and
/// 6.2): for updates, acknowledgements and revocations alike. One agent has it to itself.
/// </summary>
public interface IMessageProtection
{
    /// <summary>What administrators are told, for example "none (peers by address)".</summary>
    string Description { get; }

    /// <summary>True when every message is protected cryptographically.</summary>
    bool IsProtected { get; }

    /// <summary>Judges what came in and takes the protection off; returns why it must be dropped.</summary>
    /// <param name="octets">What the packet carried; then the message, good until the next call.</param>
    /// <param name="envelope">How it came; behind ESP the ports become known.</param>
    /// <param name="error">What cannot be read, where that is the reason.</param>
    DropReason Admit(ref ReadOnlySpan<byte> octets, ref Envelope envelope, out WireError error);

    /// <summary>Protects what goes out; false when it must not leave.</summary>
    /// <param name="octets">The message, sealed for its envelope; then what the packet carries, good until the next call.</param>
    /// <param name="envelope">How it goes; then with <see cref="Envelope.IsProtected"/> as it goes.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Where initialization vectors come from.</param>
    /// <param name="refused">Why it must not leave.</param>
    bool TryProtect(ref ReadOnlySpan<byte> octets, ref Envelope envelope, Instant now, IRandomSource random, out string? refused);
}
