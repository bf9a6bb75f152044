using DsmipTools.Wire;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>An accepted registration as the mobile node sees it; its time runs from when the request was sent (RFC 5944, 3.6.2.2).</summary>
/// <param name="Path">The way that it went, with the care-of address.</param>
/// <param name="Lifetime">The lifetime granted, in seconds; 65535 is infinity.</param>
/// <param name="End">When it ends; <see cref="TimeSpan.MaxValue"/> for never.</param>
/// <param name="RenewAt">When the node registers again by itself; <see cref="TimeSpan.MaxValue"/> for never.</param>
/// <param name="Identification">The Identification of the request.</param>
/// <param name="Envelope">The envelope of the reply.</param>
/// <param name="Prefixes">What became of the prefixes.</param>
internal sealed record ActiveRegistration(
    RegistrationPath Path,
    ushort Lifetime,
    TimeSpan End,
    TimeSpan RenewAt,
    ulong Identification,
    Envelope Envelope,
    ValueList<PrefixRegistration> Prefixes);
