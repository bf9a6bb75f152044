using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// Where the tunnels of a process meet its host: one TUN device, a socket for each protocol or UDP port that they use, and one thread that
/// waits for all of them and takes packets in batches. It decides nothing. Linux, with the capabilities CAP_NET_ADMIN and CAP_NET_RAW.
/// </summary>
/// <remarks>Everything belongs to the network namespace of the thread that opens it, whichever thread uses it later.</remarks>
public sealed unsafe class TunnelPort : IDisposable
{
    /// <summary>What the names of the devices begin with.</summary>
    public const string NamePrefix = TunDevice.NamePrefix;

    /// <summary>The longest packet that the device takes, in octets: an Ethernet frame's less an IPv4 header. Routes set shorter ones.</summary>
    public const int Mtu = 1480;

    /// <summary>Octets that have to be free in front of a packet for <see cref="Deliver"/>.</summary>
    public const int Headroom = OffloadHeader.Length;

    /// <summary>The longest packet with all its headers, in octets.</summary>
    public const int MaximumPacket = 65_535 + 48;

    // Every tunnel carries packets that are as long as this (RFC 8200, 5).
    private const int ShortestMtu = 1280;

    private const int Batch = 64;
    private const int Rounds = 4;
    private const int LongestAddress = 28;
    private const int FrameRoom = Headroom + MaximumPacket;
    private const int MostParts = 1024;

    private readonly Lock changes = new();
    private readonly object gate = new();
    private readonly PinnedArray<byte> buffer = new(FrameRoom);
    private readonly PinnedArray<byte> alone = new(FrameRoom);
    private readonly PinnedArray<Linux.Vector> parts = new(MostParts);
    private readonly ReceivedPackets received = new();
    private readonly PacketTrain train = new();
    private readonly SendQueue queue = new();
    private readonly Dictionary<(IpProtocol Protocol, Endpoint Local), Listener> listeners = [];
    private readonly SafePacketSocket?[] senders = new SafePacketSocket?[2];
    private readonly ITunnelTraffic traffic;
    private readonly TunDevice device;
    private readonly SafeEventDescriptor wakeUp;
    private readonly Thread thread;
    private TunnelReceiver[] watched = [];
    private TunnelReceiver[] serving = [];
    private long asked;
    private long done;
    private bool isStopping;

    /// <summary>Makes the device and brings it up.</summary>
    /// <param name="traffic">What decides about packets.</param>
    /// <exception cref="NetException">A privilege is missing, there are no TUN devices, or the system is not Linux.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The handles are disposed with the port, or here when it cannot be made.")]
    public TunnelPort(ITunnelTraffic traffic)
    {
        this.traffic = traffic;
        device = new TunDevice();
        try
        {
            Network = new HostNetwork();
            Network.BringUp(device.Index, Mtu);
            wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
            if (wakeUp.IsInvalid)
            {
                throw new NetException(NetError.NoResources, Marshal.GetLastPInvokeError(), "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
            }
        }
        catch
        {
            wakeUp?.Dispose();
            Network?.Dispose();
            device.Dispose();
            throw;
        }

        thread = new Thread(Run) { Name = "DsmipTools tunnels " + device.Name, IsBackground = true };
        thread.Start();
    }

    /// <summary>The name of the device.</summary>
    public string InterfaceName => device.Name;

    /// <summary>The number of the device.</summary>
    public int InterfaceIndex => device.Index;

    /// <summary>The network of the host that the device is in.</summary>
    public HostNetwork Network { get; }

    /// <summary>Receives, from now on, what comes for a protocol or UDP port; uses are counted.</summary>
    /// <param name="protocol">IPv4, IPv6, Gre, MinimalEncapsulation or Udp; Icmp or IcmpV6 for the errors about packets that have left.</param>
    /// <param name="local">The address, which is one of the host, and for UDP the port.</param>
    /// <exception cref="NetException">A privilege is missing, the address is none of this host, or the port is in use.</exception>
    public void Listen(IpProtocol protocol, Endpoint local)
    {
        lock (changes)
        {
            _ = SenderFor(local.Address.IsIPv4);
            var key = KeyOf(protocol, local);
            if (!listeners.TryGetValue(key, out var listener))
            {
                listeners.Add(key, listener = new Listener(new TunnelReceiver(protocol, key.Local)));
                Watch();
            }

            listener.Uses++;
        }
    }

    /// <summary>Ends one use; with the last one the socket is closed.</summary>
    public void Unlisten(IpProtocol protocol, Endpoint local)
    {
        lock (changes)
        {
            var key = KeyOf(protocol, local);
            if (listeners.TryGetValue(key, out var listener) && --listener.Uses == 0)
            {
                listeners.Remove(key);
                Watch();
                listener.Receiver.Dispose();
            }
        }
    }

    /// <summary>
    /// Queues a packet with its outer headers; on the thread that brings packets, and not from <see cref="ITunnelTraffic.Sent"/>, which tells what
    /// became of it.
    /// </summary>
    /// <param name="packet">The packet; it is copied.</param>
    /// <param name="innerOffset">Where the packet inside begins.</param>
    /// <param name="owner">Who queues it.</param>
    /// <param name="followers">What came with the packet inside and goes with it; nothing for another packet.</param>
    public void Send(ReadOnlySpan<byte> packet, int innerOffset, object owner, Followers followers)
    {
        var isIPv4 = packet[0] >> 4 == 4;
        Span<byte> address = stackalloc byte[LongestAddress];
        var length = LinuxUdpTransport.WriteAddress(
            new Endpoint(isIPv4 ? IPv4Header.Fields.Destination.ReadAddress(packet) : IPv6Header.Fields.Destination.ReadAddress(packet), 0), address);
        var socket = SenderFor(isIPv4);
        var udp = UdpSocketOf(packet, isIPv4, out var skip);
        if (udp is not null)
        {
            packet.Slice(skip - UdpHeader.Fields.Layout.Length + UdpHeader.Fields.DestinationPort.Offset, sizeof(ushort)).CopyTo(address[2..]);
            socket = udp.Socket;
            var dontFragment = isIPv4 && IPv4Header.Fields.DontFragment.ReadFlag(packet);
            if (udp.Changes(dontFragment))
            {
                queue.Flush(traffic);
                udp.SetDontFragment(dontFragment);
            }
        }

        var (trafficClass, hopLimit) = isIPv4
            ? (packet[1], packet[IPv4Header.Fields.TimeToLive.Offset])
            : ((byte)IPv6Header.Fields.TrafficClass.ReadNumber(packet), packet[IPv6Header.Fields.HopLimit.Offset]);
        var way = new SendQueue.Way(owner, address[..(int)length], udp is not null, trafficClass, hopLimit, innerOffset - skip);
        var head = Head(socket, packet.Length - skip);
        packet[skip..].CopyTo(head);
        queue.Add(socket, way, head, default);
        for (var follower = 1; follower <= followers.Packets; follower++)
        {
            var payload = train.PayloadOf(follower);
            head = Head(socket, way.Overhead + train.HeaderLength);
            packet[skip..innerOffset].CopyTo(head);
            train.WriteHeader(packet[innerOffset..], follower, head[way.Overhead..]);
            if (skip == 0)
            {
                IpHeaders.WriteLength(head, head.Length + (int)payload.Length);
            }

            queue.Add(socket, way, head, payload);
        }
    }

    /// <summary>Gives the host a packet, as if it had come by the device.</summary>
    /// <param name="frame">The packet behind <see cref="Headroom"/> octets, which are overwritten.</param>
    /// <param name="followers">What came with the packet and goes with it; nothing for another packet.</param>
    /// <returns>Null when the host has taken it.</returns>
    public NetError? Deliver(Span<byte> frame, Followers followers)
    {
        var offload = default(OffloadHeader);
        if (followers.Packets > 0)
        {
            train.Join(frame[Headroom..], out offload);
        }

        offload.Write(frame);
        for (var follower = 1; follower <= followers.Packets; follower++)
        {
            parts[follower] = train.PayloadOf(follower);
        }

        fixed (byte* start = frame)
        {
            parts[0] = new Linux.Vector { Start = start, Length = (nuint)frame.Length };
            return device.TryWrite(parts.Start, 1 + followers.Packets) ? null : NetError.Other;
        }
    }

    /// <summary>Has <see cref="ITunnelTraffic.Attend"/> called soon, because something else may be due.</summary>
    public void Wake() => wakeUp.Signal();

    /// <summary>Removes the device and closes the sockets. Waits until no packet is being handled; not to be called from there.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isStopping)
            {
                return;
            }

            isStopping = true;
        }

        wakeUp.Signal();
        thread.Join();
        try
        {
            // Closing is not enough while some thread starts a process: until that has begun, it has the descriptor too.
            Network.RemoveInterface(device.Index, device.Name);
        }
        catch (NetException)
        {
            // Without the privilege by now, closing has to do.
        }

        device.Dispose();
        foreach (var listener in listeners.Values)
        {
            listener.Receiver.Dispose();
        }

        foreach (var sender in senders)
        {
            sender?.Dispose();
        }

        Network.Dispose();
        wakeUp.Dispose();
    }

    private static (IpProtocol Protocol, Endpoint Local) KeyOf(IpProtocol protocol, Endpoint local) =>
        (protocol, protocol == IpProtocol.Udp ? local : local with { Port = 0 });

    private SafePacketSocket SenderFor(bool isIPv4)
    {
        if (senders[isIPv4 ? 0 : 1] is { } present)
        {
            return present;
        }

        var opened = RawSockets.OpenHeaderIncluded(isIPv4, null);
        // It never waits, because one slow neighbour would hold up all tunnels: so there has to be room.
        RawSockets.SetBuffer(opened, RawSockets.SendBuffer, RawSockets.SendBufferForced);
        // Whoever listens and the thread that sends may both come first.
        if (Interlocked.CompareExchange(ref senders[isIPv4 ? 0 : 1], opened, null) is not { } other)
        {
            return opened;
        }

        opened.Dispose();
        return other;
    }

    /// <summary>Tells the thread which sockets there are, and waits until it uses no other.</summary>
    private void Watch()
    {
        lock (gate)
        {
            watched = [.. listeners.Values.Select(listener => listener.Receiver)];
            var ticket = ++asked;
            wakeUp.Signal();
            while (done < ticket)
            {
                Monitor.Wait(gate);
            }
        }
    }

    private void Run()
    {
        try
        {
            while (Take(out var receivers))
            {
                Serve(receivers);
            }
        }
        catch (NetException exception)
        {
            traffic.Fail(exception);
        }
#pragma warning disable CA1031 // A packet that nobody thought of must end the tunnels at most, and not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            traffic.Fail(new NetException(NetError.Other, 0, $"The tunnels have ended by a fault of DsmipTools: {exception.Message}", exception));
        }
        finally
        {
            lock (gate)
            {
                done = long.MaxValue;
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>The sockets to wait for from now on; false when all is over.</summary>
    private bool Take(out TunnelReceiver[] receivers)
    {
        lock (gate)
        {
            receivers = watched;
            done = asked;
            Monitor.PulseAll(gate);
            return !isStopping;
        }
    }

    /// <summary>Brings packets until somebody wakes the thread.</summary>
    private void Serve(TunnelReceiver[] receivers)
    {
        serving = receivers;
        const int Own = 2;
        var descriptors = GC.AllocateArray<Linux.PollDescriptor>(receivers.Length + Own, pinned: true);
        descriptors[0] = Readable(wakeUp);
        descriptors[1] = Readable(device.Descriptor);
        for (var i = 0; i < receivers.Length; i++)
        {
            descriptors[Own + i] = Readable(receivers[i].Socket);
        }

        while (true)
        {
            var milliseconds = traffic.Attend();
            queue.Flush(traffic);
            int ready;
            fixed (Linux.PollDescriptor* first = descriptors)
            {
                ready = Linux.Poll(first, (nuint)descriptors.Length, milliseconds);
            }

            if (ready <= 0)
            {
                continue;
            }

            if (descriptors[0].Returned != 0)
            {
                ulong count;
                Linux.Read(wakeUp, &count, sizeof(ulong));
                return;
            }

            if (descriptors[1].Returned != 0)
            {
                FromHost();
            }

            for (var i = 0; i < receivers.Length; i++)
            {
                if (descriptors[Own + i].Returned != 0)
                {
                    FromNetwork(receivers[i]);
                }
            }
        }
    }

    private void FromHost()
    {
        for (var taken = 0; taken < Batch && device.TryRead(buffer.Slice(0, FrameRoom), out var length); taken++)
        {
            if (length <= OffloadHeader.Length)
            {
                continue;
            }

            var frame = buffer.Slice(0, length);
            var packet = frame[OffloadHeader.Length..];
            var offload = OffloadHeader.Read(frame);
            var first = packet.Length;
            train.Clear();
            if (!(offload.Kind == 0 ? offload.TryFinishChecksum(packet) : train.TrySplit(packet, offload, out first)))
            {
                continue;
            }

            var followers = train.Followers;
            if (!traffic.FromHost(packet[..first], followers))
            {
                for (var number = 0; number <= followers.Packets && followers.Packets > 0; number++)
                {
                    traffic.FromHost(Alone(packet[..first], 0, number), default);
                }
            }

            if (followers.Packets > 0)
            {
                // What is queued stands where the next packet is read.
                queue.Flush(traffic);
            }
        }

        queue.Flush(traffic);
    }

    private void FromNetwork(TunnelReceiver receiver)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var isMore = receiver.Receive(received);
            var next = default(Place);
            while (next.Packet < received.Count)
            {
                Bring(receiver, ref next);
            }

            queue.Flush(traffic);
            if (!isMore)
            {
                return;
            }
        }
    }

    /// <summary>Brings a packet of the network, and with it those behind it that are of its flow.</summary>
    private void Bring(TunnelReceiver receiver, ref Place next)
    {
        var start = next;
        var frame = Take(receiver, ref next);
        if (frame.IsEmpty)
        {
            return;
        }

        var inner = IpHeaders.InnerOffset(frame);
        train.Clear();
        var isSplit = false;
        if (inner > 0)
        {
            if (!receiver.IsUdp)
            {
                train.SplitUnfinished(frame[inner..], ShortestMtu, out var length);
                isSplit = train.Followers.Packets > 0;
                if (isSplit)
                {
                    frame = frame[..(inner + length)];
                    IpHeaders.WriteLength(frame, frame.Length);
                }
            }

            if (!isSplit)
            {
                train.Begin(frame[inner..], device.TakesUdpSegments);
                var after = next;
                while (TryPeek(receiver, frame, inner, ref after, out var packet) && train.TryAdd(packet))
                {
                    next = after;
                }
            }
        }

        var followers = train.Followers;
        if (traffic.FromNetwork(frame, followers) && followers.Packets > 0)
        {
            // What is queued stands where headers are written next.
            queue.Flush(traffic);
            return;
        }

        if (isSplit)
        {
            for (var number = 0; number <= followers.Packets; number++)
            {
                traffic.FromNetwork(Alone(frame, inner, number), default);
            }
        }
        else if (followers.Packets > 0)
        {
            while (start != next)
            {
                traffic.FromNetwork(Take(receiver, ref start), default);
            }
        }
    }

    /// <summary>The packet that was received at a place, with its headers.</summary>
    private Span<byte> Take(TunnelReceiver receiver, ref Place place)
    {
        var (at, offset) = place;
        var segment = received.SegmentOf(at);
        var frame = received.Frame(at, offset, receiver.HeadersTaken, segment);
        receiver.WriteHeaders(frame, received.AddressOf(at), received.ControlOf(at));
        place = offset + segment < received.LengthOf(at) ? new Place(at, offset + segment) : new Place(at + 1, 0);
        return frame;
    }

    /// <summary>The packet inside the next one, if it came in the same headers as the first of a train.</summary>
    private bool TryPeek(TunnelReceiver receiver, ReadOnlySpan<byte> first, int inner, ref Place place, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        var (at, offset) = place;
        if (at == received.Count)
        {
            return false;
        }

        var headers = receiver.HeadersTaken;
        if (offset == 0)
        {
            var frame = Take(receiver, ref place);
            // Length and checksum of UDP differ, its ports and what is behind it do not.
            var isSame = frame.Length > inner && (receiver.IsUdp
                ? IpHeaders.AreAlike(first[..(headers - sizeof(uint))], frame[..(headers - sizeof(uint))]) && frame[headers..inner].SequenceEqual(first[headers..inner])
                : IpHeaders.AreAlike(first[..inner], frame[..inner]));
            if (!isSame)
            {
                return false;
            }

            packet = frame[inner..];
            return true;
        }

        // It came as one with the packet before: only what the socket did not take off can differ. In front of it there is no room for headers yet.
        var segment = received.SegmentOf(at);
        var octets = received.Frame(at, offset, 0, segment);
        place = offset + segment < received.LengthOf(at) ? new Place(at, offset + segment) : new Place(at + 1, 0);
        var between = inner - headers;
        if (octets.Length <= between || !octets[..between].SequenceEqual(first[headers..inner]))
        {
            return false;
        }

        packet = octets[between..];
        return true;
    }

    /// <summary>A packet of the train with all its headers, as if it had come alone.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="inner">Where the packet of the flow begins in it.</param>
    /// <param name="number">Which one, from 0.</param>
    private ReadOnlySpan<byte> Alone(ReadOnlySpan<byte> first, int inner, int number)
    {
        if (number == 0)
        {
            return first;
        }

        var payload = train.PayloadOf(number);
        var headers = inner + train.HeaderLength;
        var packet = alone.Slice(0, headers + (int)payload.Length);
        first[..inner].CopyTo(packet);
        train.WriteHeader(first[inner..], number, packet[inner..]);
        new ReadOnlySpan<byte>(payload.Start, (int)payload.Length).CopyTo(packet[headers..]);
        if (inner > 0)
        {
            IpHeaders.WriteLength(packet, packet.Length);
        }

        return packet;
    }

    /// <summary>Room for the start of a packet; what waits leaves first when there is none.</summary>
    private Span<byte> Head(SafePacketSocket socket, int length)
    {
        if (queue.HasToLeave(socket, length))
        {
            queue.Flush(traffic);
        }

        return queue.Take(length);
    }

    /// <summary>The socket of the UDP port that a packet comes from.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="isIPv4">Whether its IP header is IPv4's.</param>
    /// <param name="headers">Octets of the headers that the socket writes itself.</param>
    private TunnelReceiver? UdpSocketOf(ReadOnlySpan<byte> packet, bool isIPv4, out int headers)
    {
        headers = 0;
        if ((IpProtocol)(isIPv4 ? packet[9] : packet[6]) != IpProtocol.Udp)
        {
            return null;
        }

        var udp = isIPv4 ? IPv4Header.Fields.Layout.Length : IPv6Header.Fields.Layout.Length;
        var source = new Endpoint(
            isIPv4 ? IPv4Header.Fields.Source.ReadAddress(packet) : IPv6Header.Fields.Source.ReadAddress(packet), UdpHeader.Fields.SourcePort.ReadUInt16(packet[udp..]));
        foreach (var receiver in serving)
        {
            if (receiver.IsUdp && receiver.Local == source)
            {
                headers = udp + UdpHeader.Fields.Layout.Length;
                return receiver;
            }
        }

        return null;
    }

    private static Linux.PollDescriptor Readable(SafeHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Readable };

    /// <summary>Where a packet stands among those that were received at once: the packets of the socket, and an offset in one of several datagrams.</summary>
    private readonly record struct Place(int Packet, int Offset);

    private sealed class Listener(TunnelReceiver receiver)
    {
        public TunnelReceiver Receiver { get; } = receiver;

        public int Uses { get; set; }
    }
}
