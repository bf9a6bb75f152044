using DsmipTools.Wire;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What each accepted request of a mobile node renews.</summary>
/// <param name="Lifetime">The lifetime granted, in seconds; 65535 is infinity.</param>
/// <param name="End">When it ends, as <see cref="Instant.Elapsed"/>; <see cref="TimeSpan.MaxValue"/> for never, and where there is no binding.</param>
/// <param name="Identification">The Identification of request and reply.</param>
/// <param name="SecurityParameterIndex">The SPI that the request was authenticated with.</param>
/// <param name="Envelope">The envelope of the request.</param>
internal readonly record struct Lease(ushort Lifetime, TimeSpan End, ulong Identification, uint SecurityParameterIndex, Envelope Envelope)
{
    public static readonly Lease None = new(0, TimeSpan.MaxValue, 0, 0, default);
}
