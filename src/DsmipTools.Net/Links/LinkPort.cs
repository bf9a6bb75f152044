using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Links;

/// <summary>
/// A packet socket at an interface: it receives what comes to the interface and sends by it, each frame with the header that says what of checksum and
/// segmentation is left to be done (struct virtio_net_hdr). It belongs to the network namespace of the thread that opens it.
/// </summary>
internal sealed unsafe class LinkPort : IDisposable
{
    /// <summary>Octets of the header in front of each frame.</summary>
    public const int HeaderLength = 10;

    private const int VirtualNetHeader = 15;
    private const int ReceiveBufferForced = 33;
    private const int ReceiveBuffer = 8;
    private const int BufferSize = 8 << 20;

    private long dropped;

    /// <summary>Opens a port.</summary>
    /// <param name="number">Its number on the link.</param>
    /// <param name="interfaceIndex">The interface.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public LinkPort(int number, int interfaceIndex)
    {
        Number = number;
        Socket = PacketSocketCalls.Socket(PacketSocketCalls.FamilyPacket, PacketSocketCalls.TypeRaw | PacketSocketCalls.CloseOnExec, 0);
        if (Socket.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            Socket.Dispose();
            throw Linux.ErrorOf(errno) == NetError.AccessDenied
                ? NetException.NeedsCapability("A link with delay or loss", "CAP_NET_RAW", errno)
                : new NetException(Linux.ErrorOf(errno), errno, "No packet socket can be had for a link with delay or loss.");
        }

        try
        {
            Set(PacketSocketCalls.LevelPacket, VirtualNetHeader, 1);
            Set(PacketSocketCalls.LevelPacket, PacketSocketCalls.IgnoreOutgoing, 1);
            if (!TrySet(PacketSocketCalls.LevelSocket, ReceiveBufferForced, BufferSize))
            {
                Set(PacketSocketCalls.LevelSocket, ReceiveBuffer, BufferSize);
            }

            var address = new PacketSocketCalls.LinkAddress
            {
                Family = PacketSocketCalls.FamilyPacket,
                Protocol = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(PacketSocketCalls.AllProtocols) : PacketSocketCalls.AllProtocols,
                Interface = interfaceIndex,
            };
            if (PacketSocketCalls.Bind(Socket, &address, (uint)sizeof(PacketSocketCalls.LinkAddress)) != 0)
            {
                throw Failure();
            }
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public int Number { get; }

    public SafePacketSocket Socket { get; }

    /// <summary>Frames that the kernel lost because they came faster than they were taken.</summary>
    public long Dropped
    {
        get
        {
            PacketSocketCalls.RingCounters counters = default;
            uint length = 8;
            // Reading sets the kernel's counters to zero.
            return PacketSocketCalls.GetOption(Socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.Counters, &counters, &length) == 0
                ? Interlocked.Add(ref dropped, counters.Drops)
                : Interlocked.Read(ref dropped);
        }
    }

    /// <summary>Receives a frame with its header, if there is one. An interface that is down has none.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Linux.ReceiveFrom(Socket, start, (nuint)buffer.Length, Linux.DoNotWait, null, null);
        }
    }

    /// <summary>Sends a frame with its header; false when the interface does not take it, because it is down or its MTU is smaller.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
        {
            return Linux.SendTo(Socket, start, (nuint)frame.Length, Linux.DoNotWait, null, 0) >= 0;
        }
    }

    public void Dispose() => Socket.Dispose();

    private static NetException Failure()
    {
        var errno = Marshal.GetLastPInvokeError();
        return new NetException(errno == PacketSocketCalls.NoSuchDevice ? NetError.InterfaceNotFound : Linux.ErrorOf(errno), errno, "A port of a link cannot be opened.");
    }

    private bool TrySet(int level, int option, int value) => PacketSocketCalls.SetOption(Socket, level, option, &value, sizeof(int)) == 0;

    private void Set(int level, int option, int value)
    {
        if (!TrySet(level, option, value))
        {
            throw Failure();
        }
    }
}
