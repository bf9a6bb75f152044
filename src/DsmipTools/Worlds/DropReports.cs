using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>Which dropped packets become events: one a second for each cause, so that a flood of packets is no flood of events. Counters count all.</summary>
internal sealed class DropReports
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    private readonly (TimeSpan NotBefore, int Unreported)[] causes = new (TimeSpan, int)[Enum.GetValues<ForwardingDrop>().Length];

    /// <summary>What happened, without place and time.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="decision">The decision to drop it.</param>
    /// <param name="count">How many packets the event stands for.</param>
    public static AgentEvent Describe(ReadOnlySpan<byte> packet, in ForwardingDecision decision, int count)
    {
        _ = IpPacketView.TryParse(packet, out var outer, out _);
        var isTunneled = IpPacketView.TryParse(packet[Math.Min(decision.Offset, packet.Length)..], out var inner, out _) && decision.Offset > 0;
        return new AgentEvent
        {
            Kind = decision.Drop.IsSecurityException() ? EventKind.SecurityException : EventKind.Dropped,
            Message = MessageKind.DataPacket,
            Peer = outer.Octets.IsEmpty ? (Address?)null : outer.Source,
            Count = count,
            Detail = outer.Octets.IsEmpty ? $"{decision.Drop}"
                : isTunneled ? $"{decision.Drop}: {inner.Source} > {inner.Destination} in a tunnel"
                : $"{decision.Drop}: {outer.Source} > {outer.Destination}",
        };
    }

    /// <summary>A packet was dropped.</summary>
    /// <returns>How many packets the event about it stands for; 0 for no event.</returns>
    public int Take(ForwardingDrop cause, TimeSpan now)
    {
        ref var state = ref causes[(int)cause];
        state.Unreported++;
        if (now < state.NotBefore)
        {
            return 0;
        }

        var count = state.Unreported;
        state = (now + interval, 0);
        return count;
    }
}
