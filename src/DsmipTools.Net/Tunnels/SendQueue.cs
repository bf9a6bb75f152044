using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// Packets that leave by one call. Datagrams of one UDP tunnel that are as long as each other leave as one, and are parted as late as the kernel or
/// the interface can do it (UDP_SEGMENT): each is a datagram of its own on the wire.
/// </summary>
internal sealed unsafe class SendQueue
{
    private const int Capacity = 128;
    private const int VectorCapacity = 1024;
    private const int Room = 128 << 10;
    private const int LongestAddress = 28;

    // Up to three control messages of a number each.
    private const int ControlSize = 72;
    private const int ControlLength = 24;
    private const int TrafficClassIPv4 = 1;
    private const int TrafficClassIPv6 = 67;
    private const int HopLimitIPv4 = 2;
    private const int HopLimitIPv6 = 52;

    // UDP_MAX_SEGMENTS, and what an IPv4 packet has room for behind its headers and UDP's.
    private const int MostSegments = 64;
    private const int LongestDatagram = 65_487;

    private readonly PinnedArray<BatchCalls.Message> messages = new(Capacity);
    private readonly PinnedArray<Linux.Vector> vectors = new(VectorCapacity);
    private readonly PinnedArray<byte> addresses = new(Capacity * LongestAddress);
    private readonly PinnedArray<byte> controls = new(Capacity * ControlSize);
    private readonly PinnedArray<byte> room = new(Room);
    private readonly Entry[] entries = new Entry[Capacity];
    private SafePacketSocket? socket;
    private int count;
    private int vectorCount;
    private int used;

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => count == 0;

    /// <summary>True when what comes next leaves by another socket, or has no room.</summary>
    /// <param name="by">The socket.</param>
    /// <param name="octets">What <see cref="Take"/> has to give.</param>
    public bool HasToLeave(SafePacketSocket by, int octets) =>
        count > 0 && (socket != by || count == Capacity || vectorCount + 2 > VectorCapacity || used + octets > Room);

    /// <summary>Octets that stay until the queue is empty again.</summary>
    public Span<byte> Take(int octets)
    {
        var taken = room.Slice(used, octets);
        used += octets;
        return taken;
    }

    /// <summary>Queues a packet, or the payload of a datagram of UDP.</summary>
    /// <param name="by">The socket that it leaves by.</param>
    /// <param name="way">Where it goes.</param>
    /// <param name="head">Its start, from <see cref="Take"/>.</param>
    /// <param name="rest">What comes behind that.</param>
    public void Add(SafePacketSocket by, in Way way, ReadOnlySpan<byte> head, Linux.Vector rest)
    {
        socket = by;
        var length = head.Length + (int)rest.Length;
        if (!TryJoin(way, length))
        {
            Begin(way, length);
        }

        ref var entry = ref entries[count - 1];
        entry.Packets++;
        entry.Octets += length - way.Overhead;
        ref var header = ref messages[count - 1].Header;
        Append(ref header, new Linux.Vector { Start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(head)), Length = (nuint)head.Length });
        if (rest.Length > 0)
        {
            Append(ref header, rest);
        }
    }

    /// <summary>Sends what waits.</summary>
    /// <param name="traffic">Is told what became of it.</param>
    public void Flush(ITunnelTraffic traffic)
    {
        var done = 0;
        while (done < count)
        {
            var sent = BatchCalls.Send(socket!, messages.Start + done, (uint)(count - done), Linux.DoNotWait | Linux.NoSignal);
            if (sent > 0)
            {
                for (var i = 0; i < sent; i++)
                {
                    Tell(traffic, done++, null);
                }
            }
            else if (Marshal.GetLastPInvokeError() is not Linux.Interrupted and var errno)
            {
                if (entries[done].Packets > 1 && errno is not (Linux.WouldBlock or Linux.NoBuffers))
                {
                    SendOneByOne(traffic, done++);
                }
                else
                {
                    Tell(traffic, done++, Linux.ErrorOf(errno));
                }
            }
        }

        Array.Clear(entries, 0, count);
        (count, vectorCount, used) = (0, 0, 0);
    }

    private void Tell(ITunnelTraffic traffic, int at, NetError? error)
    {
        ref var entry = ref entries[at];
        traffic.Sent(entry.Owner, entry.Packets, entry.Octets, error);
    }

    /// <summary>Where neither the kernel nor the interface can part datagrams, or where they are to be fragmented.</summary>
    private void SendOneByOne(ITunnelTraffic traffic, int at)
    {
        ref var entry = ref entries[at];
        var message = messages[at];
        var next = message.Header.Vectors;
        var end = next + message.Header.VectorCount;
        message.Header.ControlLength = 2 * ControlLength;
        while (next < end)
        {
            message.Header.Vectors = next;
            nuint length = 0;
            while (next < end && length < (nuint)entry.Size)
            {
                length += next++->Length;
            }

            message.Header.VectorCount = (nuint)(next - message.Header.Vectors);
            int errno;
            do
            {
                errno = BatchCalls.Send(socket!, &message, 1, Linux.DoNotWait | Linux.NoSignal) > 0 ? 0 : Marshal.GetLastPInvokeError();
            }
            while (errno == Linux.Interrupted);
            traffic.Sent(entry.Owner, 1, (int)length - entry.Overhead, errno == 0 ? null : Linux.ErrorOf(errno));
        }
    }

    /// <summary>True when a datagram leaves in one with the last: the same way, and none before it was shorter.</summary>
    private bool TryJoin(in Way way, int length)
    {
        if (!way.IsUdp || count == 0)
        {
            return false;
        }

        ref var entry = ref entries[count - 1];
        ref var header = ref messages[count - 1].Header;
        if (length > entry.Size || entry.IsClosed || entry.Packets == MostSegments || entry.Total + length > LongestDatagram
            || entry.Owner != way.Owner || entry.TrafficClass != way.TrafficClass || entry.HopLimit != way.HopLimit
            || !way.Address.SequenceEqual(new ReadOnlySpan<byte>(header.Address, (int)header.AddressLength)))
        {
            return false;
        }

        if (entry.Packets == 1)
        {
            WriteControl((byte*)header.Control + header.ControlLength, BatchCalls.LevelUdp, BatchCalls.UdpSegment, sizeof(ushort), entry.Size);
            header.ControlLength += ControlLength;
        }

        entry.IsClosed = length < entry.Size;
        entry.Total += length;
        return true;
    }

    private void Begin(in Way way, int length)
    {
        var address = addresses.Start + (count * LongestAddress);
        way.Address.CopyTo(new Span<byte>(address, LongestAddress));
        var control = controls.Start + (count * ControlSize);
        var isIPv4 = way.Address.Length < LongestAddress;
        if (way.IsUdp)
        {
            var level = isIPv4 ? Linux.LevelIPv4 : Linux.LevelIPv6;
            WriteControl(control, level, isIPv4 ? TrafficClassIPv4 : TrafficClassIPv6, sizeof(int), way.TrafficClass);
            WriteControl(control + ControlLength, level, isIPv4 ? HopLimitIPv4 : HopLimitIPv6, sizeof(int), way.HopLimit);
        }

        messages[count].Header = new Linux.MessageHeader
        {
            Address = address,
            AddressLength = (uint)way.Address.Length,
            Vectors = vectors.Start + vectorCount,
            Control = control,
            ControlLength = way.IsUdp ? 2 * ControlLength : (nuint)0,
        };
        entries[count] = new Entry { Owner = way.Owner, Overhead = way.Overhead, TrafficClass = way.TrafficClass, HopLimit = way.HopLimit, Size = length, Total = length };
        count++;
    }

    private void Append(ref Linux.MessageHeader header, Linux.Vector vector)
    {
        vectors[vectorCount++] = vector;
        header.VectorCount++;
    }

    /// <summary>A control message of one number; all of them have the same room.</summary>
    private static void WriteControl(byte* control, int level, int type, int size, int value)
    {
        *(Linux.ControlHeader*)control = new Linux.ControlHeader { Length = (nuint)(sizeof(Linux.ControlHeader) + size), Level = level, Type = type };
        *(long*)(control + sizeof(Linux.ControlHeader)) = 0;
        if (size == sizeof(ushort))
        {
            *(ushort*)(control + sizeof(Linux.ControlHeader)) = (ushort)value;
        }
        else
        {
            *(int*)(control + sizeof(Linux.ControlHeader)) = value;
        }
    }

    /// <summary>How a packet leaves.</summary>
    /// <param name="owner">Who queued it.</param>
    /// <param name="address">The address of its destination, as sockets take it.</param>
    /// <param name="isUdp">Whether the socket puts IP and UDP headers in front of it.</param>
    /// <param name="trafficClass">DSCP and ECN for those.</param>
    /// <param name="hopLimit">The TTL or hop limit for them.</param>
    /// <param name="overhead">Octets in front of the packet inside.</param>
    public readonly ref struct Way(object owner, ReadOnlySpan<byte> address, bool isUdp, byte trafficClass, byte hopLimit, int overhead)
    {
        public object Owner { get; } = owner;

        public ReadOnlySpan<byte> Address { get; } = address;

        public bool IsUdp { get; } = isUdp;

        public byte TrafficClass { get; } = trafficClass;

        public byte HopLimit { get; } = hopLimit;

        public int Overhead { get; } = overhead;
    }

    /// <summary>What is known of a message: one packet, or several datagrams.</summary>
    private struct Entry
    {
        public object Owner;
        public int Overhead;
        public int Packets;
        public int Octets;
        public int Size;
        public int Total;
        public byte TrafficClass;
        public byte HopLimit;
        public bool IsClosed;
    }
}
