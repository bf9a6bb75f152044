using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Hosting;

/// <summary>How many handoffs of a kind ended in a way.</summary>
/// <param name="Indicator">The handoff indicator of the updates (RFC 5213, 8.4).</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Count">How many.</param>
public sealed record HandoffStatistic(HandoffIndicator Indicator, HandoffOutcome Outcome, long Count)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Indicator} {Outcome} {Count}");
}
