using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;

namespace DsmipTools.Tunnels;

/// <summary>
/// Tunnels as IPv6 links (RFC 4213, 3.7 and 3.8): what is of a link comes to the neighbour of the tunnel that it came out of, and not to the host, whose
/// one device could not tell two tunnels apart. A tunnel without packets waits for nothing and costs nothing.
/// </summary>
internal sealed partial class TunnelCarrier
{
    private readonly Lock linkGate = new();
    private readonly Dictionary<long, Link> links = [];
    private readonly TimerQueue<Link> due = new();

    // What links say themselves is no traffic of their tunnels: they would never rest.
    private readonly TunnelCounters said = new();

    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <inheritdoc/>
    public int Attend()
    {
        lock (linkGate)
        {
            if (due.Count == 0)
            {
                return Timeout.Infinite;
            }

            var now = Now;
            while (due.TryTake(now, out var link))
            {
                if (link.Neighbour.Attend(now, link.PacketsSent, rests: !kernel.Takes(link.Tunnel)))
                {
                    Say(link, link.Neighbour.Probe());
                }

                due.Schedule(link);
            }

            return due.NextDeadline is { } next ? (int)Math.Clamp((next - now).TotalMilliseconds, 0, int.MaxValue) : Timeout.Infinite;
        }
    }

    private void AddLink(Tunnel tunnel, TunnelCounters counters)
    {
        if (tunnel.Neighbour is { } neighbour)
        {
            lock (linkGate)
            {
                links.Add(tunnel.Id, new Link(neighbour, tunnel, counters));
            }
        }
    }

    private void RemoveLink(Tunnel tunnel)
    {
        lock (linkGate)
        {
            if (links.Remove(tunnel.Id, out var removed))
            {
                due.Cancel(removed);
            }
        }
    }

    /// <summary>Has a link that rests looked after from now on.</summary>
    private void Wake(Tunnel tunnel)
    {
        if (tunnel.Neighbour is { Rests: true } neighbour)
        {
            lock (linkGate)
            {
                if (links.TryGetValue(tunnel.Id, out var link))
                {
                    neighbour.Wake(Now);
                    due.Schedule(link);
                }
            }
        }
    }

    /// <summary>Has the counters of a tunnel looked at from time to time, if the kernel was given it: what leaves there nobody sees.</summary>
    private void WakeInKernel(Tunnel tunnel)
    {
        if (kernel.Takes(tunnel))
        {
            Wake(tunnel);
            port.Wake();
        }
    }

    /// <summary>Takes a packet of a link that came out of its tunnel.</summary>
    private bool FromLink(ReadOnlySpan<byte> packet, in ForwardingDecision decision, TunnelCounters counters)
    {
        lock (linkGate)
        {
            if (links.TryGetValue(decision.From!.Id, out var link))
            {
                var cause = link.Neighbour.Receive(packet.Slice(decision.Offset, decision.Length), Now, out var answer);
                cause = answer.Length > link.Route.MtuFor(isIPv4: false) ? ForwardingDrop.TooBig : cause;
                if (cause != ForwardingDrop.None)
                {
                    counters.Count(cause);
                }
                else if (answer.Length > 0)
                {
                    Say(link, answer);
                }

                due.Schedule(link);
            }
        }

        return true;
    }

    private void Say(Link link, Octets packet)
    {
        var decision = new ForwardingDecision
        {
            Action = ForwardingAction.Encapsulate, Route = link.Route, Encapsulation = link.Tunnel.Encapsulation, Length = packet.Length, HostForwards = true,
        };
        Send(packet.Span, decision, said, default);
    }

    private sealed class Link(TunnelNeighbour neighbour, Tunnel tunnel, TunnelCounters counters) : ITimed
    {
        private readonly long before = counters.PacketsOut;

        public TunnelNeighbour Neighbour => neighbour;

        public Tunnel Tunnel => tunnel;

        /// <summary>Packets that have left since the tunnel came up.</summary>
        public long PacketsSent => counters.PacketsOut - before;

        /// <summary>To whatever address on the link.</summary>
        public Route Route { get; } = new("fe80::/10", tunnel) { SendKey = neighbour.Key, ReceiveKey = neighbour.Key };

        public TimeSpan Deadline => neighbour.Deadline;

        public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
    }
}
