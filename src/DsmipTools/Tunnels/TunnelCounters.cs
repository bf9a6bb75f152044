using DsmipTools.Engine.Forwarding;

namespace DsmipTools.Tunnels;

/// <summary>What a tunnel has carried and dropped. One thread counts, any reads.</summary>
internal sealed class TunnelCounters
{
    private readonly long[] drops = new long[Enum.GetValues<ForwardingDrop>().Length];
    private long packetsIn;
    private long octetsIn;
    private long packetsOut;
    private long octetsOut;

    /// <summary>True once the way to the other end was too short for packets that the tunnel takes: what is long then needs a look.</summary>
    public volatile bool HasShortWay;

    public long PacketsIn => Volatile.Read(ref packetsIn);

    public long OctetsIn => Volatile.Read(ref octetsIn);

    public long PacketsOut => Volatile.Read(ref packetsOut);

    public long OctetsOut => Volatile.Read(ref octetsOut);

    public IReadOnlyList<TunnelDrop> Drops => Enum.GetValues<ForwardingDrop>()
        .Select(cause => new TunnelDrop(cause, Volatile.Read(ref drops[(int)cause])))
        .Where(drop => drop.Packets > 0)
        .ToArray();

    public void CountIn(int packets, int octets)
    {
        Volatile.Write(ref packetsIn, packetsIn + packets);
        Volatile.Write(ref octetsIn, octetsIn + octets);
    }

    public void CountOut(int packets, int octets)
    {
        Volatile.Write(ref packetsOut, packetsOut + packets);
        Volatile.Write(ref octetsOut, octetsOut + octets);
    }

    public void Count(ForwardingDrop cause, int packets = 1) => Volatile.Write(ref drops[(int)cause], drops[(int)cause] + packets);
}
