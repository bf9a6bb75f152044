namespace DsmipTools.Net.Ebpf;

/// <summary>What the programs have done with the packets of a tunnel. Segments that the host keeps together for the sake of speed are counted one by one.</summary>
/// <param name="PacketsIn">Packets out of the tunnel that went to the host.</param>
/// <param name="OctetsIn">Their octets, without the tunnel's headers.</param>
/// <param name="PacketsOut">Packets of the host that left in the tunnel.</param>
/// <param name="OctetsOut">Their octets, without the tunnel's headers.</param>
/// <param name="Drops">Packets that were dropped, by <see cref="KernelDrop"/>.</param>
public sealed record KernelCounters(long PacketsIn, long OctetsIn, long PacketsOut, long OctetsOut, IReadOnlyList<long> Drops)
{
    /// <summary>Nothing yet.</summary>
    public static KernelCounters None { get; } = new(0, 0, 0, 0, new long[Enum.GetValues<KernelDrop>().Length]);

    /// <summary>Adds two counts.</summary>
    public static KernelCounters operator +(KernelCounters left, KernelCounters right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.PacketsIn + right.PacketsIn, left.OctetsIn + right.OctetsIn, left.PacketsOut + right.PacketsOut, left.OctetsOut + right.OctetsOut,
            [.. left.Drops.Zip(right.Drops, (one, other) => one + other)]);
    }

    /// <summary>Adds two counts.</summary>
    public static KernelCounters Add(KernelCounters left, KernelCounters right) => left + right;

    internal static KernelCounters Of(long[] numbers) => new(
        numbers[ForwardingMaps.In], numbers[ForwardingMaps.In + 1], numbers[ForwardingMaps.Out], numbers[ForwardingMaps.Out + 1], numbers[ForwardingMaps.Drops..]);
}
