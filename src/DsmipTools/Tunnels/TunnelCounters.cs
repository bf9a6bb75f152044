using DsmipTools.Engine.Forwarding;
using DsmipTools.Net.Ebpf;

namespace DsmipTools.Tunnels;

/// <summary>What a tunnel has carried and dropped, in this process and in the kernel. One thread counts, any reads.</summary>
internal sealed class TunnelCounters
{
    private readonly long[] drops = new long[Enum.GetValues<ForwardingDrop>().Length];
    private readonly Lock gate = new();
    private KernelCounters before = KernelCounters.None;
    private Func<KernelCounters>? inKernel;
    private long packetsIn;
    private long octetsIn;
    private long packetsOut;
    private long octetsOut;

    /// <summary>True once the way to the other end was too short for packets that the tunnel takes: what is long then needs a look.</summary>
    public volatile bool HasShortWay;

    public long PacketsIn => Volatile.Read(ref packetsIn) + InKernel().PacketsIn;

    public long OctetsIn => Volatile.Read(ref octetsIn) + InKernel().OctetsIn;

    public long PacketsOut => Volatile.Read(ref packetsOut) + InKernel().PacketsOut;

    public long OctetsOut => Volatile.Read(ref octetsOut) + InKernel().OctetsOut;

    public IReadOnlyList<TunnelDrop> Drops
    {
        get
        {
            var kernel = InKernel().Drops;
            return Enum.GetValues<ForwardingDrop>()
                .Select(cause => new TunnelDrop(cause, Volatile.Read(ref drops[(int)cause]) + (Of(cause) is { } own ? kernel[(int)own] : 0)))
                .Where(drop => drop.Packets > 0)
                .ToArray();
        }
    }

    /// <summary>Adds, from now on, what is counted in the kernel.</summary>
    public void Join(Func<KernelCounters> read)
    {
        lock (gate)
        {
            inKernel = read;
        }
    }

    /// <summary>Keeps what was counted there until now, which is over.</summary>
    public void Leave()
    {
        lock (gate)
        {
            before = InKernel();
            inKernel = null;
        }
    }

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

    private static KernelDrop? Of(ForwardingDrop cause) => cause switch
    {
        ForwardingDrop.LinkScope => KernelDrop.LinkScope,
        ForwardingDrop.ForeignSource => KernelDrop.ForeignSource,
        ForwardingDrop.NotAttached => KernelDrop.NotAttached,
        ForwardingDrop.WrongKey => KernelDrop.WrongKey,
        ForwardingDrop.TunnelLoop => KernelDrop.TunnelLoop,
        ForwardingDrop.Congestion => KernelDrop.Congestion,
        _ => null,
    };

    private KernelCounters InKernel()
    {
        lock (gate)
        {
            return inKernel is null ? before : before + inKernel();
        }
    }
}
