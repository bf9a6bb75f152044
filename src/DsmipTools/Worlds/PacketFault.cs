using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>What becomes of the next packets of a simulated world that carry a certain message, whatever their link would do with them.</summary>
public sealed record PacketFault
{
    /// <summary>The message that the packets carry.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Where they come from; null for anywhere.</summary>
    public Address? From { get; init; }

    /// <summary>How many of them; at least 1.</summary>
    public int Count { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Count), value, "At least one packet."); } = 1;

    /// <summary>How long they are held back; null loses them.</summary>
    public TimeSpan? Delay
    {
        get;
        init => field = value is null || value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(Delay), value, "A duration is not negative.");
    }
}
