using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Capture;

/// <summary>
/// Captures with a packet socket and its ring. Ethernet, loopback and TUN frames come as they are; those of other interfaces, and of all
/// together, get a cooked header that says where they come from.
/// </summary>
internal sealed unsafe class PacketSocketDevice : ICaptureDevice
{
    private const int LongestName = 15;
    private const ushort HardwareEthernet = 1;
    private const ushort HardwareLoopback = 772;
    private const ushort HardwareRawIP = 519;
    private const ushort HardwareNone = 65534;
    private const int VlanTagAt = 12;
    private const int RingFrameHeader = 48;

    private readonly SafePacketSocket socket;
    private readonly SafeEventDescriptor wakeUp;
    private readonly PacketRing ring;
    private readonly bool isCooked;
    private readonly Lock counting = new();
    private bool disposed;
    private int frames;
    private long received;
    private long dropped;

    [SuppressMessage("Reliability", "CA2000", Justification = "The handles are disposed with the device, or here when it cannot be made.")]
    public PacketSocketDevice(string name, CaptureOptions options)
    {
        var index = IndexOf(name);
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        if (wakeUp.IsInvalid)
        {
            throw Failure(Marshal.GetLastPInvokeError(), "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
        }

        try
        {
            var (hardware, address) = (HardwareNone, Octets.Empty);
            using (var asking = Open(PacketSocketCalls.TypeDatagram, name))
            {
                if (index != 0)
                {
                    (hardware, address) = Ask(asking, name);
                }
            }

            var linkType = index == 0 ? LinkType.LinuxCookedVersion2 : hardware switch
            {
                HardwareEthernet or HardwareLoopback => LinkType.Ethernet,
                HardwareNone or HardwareRawIP => LinkType.Raw,
                _ => LinkType.LinuxCookedVersion2,
            };
            isCooked = linkType == LinkType.LinuxCookedVersion2;
            Interface = new CaptureInterface
            {
                Name = name,
                LinkType = linkType,
                Filter = options.Filter ?? "",
                SnapLength = (uint)options.SnapLength,
                LinkLayerAddress = hardware == HardwareEthernet ? address : default,
            };

            // A filter sees the packet of a cooked socket without any header.
            var program = FilterProgram.Compile(options.Filter, isCooked ? LinkType.Raw : linkType, options.SnapLength);
            socket = Open(isCooked ? PacketSocketCalls.TypeDatagram : PacketSocketCalls.TypeRaw, name);
            Attach(program);
            if (options.IncomingOnly)
            {
                SetIncomingOnly();
            }

            ring = PacketRing.Create(socket, options.BufferSize);
            if (options.Promiscuous && index != 0)
            {
                SetPromiscuous(index);
            }

            // Bound last: nothing comes before the filter and the ring are there.
            var bound = new PacketSocketCalls.LinkAddress
            {
                Family = PacketSocketCalls.FamilyPacket,
                Protocol = BigEndian(PacketSocketCalls.AllProtocols),
                Interface = index,
            };
            if (PacketSocketCalls.Bind(socket, &bound, (uint)sizeof(PacketSocketCalls.LinkAddress)) != 0)
            {
                throw Failure(Marshal.GetLastPInvokeError(), $"The packet socket cannot be bound to {name}.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public CaptureInterface Interface { get; }

    public TimeSpan Latency => TimeSpan.FromMilliseconds(2 * PacketRing.RetireMilliseconds);

    public CaptureStatistics Statistics
    {
        get
        {
            lock (counting)
            {
                Count();
                return new CaptureStatistics(Volatile.Read(ref received), dropped);
            }
        }
    }

    public WaitResult Wait(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var left = ring.HasFrame ? 0 : timeout == Timeout.InfiniteTimeSpan ? -1 : Milliseconds(timeout - Stopwatch.GetElapsedTime(start));
            var result = Poll(left) | (ring.HasFrame ? WaitResult.Data : WaitResult.TimedOut);
            if (result != WaitResult.TimedOut || (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= timeout))
            {
                return result;
            }
        }
    }

    public bool TryReceive([NotNullWhen(true)] out CapturedFrame? frame)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        frame = null;
        while (frame is null)
        {
            var taken = ring.Take();
            if (taken is null)
            {
                return false;
            }

            var from = (PacketSocketCalls.LinkAddress*)((byte*)taken + RingFrameHeader);

            // On the loopback interface each frame is there twice, sent and received.
            if (from->HardwareType != HardwareLoopback || from->PacketType != (byte)LinuxPacketType.FromThisHost)
            {
                frame = Frame(taken, from);
            }
        }

        received++;
        return true;
    }

    public void Wake() => wakeUp.Signal();

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            if (socket is { IsInvalid: false })
            {
                _ = Statistics;
            }

            ring?.Dispose();
            socket?.Dispose();
            wakeUp.Dispose();
        }
    }

    internal static NetException Failure(int errno, string message) => new(Linux.ErrorOf(errno), errno, message);

    internal static NetException NoInterface(string name, int errno, Exception? innerException = null) => new(
        NetError.InterfaceNotFound,
        errno,
        $"This host has no interface '{name}'. It has {string.Join(", ", CaptureDevice.Interfaces().Select(each => each.Name))}.",
        innerException);

    internal static NetException NoRight(string name, int errno) => NeedsRight($"Capturing on {name}", errno);

    internal static NetException NeedsRight(string what, int errno) => NetException.NeedsCapability(what, "CAP_NET_RAW", errno);

    private static int Milliseconds(TimeSpan duration) =>
        duration <= TimeSpan.Zero ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(duration.TotalMilliseconds));

    private static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static int IndexOf(string name)
    {
        if (name == CaptureDevice.AnyInterface)
        {
            return 0;
        }

        var index = Encoding.UTF8.GetByteCount(name) <= LongestName ? PacketSocketCalls.InterfaceIndex(name) : 0;
        return index != 0 ? (int)index : throw NoInterface(name, PacketSocketCalls.NoSuchDevice);
    }

    private static SafePacketSocket Open(int type, string name)
    {
        var opened = PacketSocketCalls.Socket(PacketSocketCalls.FamilyPacket, type | PacketSocketCalls.CloseOnExec, 0);
        if (!opened.IsInvalid)
        {
            return opened;
        }

        var errno = Marshal.GetLastPInvokeError();
        opened.Dispose();
        throw Linux.ErrorOf(errno) switch
        {
            NetError.AccessDenied => NoRight(name, errno),
            NetError.NotSupported => Failure(errno, "The kernel has no packet sockets. Capture with libpcap, or on another host."),
            _ => Failure(errno, "No packet socket can be had."),
        };
    }

    /// <summary>The kind and link-layer address of an interface that is up.</summary>
    private static (ushort Hardware, Octets Address) Ask(SafePacketSocket asking, string name)
    {
        var request = new PacketSocketCalls.InterfaceRequest();
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.Name, LongestName));
        if (PacketSocketCalls.Control(asking, PacketSocketCalls.GetFlags, &request) != 0)
        {
            throw NoInterface(name, Marshal.GetLastPInvokeError());
        }

        if ((request.Value & PacketSocketCalls.IsUp) == 0)
        {
            throw new NetException(NetError.InterfaceNotFound, 0, $"The interface {name} is down. 'ip link set {name} up' brings it up.");
        }

        return PacketSocketCalls.Control(asking, PacketSocketCalls.GetHardwareAddress, &request) == 0
            ? (request.Value, Octets.Create(new ReadOnlySpan<byte>(request.Address, 6)))
            : throw NoInterface(name, Marshal.GetLastPInvokeError());
    }

    private void Attach(FilterInstruction[] instructions)
    {
        fixed (FilterInstruction* first = instructions)
        {
            var program = new PacketSocketCalls.Program { Length = (ushort)instructions.Length, Instructions = first };
            if (PacketSocketCalls.SetOption(
                socket, PacketSocketCalls.LevelSocket, PacketSocketCalls.AttachFilter, &program, (uint)sizeof(PacketSocketCalls.Program)) != 0)
            {
                throw new NetException(
                    NetError.FilterNotUnderstood, Marshal.GetLastPInvokeError(), $"The kernel does not take the filter '{Interface.Filter}'. Capture with libpcap.");
            }
        }
    }

    private void SetIncomingOnly()
    {
        var on = 1;
        if (PacketSocketCalls.SetOption(socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.IgnoreOutgoing, &on, sizeof(int)) != 0)
        {
            throw Failure(Marshal.GetLastPInvokeError(), "The kernel cannot capture what comes in alone: that is there since Linux 4.20.");
        }
    }

    private void SetPromiscuous(int index)
    {
        var membership = new PacketSocketCalls.Membership { Interface = index, Type = PacketSocketCalls.MembershipPromiscuous };
        if (PacketSocketCalls.SetOption(
            socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.AddMembership, &membership, (uint)sizeof(PacketSocketCalls.Membership)) != 0)
        {
            throw Failure(Marshal.GetLastPInvokeError(), $"The interface {Interface.Name} cannot be made promiscuous.");
        }
    }

    private WaitResult Poll(int milliseconds)
    {
        if (wakeUp.Poll(socket, milliseconds, out var returned, out var signalled) && (returned & Linux.Error) != 0)
        {
            TakeError();
        }

        return signalled ? WaitResult.Woken : WaitResult.TimedOut;
    }

    /// <summary>An interface that went down may come up again; one that was removed does not.</summary>
    private void TakeError()
    {
        int errno;
        uint length = sizeof(int);
        if (PacketSocketCalls.GetOption(socket, PacketSocketCalls.LevelSocket, PacketSocketCalls.SocketError, &errno, &length) == 0 && errno != 0
            && (errno != PacketSocketCalls.NetworkDown || PacketSocketCalls.InterfaceIndex(Interface.Name) == 0))
        {
            throw new NetException(NetError.InterfaceNotFound, errno, $"The interface {Interface.Name} was removed while it was captured on.");
        }
    }

    private CapturedFrame Frame(PacketSocketCalls.RingFrame* taken, PacketSocketCalls.LinkAddress* from)
    {
        var octets = new ReadOnlySpan<byte>((byte*)taken + taken->LinkHeader, (int)taken->Captured);
        var hasTag = !isCooked && Interface.LinkType == LinkType.Ethernet && (taken->Status & PacketSocketCalls.FrameStatus.HasVlanTag) != 0
            && octets.Length >= VlanTagAt;
        var all = isCooked ? Octets.Create(Cooked(octets, from)) : hasTag ? Octets.Create(Tagged(octets, taken)) : Octets.Create(octets);
        return new CapturedFrame
        {
            Number = ++frames,
            Time = DateTimeOffset.UnixEpoch.AddTicks((taken->Seconds * TimeSpan.TicksPerSecond) + (taken->Nanoseconds / TimeSpan.NanosecondsPerTick)),
            Interface = Interface,
            Octets = all,
            OriginalLength = (int)taken->Length + all.Length - octets.Length,
            Flags = FlagsOf(taken->Status, (LinuxPacketType)from->PacketType),
        };
    }

    private static CapturedFrameFlags FlagsOf(PacketSocketCalls.FrameStatus status, LinuxPacketType packetType) =>
        (packetType == LinuxPacketType.FromThisHost ? CapturedFrameFlags.Outbound : CapturedFrameFlags.Inbound)
        | ((status & PacketSocketCalls.FrameStatus.ChecksumNotReady) != 0 ? CapturedFrameFlags.ChecksumNotReady : 0)
        | ((status & PacketSocketCalls.FrameStatus.ChecksumValid) != 0 ? CapturedFrameFlags.ChecksumValid : 0)
        | ((status & PacketSocketCalls.FrameStatus.IsTcpSegmentation) != 0 ? CapturedFrameFlags.TcpSegmentationOffloaded : 0);

    private static byte[] Cooked(ReadOnlySpan<byte> packet, PacketSocketCalls.LinkAddress* from)
    {
        var octets = new byte[LinuxCookedVersion2Header.Fields.Layout.Length + packet.Length];
        new LinuxCookedVersion2Header
        {
            ProtocolType = (EtherType)BigEndian(from->Protocol),
            InterfaceIndex = (uint)from->Interface,
            ArphrdType = from->HardwareType,
            PacketType = (LinuxPacketType)from->PacketType,
            LinkLayerAddressLength = from->Length,
            LinkLayerAddress = Octets.Create(new ReadOnlySpan<byte>(from->Address, 8)),
        }.Write(octets);
        packet.CopyTo(octets.AsSpan(LinuxCookedVersion2Header.Fields.Layout.Length));
        return octets;
    }

    /// <summary>Puts the VLAN tag back that the kernel took out.</summary>
    private static byte[] Tagged(ReadOnlySpan<byte> frame, PacketSocketCalls.RingFrame* taken)
    {
        var octets = new byte[frame.Length + 4];
        frame[..VlanTagAt].CopyTo(octets);
        var protocol = (taken->Status & PacketSocketCalls.FrameStatus.HasVlanProtocol) != 0 ? taken->VlanProtocol : (ushort)EtherType.CustomerVlanTag;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(VlanTagAt), protocol);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(VlanTagAt + 2), (ushort)taken->VlanTag);
        frame[VlanTagAt..].CopyTo(octets.AsSpan(VlanTagAt + 4));
        return octets;
    }

    /// <summary>Reads the counters of the kernel, which reading sets to zero.</summary>
    private void Count()
    {
        PacketSocketCalls.RingCounters counters;
        var length = (uint)sizeof(PacketSocketCalls.RingCounters);
        try
        {
            if (PacketSocketCalls.GetOption(socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.Counters, &counters, &length) == 0)
            {
                dropped += counters.Drops;
            }
        }
        catch (ObjectDisposedException)
        {
            // The capture is over; what was counted stands.
        }
    }
}
