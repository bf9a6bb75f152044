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

    /// <summary>Octets that have to be free in front of a packet for <see cref="TryDeliver"/>.</summary>
    public const int Headroom = OffloadHeader.Length;

    /// <summary>The longest packet with all its headers, in octets.</summary>
    public const int MaximumPacket = 65_535 + 48;

    private const int Batch = 64;
    private const int LongestAddress = 28;
    private const int MessageTooLong = 90;

    private readonly Lock changes = new();
    private readonly object gate = new();
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(Headroom + MaximumPacket, pinned: true);
    private readonly Dictionary<(IpProtocol Protocol, Endpoint Local), Listener> listeners = [];
    private readonly SafePacketSocket?[] senders = new SafePacketSocket?[2];
    private readonly ITunnelTraffic traffic;
    private readonly TunDevice device;
    private readonly SafeEventDescriptor wakeUp;
    private readonly Thread thread;
    private TunnelReceiver[] watched = [];
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
    /// <param name="local">The address and port for UDP. Of the other protocols everything of the address family comes.</param>
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

    /// <summary>Sends a packet with its outer headers; on the thread that brings packets.</summary>
    /// <returns>Null when it has left.</returns>
    public NetError? Send(ReadOnlySpan<byte> packet)
    {
        var isIPv4 = packet[0] >> 4 == 4;
        var destination = isIPv4 ? IPv4Header.Fields.Destination.ReadAddress(packet) : IPv6Header.Fields.Destination.ReadAddress(packet);
        var address = stackalloc byte[LongestAddress];
        var length = LinuxUdpTransport.WriteAddress(new Endpoint(destination, 0), new Span<byte>(address, LongestAddress));
        while (true)
        {
            fixed (byte* start = packet)
            {
                if (Linux.SendTo(senders[isIPv4 ? 0 : 1]!, start, (nuint)packet.Length, Linux.DoNotWait | Linux.NoSignal, address, length) >= 0)
                {
                    return null;
                }
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno != Linux.Interrupted)
            {
                return errno == MessageTooLong ? NetError.MessageTooLong : Linux.ErrorOf(errno);
            }
        }
    }

    /// <summary>Gives the host a packet, as if it had come by the device.</summary>
    /// <param name="frame">The packet behind <see cref="Headroom"/> octets, which are overwritten.</param>
    /// <param name="mtu">The longest packet of its tunnel: TCP segments that were joined on the way are taken apart to that.</param>
    /// <returns>Null when the host has taken it.</returns>
    public NetError? TryDeliver(Span<byte> frame, int mtu) =>
        !OffloadHeader.TryWrite(frame, frame[Headroom..], mtu) ? NetError.MessageTooLong
        : device.TryWrite(frame) ? null
        : NetError.Other;

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
        (protocol, protocol == IpProtocol.Udp ? local : new Endpoint(local.Address.IsIPv4 ? Address.AnyIPv4 : default, 0));

    private SafePacketSocket SenderFor(bool isIPv4)
    {
        if (senders[isIPv4 ? 0 : 1] is { } present)
        {
            return present;
        }

        var opened = RawSockets.OpenHeaderIncluded(isIPv4, null);
        // It never waits, because one slow neighbour would hold up all tunnels: so there has to be room.
        RawSockets.SetBuffer(opened, RawSockets.SendBuffer, RawSockets.SendBufferForced);
        return senders[isIPv4 ? 0 : 1] = opened;
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
            int ready;
            fixed (Linux.PollDescriptor* first = descriptors)
            {
                ready = Linux.Poll(first, (nuint)descriptors.Length, -1);
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
        for (var taken = 0; taken < Batch && device.TryRead(buffer, out var length); taken++)
        {
            if (length > OffloadHeader.Length)
            {
                traffic.FromHost(buffer.AsSpan(OffloadHeader.Length, length - OffloadHeader.Length));
            }
        }
    }

    private void FromNetwork(TunnelReceiver receiver)
    {
        for (var taken = 0; taken < Batch && receiver.TryReceive(buffer, out var packet); taken++)
        {
            traffic.FromNetwork(packet);
        }
    }

    private static Linux.PollDescriptor Readable(SafeHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Readable };

    private sealed class Listener(TunnelReceiver receiver)
    {
        public TunnelReceiver Receiver { get; } = receiver;

        public int Uses { get; set; }
    }
}
