using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tunnels;

/// <summary>
/// What the tunnels of a carrier do not take, and what the way to their other ends does not: sources are told by ICMP, path MTUs are kept and the routes of the
/// host follow them, and what has to arrive all the same leaves in fragments. On the thread of the port, but for its timer.
/// </summary>
internal sealed class TunnelErrors : IDisposable
{
    private const int MostWays = 1024;

    // What an answer about the way to an end may be old.
    private static readonly TimeSpan staleness = TimeSpan.FromSeconds(1);

    private readonly ForwardingTable table;
    private readonly TunnelPort port;
    private readonly ErrorRate rate = new();
    private readonly byte[] output = GC.AllocateUninitializedArray<byte>(TunnelError.MaximumLength, pinned: true);
    private readonly byte[] fragment = GC.AllocateUninitializedArray<byte>(TunnelPort.MaximumPacket, pinned: true);
    private readonly Lock gate = new();
    private readonly Timer timer;
    private readonly Dictionary<Address, (int? Mtu, TimeSpan At)> ways = [];

    // What of it leaves is of no tunnel.
    private readonly TunnelCounters sent = new();
    private bool isDisposed;
    private uint identification = (uint)Random.Shared.Next();

    /// <summary>Begins with nothing known.</summary>
    /// <param name="table">The tunnels and routes.</param>
    /// <param name="port">What sends.</param>
    public TunnelErrors(ForwardingTable table, TunnelPort port)
    {
        this.table = table;
        this.port = port;
        timer = new Timer(_ => Expire(), null, Timeout.Infinite, Timeout.Infinite);
    }

    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Tells the source of a packet that was dropped, where the RFCs want it told.</summary>
    public void Answer(ReadOnlySpan<byte> packet, in ForwardingDecision dropped)
    {
        if (TunnelError.TryAnswer(packet, dropped, out var error))
        {
            Send(error, packet);
        }
    }

    /// <summary>Takes an ICMP error from the way to the other end of a tunnel.</summary>
    public void FromPath(ReadOnlySpan<byte> packet, Tunnel tunnel)
    {
        if (PathError.ReadMtu(packet) is { } mtu)
        {
            Learn(tunnel, mtu);
        }

        if (PathError.TryRelay(packet, table, out var error))
        {
            Send(error, packet);
        }
    }

    /// <summary>True when the way to the other end of a tunnel is too short for the longest of its packets, as far as the host knows.</summary>
    public static bool HasShortWay(Tunnel tunnel) =>
        tunnel.Over is null && SourceAddress.MtuTo(tunnel.Remote) is { } mtu && mtu < tunnel.Mtu + TunnelFrame.Overhead(tunnel.Ends, hasKey: true);

    /// <summary>
    /// Takes a packet that is too long for the interface, or for the path that the host knows: it leaves in fragments where that may be, else its source is
    /// told. False for one that is not too long.
    /// </summary>
    /// <param name="packet">The packet that was decided about.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="written">The packet with the headers of its tunnel.</param>
    /// <param name="counters">Those of the tunnel.</param>
    public bool TrySendTooLong(ReadOnlySpan<byte> packet, in ForwardingDecision decision, Span<byte> written, TunnelCounters counters)
    {
        _ = IpPacketView.TryParse(written, out var outer, out _);
        if (decision.CameIn == Encapsulation.Minimal || !IpPacketView.TryParse(packet[decision.Offset..], out var inner, out _)
            || MtuTo(outer.Destination) is not { } mtu || mtu >= written.Length)
        {
            return false;
        }

        Learn(Outermost(decision.Route!.Tunnel), mtu);
        // RFC 2473, 7.1 and 7.2; RFC 4213, 3.2; RFC 2003, 5.1.
        var mayBeFragmented = inner.IsIPv4 ? !inner.DontFragment : inner.Length <= PathMtu.MinimumIPv6 || (outer.IsIPv4 && !outer.DontFragment);
        if (!mayBeFragmented)
        {
            counters.Count(ForwardingDrop.TooBig);
            var room = mtu - (written.Length - decision.Length);
            var dropped = decision with { Action = ForwardingAction.Drop, Drop = ForwardingDrop.TooBig };
            if (TunnelError.TryAnswer(packet, dropped, out var error, inner.IsIPv4 ? room : Math.Max(room, PathMtu.MinimumIPv6)))
            {
                Send(error, packet);
            }

            return true;
        }

        if (outer.IsIPv4 && outer.DontFragment)
        {
            // It asked for errors, and has got one.
            IPv4Header.Fields.DontFragment.Write(written, false);
        }

        if (outer.Protocol == IpProtocol.Udp)
        {
            // A UDP socket has the kernel fragment.
            return false;
        }

        var done = 0;
        identification++;
        while (Fragmentation.Write(written, mtu, identification, ref done, fragment) is > 0 and var length)
        {
            port.Send(fragment.AsSpan(0, length), 0, sent, default);
        }

        counters.CountOut(1, decision.Length);
        return true;
    }

    /// <summary>Changes no routes any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            timer.Dispose();
        }
    }

    private static Tunnel Outermost(Tunnel tunnel) => tunnel.Over is { } over ? Outermost(over.Tunnel) : tunnel;

    private static bool RunsOver(Tunnel tunnel, Tunnel under) => tunnel.Id == under.Id || (tunnel.Over is { } over && RunsOver(over.Tunnel, under));

    private void Send(in TunnelError error, ReadOnlySpan<byte> about)
    {
        if (!rate.TryTake(Now))
        {
            return;
        }

        try
        {
            port.Send(output.AsSpan(0, error.Write(about, SourceAddress.For(error.Destination), output)), 0, sent, default);
        }
        catch (NetException)
        {
            // There is no way back to it.
        }
    }

    private int? MtuTo(Address destination)
    {
        if (!ways.TryGetValue(destination, out var way) || Now - way.At > staleness)
        {
            if (ways.Count >= MostWays)
            {
                ways.Clear();
            }

            ways[destination] = way = (SourceAddress.MtuTo(destination), Now);
        }

        return way.Mtu;
    }

    private void Learn(Tunnel tunnel, int mtu)
    {
        if (tunnel.Path is not { } path)
        {
            return;
        }

        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            if (path.Learn(mtu, Now))
            {
                ChangeRoutes(tunnel);
            }

            timer.Change(PathMtu.Lifetime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Forgets what is old, and asks again when the next one is.</summary>
    private void Expire()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            var next = TimeSpan.MaxValue;
            foreach (var tunnel in table.Tunnels)
            {
                if (tunnel.Path is { } path)
                {
                    if (path.Expire(Now))
                    {
                        ChangeRoutes(tunnel);
                    }

                    next = path.Deadline < next ? path.Deadline : next;
                }
            }

            if (next != TimeSpan.MaxValue)
            {
                timer.Change(next - Now + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The host answers and fragments by the MTU of its routes.</summary>
    private void ChangeRoutes(Tunnel tunnel)
    {
        foreach (var route in table.Routes.Where(route => RunsOver(route.Tunnel, tunnel)))
        {
            try
            {
                foreach (var entry in HostRouting.For(route, port, port.Network).OfType<HostRoute>().Where(entry => entry.Mtu != 0))
                {
                    port.Network.Change(entry);
                }
            }
            catch (NetException)
            {
                // It is gone meanwhile.
            }
        }
    }
}
