using System.Runtime.InteropServices;

namespace DsmipTools.Net.Capture;

/// <summary>
/// The ring of blocks that the kernel fills and this process reads (TPACKET_V3): no copy and no call per frame. A block is handed over when it
/// is full or its time is over, and goes back when the next one is looked at.
/// </summary>
internal sealed unsafe class PacketRing : SafeHandle
{
    /// <summary>How long the kernel keeps a block that is not full.</summary>
    public const int RetireMilliseconds = 20;

    private const int BlockSize = 1 << 18;
    private const int FewestBlocks = 4;
    private const int MostBlocks = 1 << 12;

    private readonly uint blocks;
    private uint current;
    private uint framesLeft;
    private PacketSocketCalls.RingFrame* next;

    private PacketRing(nint start, uint blocks)
        : base(-1, true)
    {
        SetHandle(start);
        this.blocks = blocks;
    }

    public override bool IsInvalid => handle is 0 or -1;

    /// <summary>Gives a socket a ring of about a size, or a smaller one where memory is short.</summary>
    public static PacketRing Create(SafePacketSocket socket, int size)
    {
        var version = PacketSocketCalls.Version3;
        if (PacketSocketCalls.SetOption(socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.Version, &version, sizeof(int)) != 0)
        {
            throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The kernel has no ring for packet sockets (TPACKET_V3).");
        }

        for (var blocks = (uint)Math.Clamp(size / BlockSize, FewestBlocks, MostBlocks); ; blocks /= 2)
        {
            var request = new PacketSocketCalls.RingRequest
            {
                BlockSize = BlockSize,
                BlockCount = blocks,
                FrameSize = BlockSize,
                FrameCount = blocks,
                RetireMilliseconds = RetireMilliseconds,
            };
            if (PacketSocketCalls.SetOption(
                socket, PacketSocketCalls.LevelPacket, PacketSocketCalls.ReceiveRing, &request, (uint)sizeof(PacketSocketCalls.RingRequest)) == 0)
            {
                var ring = new PacketRing(
                    PacketSocketCalls.Map(0, BlockSize * (nuint)blocks, PacketSocketCalls.ReadWrite, PacketSocketCalls.Shared, socket, 0), blocks);
                return !ring.IsInvalid ? ring : throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The ring of a packet socket cannot be mapped.");
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno != PacketSocketCalls.NoMemory || blocks <= FewestBlocks)
            {
                throw PacketSocketDevice.Failure(errno, "The kernel gives no memory for the ring of a packet socket.");
            }
        }
    }

    /// <summary>True when a frame can be taken.</summary>
    public bool HasFrame => framesLeft > 0 || IsReady(Current());

    /// <summary>The next frame, or null. It stands until the next call.</summary>
    public PacketSocketCalls.RingFrame* Take()
    {
        var block = Current();
        if (framesLeft == 0)
        {
            // An empty block is possible: its time was over, and nothing had come.
            if (next is not null)
            {
                Volatile.Write(ref block->Status, 0);
                current = (current + 1) % blocks;
                next = null;
                block = Current();
            }

            if (!IsReady(block))
            {
                return null;
            }

            framesLeft = block->FrameCount;
            next = (PacketSocketCalls.RingFrame*)((byte*)block + block->FirstFrame);
            if (framesLeft == 0)
            {
                return null;
            }
        }
        else
        {
            next = (PacketSocketCalls.RingFrame*)((byte*)next + next->Next);
        }

        framesLeft--;
        return next;
    }

    protected override bool ReleaseHandle() => PacketSocketCalls.Unmap(handle, BlockSize * (nuint)blocks) == 0;

    private static bool IsReady(PacketSocketCalls.Block* block) => (Volatile.Read(ref block->Status) & (uint)PacketSocketCalls.FrameStatus.OfUser) != 0;

    private PacketSocketCalls.Block* Current() => (PacketSocketCalls.Block*)(handle + (nint)current * BlockSize);
}
