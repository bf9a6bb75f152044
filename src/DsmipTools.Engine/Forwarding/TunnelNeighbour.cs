using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// A tunnel as an IPv6 link with one neighbour (RFC 4213, 3.7 and 3.8): the link-local addresses of both ends, what this end answers, and whether the other one
/// can be reached (RFC 4861, 7.3). Each tunnel has its own, so that the same address behind two of them is two neighbours. Nothing waits for it: packets
/// go out whatever it knows. One thread at a time changes it, any reads it.
/// </summary>
public sealed class TunnelNeighbour
{
    /// <summary>MAX_UNICAST_SOLICIT (RFC 4861, 10): probes without an answer that show that the neighbour is gone.</summary>
    public const int MaximumProbes = 3;

    /// <summary>REACHABLE_TIME (RFC 4861, 10): how long an answer holds.</summary>
    public static readonly TimeSpan DefaultReachableTime = TimeSpan.FromSeconds(30);

    /// <summary>RETRANS_TIMER (RFC 4861, 10): the time between probes.</summary>
    public static readonly TimeSpan RetransmissionTimer = TimeSpan.FromSeconds(1);

    private readonly TimeSpan reachableTime;
    private volatile Identity remote;
    private volatile NeighbourState state;
    private long deadline = TimeSpan.MaxValue.Ticks;
    private long sent;
    private int probes;

    /// <summary>Begins with nothing known.</summary>
    /// <param name="local">This end of the tunnel.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="reachableTime">ReachableTime: how long an answer holds; null for 30 s.</param>
    public TunnelNeighbour(Address local, Address remote, TimeSpan? reachableTime = null)
    {
        LocalAddress = InterfaceIdentifier.LinkLocalOf(local, remote);
        this.remote = new Identity(InterfaceIdentifier.LinkLocalOf(remote, local));
        this.reachableTime = reachableTime ?? DefaultReachableTime;
    }

    /// <summary>The link-local address of this end.</summary>
    public Address LocalAddress { get; }

    /// <summary>The link-local address of the other end: made of its outer address as that of this end is, until it probes from another one.</summary>
    public Address RemoteAddress => remote.Address;

    /// <summary>The GRE key of packets that are of the link itself; null for none.</summary>
    public uint? Key { get; init; }

    /// <summary>What is known of the other end.</summary>
    public NeighbourState State => state;

    /// <summary>When <see cref="Attend"/> is due, as <see cref="Instant.Elapsed"/>; <see cref="TimeSpan.MaxValue"/> while it rests.</summary>
    public TimeSpan Deadline
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref deadline));
        private set => Volatile.Write(ref deadline, value.Ticks);
    }

    /// <summary>True while no time is waited for, because no packets go out: who sends one calls <see cref="Wake"/>.</summary>
    public bool Rests => Volatile.Read(ref deadline) == TimeSpan.MaxValue.Ticks;

    /// <summary>True for a packet that does not leave a link: its source or destination is link-local, or it goes to a group of the link or has no source yet.</summary>
    public static bool IsOfLink(in IpPacketView packet) => !packet.IsIPv4
        && (IsOfLink(packet.Source) || (packet.Destination is var destination && (destination.IsLinkLocal || (destination.Value >> 112) == 0xFF02)));

    /// <summary>True for an address that a host has on this link alone, or that says that it has none yet.</summary>
    public static bool IsOfLink(Address source) => source.IsLinkLocal || (source.IsUnspecified && source.IsIPv6);

    /// <summary>Has <see cref="Attend"/> called from now on.</summary>
    public void Wake(TimeSpan now) => Deadline = now;

    /// <summary>Does what is due.</summary>
    /// <param name="now">The time, as <see cref="Instant.Elapsed"/>.</param>
    /// <param name="packetsSent">Packets that have ever left in the tunnel, without those of the link itself.</param>
    /// <param name="rests">Whether it may rest when none has: false where packets leave past whoever calls <see cref="Wake"/>.</param>
    /// <returns>True when <see cref="Probe"/> is to be sent.</returns>
    public bool Attend(TimeSpan now, long packetsSent, bool rests)
    {
        var hasSent = packetsSent != sent;
        sent = packetsSent;
        if (state != NeighbourState.Probing)
        {
            Move(hasSent ? NeighbourEvent.PacketsSent : NeighbourEvent.NothingSent);
            probes = 0;
        }
        else if (probes == MaximumProbes)
        {
            Move(NeighbourEvent.NotConfirmed);
            Deadline = now + reachableTime;
            return false;
        }

        var isProbing = state == NeighbourState.Probing;
        probes += isProbing ? 1 : 0;
        Deadline = isProbing ? now + RetransmissionTimer : hasSent || !rests ? now + reachableTime : TimeSpan.MaxValue;
        return isProbing || hasSent;
    }

    /// <summary>A probe (RFC 4861, 7.3.3), without link-layer addresses (RFC 4213, 3.8).</summary>
    public Octets Probe() => RouterMessages.Solicitation(default, LocalAddress, RemoteAddress);

    /// <summary>Takes a packet of the link that came out of the tunnel; its outer addresses and its key have been checked.</summary>
    /// <param name="octets">The packet.</param>
    /// <param name="now">The time, as <see cref="Instant.Elapsed"/>.</param>
    /// <param name="answer">What is to be sent into the tunnel; empty for nothing.</param>
    /// <returns>Why the packet is dropped; None when it is not.</returns>
    public ForwardingDrop Receive(ReadOnlySpan<byte> octets, TimeSpan now, out Octets answer)
    {
        answer = default;
        var message = NeighbourMessage.Read(octets);
        if (message.Drop != DropReason.None)
        {
            return ForwardingDrop.Malformed;
        }

        switch (message.Kind)
        {
            case MessageKind.NeighborSolicitation when message.Target == LocalAddress && message.Source != LocalAddress:
                answer = RouterMessages.Advertisement(default, LocalAddress, message.Source);
                Hear(message.Source, now);
                return ForwardingDrop.None;
            case MessageKind.NeighborAdvertisement when message.IsSolicited && message.Target == RemoteAddress:
                Confirm(now);
                return ForwardingDrop.None;
            case MessageKind.Unknown:
                return Echo(octets, out answer);
            default:
                return ForwardingDrop.LinkScope;
        }
    }

    /// <summary>Answers an Echo Request to this end or to all nodes on the link (RFC 4443, 4.2); nothing else is taken.</summary>
    private ForwardingDrop Echo(ReadOnlySpan<byte> octets, out Octets answer)
    {
        answer = default;
        if (!IpPacketView.TryParse(octets, out var packet, out _) || packet.Protocol != IpProtocol.IcmpV6
            || !IcmpV6View.TryParse(packet.Payload, out var request, out _) || request.Type != IcmpV6Type.EchoRequest || !packet.Source.IsUnicast
            || (packet.Destination != LocalAddress && packet.Destination != RouterMessages.AllNodes))
        {
            return ForwardingDrop.LinkScope;
        }

        var fields = IcmpV6EchoRequest.Fields.Layout.Length;
        if (request.Octets.Length < fields || request.Code != 0 || !request.VerifyChecksum(packet.Source, packet.Destination))
        {
            return ForwardingDrop.Malformed;
        }

        answer = PacketComposer.Compose(new IPv6Header { Source = LocalAddress, Destination = packet.Source }, new IcmpV6EchoReply
        {
            Identifier = IcmpV6EchoRequest.Fields.Echo.Identifier.ReadUInt16(request.Octets),
            SequenceNumber = IcmpV6EchoRequest.Fields.Echo.SequenceNumber.ReadUInt16(request.Octets),
            Data = Octets.Create(request.Octets[fields..]),
        });
        return ForwardingDrop.None;
    }

    private void Hear(Address source, TimeSpan now)
    {
        if (source.IsLinkLocal && source != remote.Address)
        {
            remote = new Identity(source);
        }

        if (NeighbourStates.Transitions.Allows(state, NeighbourEvent.Heard))
        {
            Move(NeighbourEvent.Heard);
            probes = 0;
            Deadline = now;
        }
    }

    /// <summary>An answer that nobody has asked for confirms nothing.</summary>
    private void Confirm(TimeSpan now)
    {
        if (NeighbourStates.Transitions.Allows(state, NeighbourEvent.Confirmed))
        {
            Move(NeighbourEvent.Confirmed);
            Deadline = now + reachableTime;
        }
    }

    private void Move(NeighbourEvent on) => state = NeighbourStates.Transitions.Next(state, on);

    /// <summary>An address in one piece for those who read it meanwhile.</summary>
    private sealed record Identity(Address Address);
}
