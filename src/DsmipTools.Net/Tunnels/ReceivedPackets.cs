using System.Runtime.InteropServices;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// What one call received: up to <see cref="Capacity"/> packets with their addresses, each of which may be several datagrams of UDP that came as one
/// (UDP_GRO).
/// </summary>
internal sealed unsafe class ReceivedPackets
{
    /// <summary>How many are received at once.</summary>
    public const int Capacity = 32;

    /// <summary>Octets that are free in front of each: IPv6 and UDP headers.</summary>
    public const int Headroom = 48;

    private const int Few = 2;
    private const int Long = 16 << 10;

    // No multiple of what the processor's caches are addressed by, or all packets would share a few lines of them.
    private const int Room = Headroom + 65_536 + 2048;
    private const int LongestAddress = 28;
    private const int ControlSize = 128;

    private readonly PinnedArray<byte> buffers = new(Capacity * Room);
    private readonly PinnedArray<byte> addresses = new(Capacity * LongestAddress);
    private readonly PinnedArray<byte> controls = new(Capacity * ControlSize);
    private readonly PinnedArray<Linux.Vector> vectors = new(Capacity);
    private readonly PinnedArray<BatchCalls.Message> messages = new(Capacity);

    public ReceivedPackets()
    {
        for (var i = 0; i < Capacity; i++)
        {
            vectors[i] = new Linux.Vector { Start = buffers.Start + (i * Room) + Headroom, Length = Room - Headroom };
            messages[i].Header = new Linux.MessageHeader
            {
                Address = addresses.Start + (i * LongestAddress),
                Vectors = vectors.Start + i,
                VectorCount = 1,
                Control = controls.Start + (i * ControlSize),
            };
        }
    }

    public BatchCalls.Message* Messages => messages.Start;

    public int Count { get; set; }

    /// <summary>How many the next call is to receive: few where they are long, so that they stay in the caches of the processor.</summary>
    public int Wanted { get; private set; } = Capacity;

    /// <summary>Makes it ready for a call, which writes over what is given back here.</summary>
    public void Prepare()
    {
        Wanted = Count > 0 && LengthOf(0) > Long ? Few : Capacity;
        for (var i = 0; i < Capacity; i++)
        {
            messages[i].Header.AddressLength = LongestAddress;
            messages[i].Header.ControlLength = ControlSize;
        }

        Count = 0;
    }

    public ReadOnlySpan<byte> AddressOf(int at) => addresses.Slice(at * LongestAddress, (int)messages[at].Header.AddressLength);

    public ReadOnlySpan<byte> ControlOf(int at) => controls.Slice(at * ControlSize, (int)messages[at].Header.ControlLength);

    /// <summary>Octets of each datagram in a packet, the last one of which may be shorter.</summary>
    public int SegmentOf(int at)
    {
        var length = (int)messages[at].Length;
        var control = ControlOf(at);
        while (control.Length >= sizeof(Linux.ControlHeader) + sizeof(int))
        {
            var header = MemoryMarshal.Read<Linux.ControlHeader>(control);
            if (header is { Level: BatchCalls.LevelUdp, Type: BatchCalls.UdpReceiveOffload })
            {
                var size = MemoryMarshal.Read<int>(control[sizeof(Linux.ControlHeader)..]);
                return size > 0 ? Math.Min(size, length) : length;
            }

            control = control[Math.Min(control.Length, Math.Max(sizeof(Linux.ControlHeader), ((int)header.Length + nint.Size - 1) / nint.Size * nint.Size))..];
        }

        return length;
    }

    /// <summary>Room for headers, and a datagram behind it.</summary>
    /// <param name="at">The packet.</param>
    /// <param name="offset">Where the datagram begins in it; in front of another than the first, the room is the end of the one before.</param>
    /// <param name="headers">Octets of the room.</param>
    /// <param name="segment">What <see cref="SegmentOf"/> said.</param>
    public Span<byte> Frame(int at, int offset, int headers, int segment) => new(
        vectors[at].Start + offset - headers, headers + Math.Min(segment, (int)messages[at].Length - offset));

    /// <summary>Octets of a packet.</summary>
    public int LengthOf(int at) => (int)messages[at].Length;
}
