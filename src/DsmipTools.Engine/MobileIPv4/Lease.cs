using DsmipTools.Wire;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What each accepted request of a mobile node renews.</summary>
/// <param name="Lifetime">The lifetime granted, in seconds; 65535 is infinity.</param>
/// <param name="GrantedAt">When it was granted, as <see cref="Instant.Elapsed"/>.</param>
/// <param name="End">When it ends; <see cref="TimeSpan.MaxValue"/> for never, and where there is no binding.</param>
/// <param name="Identification">The Identification of the request.</param>
/// <param name="SecurityParameterIndex">The SPI that the request was authenticated with.</param>
/// <param name="Envelope">The envelope of the request.</param>
/// <param name="RevocationTimestamp">The timestamp of its Revocation Support extension, by the clock of who sent that (RFC 3543, 3.2).</param>
internal readonly record struct Lease(
    ushort Lifetime, TimeSpan GrantedAt, TimeSpan End, ulong Identification, uint SecurityParameterIndex, Envelope Envelope, uint RevocationTimestamp)
{
    public static readonly Lease None = new(0, TimeSpan.Zero, TimeSpan.MaxValue, 0, 0, default, 0);
}
