namespace DsmipTools.Worlds;

/// <summary>What one direction of a link has counted.</summary>
/// <param name="Packets">Packets that were sent.</param>
/// <param name="Octets">Their octets.</param>
/// <param name="Lost">Those of them that did not arrive.</param>
/// <param name="OctetsLost">Their octets.</param>
/// <param name="Copies">Second copies that arrived.</param>
public readonly record struct LinkPathCounters(long Packets, long Octets, long Lost, long OctetsLost, long Copies)
{
    /// <summary>The sum of two.</summary>
    public static LinkPathCounters operator +(LinkPathCounters one, LinkPathCounters other) => new(
        one.Packets + other.Packets, one.Octets + other.Octets, one.Lost + other.Lost, one.OctetsLost + other.OctetsLost, one.Copies + other.Copies);
}
