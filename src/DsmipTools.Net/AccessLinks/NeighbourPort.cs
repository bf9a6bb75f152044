using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.AccessLinks;

/// <summary>
/// Where a gateway meets the links of mobile nodes: it sends whole IPv6 packets on interfaces of the host, from addresses that the host need not have, and
/// brings what comes in there of Neighbor Discovery (RFC 4861) from those who ask and answer, and that an interface has lost its carrier. All links share
/// three sockets and one thread. Linux, with the capability CAP_NET_RAW.
/// </summary>
/// <remarks>Everything belongs to the network namespace of the thread that opens it, whichever thread uses it later.</remarks>
public sealed unsafe class NeighbourPort : IDisposable
{
    private const int LongestAddress = 28;
    private const int ScopeAt = 24;
    private const int LongestMessage = 1500;
    private const int LongestChange = 1 << 15;
    private const ushort AllMulticast = 2;

    // What has come and nobody has looked at yet: more of it waits in the socket, and is lost there.
    private const int MostUnread = 64;

    private const int FamilyNetlink = 16;
    private const uint LinkGroup = 1;
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const uint LowerUp = 1 << 16;

    private readonly Action<int, byte[]> arrived;
    private readonly Action<int> lost;
    private readonly SafeEventDescriptor wakeUp;
    private readonly SafePacketSocket receiving;
    private readonly SafePacketSocket sending;
    private readonly SafePacketSocket changes;
    private readonly SemaphoreSlim unread = new(MostUnread, MostUnread);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly HashSet<int> joined = [];
    private readonly Thread thread;

    /// <summary>Opens the sockets.</summary>
    /// <param name="arrived">
    /// Takes the number of an interface and a packet from its IPv6 header on, on the thread of the port; it has to be followed by <see cref="Taken"/>.
    /// </param>
    /// <param name="lost">Takes the number of an interface that was sent on, when it is gone, down or without a carrier; on the same thread.</param>
    /// <exception cref="NetException">The privilege is missing, or the system is not Linux.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The handles are disposed with the port, or here when it cannot be made.")]
    public NeighbourPort(Action<int, byte[]> arrived, Action<int> lost)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, "Access links are those of Linux: packet sockets show what comes in on them.");
        }

        (this.arrived, this.lost) = (arrived, lost);
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        try
        {
            changes = OpenChanges();
            sending = RawSockets.OpenHeaderIncluded(isIPv4: false, null);
            // Of no protocol, and so of no packet, until the filter is there.
            receiving = RawSockets.Open(PacketSocketCalls.FamilyPacket, PacketSocketCalls.TypeDatagram, 0);
            Filter();
            var address = new PacketSocketCalls.LinkAddress
            {
                Family = PacketSocketCalls.FamilyPacket,
                Protocol = RawPacketTransport.BigEndian((ushort)EtherType.IPv6),
            };
            if (PacketSocketCalls.Bind(receiving, &address, (uint)sizeof(PacketSocketCalls.LinkAddress)) != 0)
            {
                throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The packet socket cannot be bound to the interfaces.");
            }
        }
        catch
        {
            receiving?.Dispose();
            sending?.Dispose();
            changes?.Dispose();
            wakeUp.Dispose();
            throw;
        }

        thread = new Thread(Run) { Name = "DsmipTools access links", IsBackground = true };
        thread.UnsafeStart();
    }

    /// <summary>Sends a packet on an interface; to its neighbour by the link-layer address that the host knows or finds out.</summary>
    /// <param name="link">The number of the interface.</param>
    /// <param name="packet">The packet, from its IPv6 header on.</param>
    /// <exception cref="NetException">There is no such interface, or it is down.</exception>
    public void Send(int link, ReadOnlySpan<byte> packet)
    {
        Join(link);
        var destination = IPv6Header.Fields.Destination.ReadAddress(packet);
        var address = stackalloc byte[LongestAddress];
        var length = LinuxUdpTransport.WriteAddress(new Endpoint(destination, 0), new Span<byte>(address, LongestAddress));
        if (destination.IsLinkLocal || destination.IsMulticast)
        {
            MemoryMarshal.Write(new Span<byte>(address + ScopeAt, sizeof(int)), link);
        }

        while (true)
        {
            fixed (byte* start = packet)
            {
                if (Linux.SendTo(sending, start, (nuint)packet.Length, Linux.DoNotWait | Linux.NoSignal, address, length) >= 0)
                {
                    return;
                }
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno != Linux.Interrupted)
            {
                throw new NetException(Linux.ErrorOf(errno), errno, new Endpoint(destination, 0), $"Nothing can be sent to {destination} on the access link {link}: is it up?");
            }
        }
    }

    /// <summary>A packet that arrived has been looked at.</summary>
    public void Taken() => unread.Release();

    /// <summary>Closes the sockets. Nothing arrives any more afterwards.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        wakeUp.Signal();
        thread.Join();
        receiving.Dispose();
        sending.Dispose();
        changes.Dispose();
        wakeUp.Dispose();
        stopping.Dispose();
        unread.Dispose();
    }

    /// <summary>Mobile nodes look for their router by multicast addresses which the interface does not know.</summary>
    private void Join(int link)
    {
        lock (gate)
        {
            if (!joined.Add(link))
            {
                return;
            }

            var membership = new PacketSocketCalls.Membership { Interface = link, Type = AllMulticast };
            if (PacketSocketCalls.SetOption(
                receiving, PacketSocketCalls.LevelPacket, PacketSocketCalls.AddMembership, &membership, (uint)sizeof(PacketSocketCalls.Membership)) != 0)
            {
                joined.Remove(link);
                throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), $"There is no access link {link}.");
            }
        }
    }

    /// <summary>Lets solicitations and neighbour advertisements through; offsets count from the IPv6 header.</summary>
    private void Filter()
    {
        const ushort LoadByte = 0x30, JumpIfEqual = 0x15, Return = 0x06;
        var next = (uint)IPv6Header.Fields.NextHeader.Offset;
        var type = (uint)IPv6Header.Fields.Layout.Length;
        ReadOnlySpan<FilterInstruction> instructions =
        [
            new(LoadByte, 0, 0, next),
            new(JumpIfEqual, 0, 5, (uint)IpProtocol.IcmpV6),
            new(LoadByte, 0, 0, type),
            new(JumpIfEqual, 2, 0, (uint)IcmpV6Type.RouterSolicitation),
            new(JumpIfEqual, 1, 0, (uint)IcmpV6Type.NeighborSolicitation),
            new(JumpIfEqual, 0, 1, (uint)IcmpV6Type.NeighborAdvertisement),
            new(Return, 0, 0, LongestMessage),
            new(Return, 0, 0, 0),
        ];
        fixed (FilterInstruction* first = instructions)
        {
            var program = new PacketSocketCalls.Program { Length = (ushort)instructions.Length, Instructions = first };
            if (PacketSocketCalls.SetOption(
                receiving, PacketSocketCalls.LevelSocket, PacketSocketCalls.AttachFilter, &program, (uint)sizeof(PacketSocketCalls.Program)) != 0)
            {
                throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The kernel does not take the filter for Neighbor Discovery.");
            }
        }
    }

    private void Run()
    {
        var buffer = new byte[LongestChange];
        var descriptors = stackalloc Linux.PollDescriptor[3];
        descriptors[0] = Readable(wakeUp);
        descriptors[1] = Readable(receiving);
        descriptors[2] = Readable(changes);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (Linux.Poll(descriptors, 3, -1) <= 0)
                {
                    continue;
                }

                if (descriptors[2].Returned != 0)
                {
                    ReadChanges(buffer);
                }

                if (descriptors[1].Returned != 0)
                {
                    Receive(buffer);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The port is closed.
        }
    }

    private void Receive(byte[] buffer)
    {
        unread.Wait(stopping.Token);
        if (TryReceive(buffer, out var length, out var link))
        {
            arrived(link, buffer[..length]);
        }
        else
        {
            unread.Release();
        }
    }

    private static Linux.PollDescriptor Readable(SafeHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Readable };

    /// <summary>A socket that tells of every change of an interface (rtnetlink(7)).</summary>
    private static SafePacketSocket OpenChanges()
    {
        var opened = RawSockets.Open(FamilyNetlink, PacketSocketCalls.TypeRaw, 0);
        var address = stackalloc uint[3] { FamilyNetlink, 0, LinkGroup };
        if (PacketSocketCalls.Bind(opened, (PacketSocketCalls.LinkAddress*)address, 3 * sizeof(uint)) == 0)
        {
            return opened;
        }

        var errno = Marshal.GetLastPInvokeError();
        opened.Dispose();
        throw new NetException(Linux.ErrorOf(errno), errno, "The kernel does not tell of its interfaces.");
    }

    private void ReadChanges(byte[] buffer)
    {
        const int IndexAt = 4, FlagsAt = 8, Body = 16;
        int length;
        fixed (byte* start = buffer)
        {
            length = (int)Linux.ReceiveFrom(changes, start, (nuint)buffer.Length, Linux.DoNotWait, null, null);
        }

        if (length < 0)
        {
            if (Marshal.GetLastPInvokeError() == Linux.NoBuffers)
            {
                LookAgain();
            }

            return;
        }

        ReadOnlySpan<byte> rest = buffer.AsSpan(0, length);
        while (NetlinkSocket.Next(ref rest, out var type, out _, out _, out var body))
        {
            if (type is NewLink or DeleteLink && body.Length >= Body
                && (type == DeleteLink || (MemoryMarshal.Read<uint>(body[FlagsAt..]) & LowerUp) == 0))
            {
                Lose(MemoryMarshal.Read<int>(body[IndexAt..]));
            }
        }
    }

    /// <summary>Changes were lost, because more came at once than the socket holds. The thread is in the network of the port.</summary>
    private void LookAgain()
    {
        int[] all;
        lock (gate)
        {
            all = [.. joined];
        }

        try
        {
            using var network = new HostNetwork();
            foreach (var link in all.Except(network.Interfaces().Where(each => each.HasCarrier).Select(each => each.Index)))
            {
                Lose(link);
            }
        }
        catch (NetException)
        {
            // Without descriptors nobody can look; the next change is read again.
        }
    }

    private void Lose(int link)
    {
        if (Forget(link))
        {
            lost(link);
        }
    }

    /// <summary>The interface is told of once, until something is sent on it again.</summary>
    private bool Forget(int link)
    {
        lock (gate)
        {
            return joined.Remove(link);
        }
    }

    /// <summary>Receives a packet; what this host sends is shown too, and is none. So is an interface that has gone down.</summary>
    private bool TryReceive(Span<byte> buffer, out int length, out int link)
    {
        PacketSocketCalls.LinkAddress from;
        var addressLength = (uint)sizeof(PacketSocketCalls.LinkAddress);
        fixed (byte* start = buffer)
        {
            length = (int)Linux.ReceiveFrom(receiving, start, (nuint)buffer.Length, Linux.DoNotWait, (byte*)&from, &addressLength);
        }

        link = from.Interface;
        return length > 0 && from.PacketType != (byte)LinuxPacketType.FromThisHost;
    }
}
