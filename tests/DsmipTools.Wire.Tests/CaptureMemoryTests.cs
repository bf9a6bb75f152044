using DsmipTools.Wire.Capture;

namespace DsmipTools.Wire.Tests;

/// <summary>The heap of the process: no other test may run beside.</summary>
[CollectionDefinition(nameof(CaptureMemoryTests), DisableParallelization = true)]
[Collection(nameof(CaptureMemoryTests))]
public class CaptureMemoryTests
{
    public static TheoryData<string> Formats => ["pcap", "pcapng"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_heap_does_not_grow_with_the_file(string format)
    {
        using var reader = CaptureReader.Open(new Endless(format == "pcap" ? Pcap : Pcapng));
        var octets = ReadSome(reader, 10_000);
        var early = GC.GetTotalMemory(forceFullCollection: true);
        octets += ReadSome(reader, 1_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - early, long.MinValue, 500_000);
        Assert.Equal(60 * 1_010_000, octets);
    }

    private static long ReadSome(CaptureReader reader, int frames)
    {
        long octets = 0;
        for (; frames > 0; frames--)
        {
            Assert.True(reader.TryRead(out var frame));
            octets += frame.Octets.Length;
        }

        return octets;
    }

    private static void Pcap(Stream stream, int frames)
    {
        using var writer = new PcapWriter(stream, LinkType.Raw, leaveOpen: true);
        for (; frames > 0; frames--)
        {
            writer.Write(DateTimeOffset.UnixEpoch, new byte[60]);
        }
    }

    private static void Pcapng(Stream stream, int frames)
    {
        using var writer = new PcapngWriter(stream, leaveOpen: true);
        var id = writer.AddInterface("endless");
        for (; frames > 0; frames--)
        {
            writer.Write(id, DateTimeOffset.UnixEpoch, new byte[60], "a comment");
        }
    }

    /// <summary>A capture without frames, and then the octets of a frame again and again.</summary>
    private sealed class Endless : MemoryStream
    {
        private readonly byte[] body;
        private readonly int head;
        private int at;

        public Endless(Action<Stream, int> write)
        {
            using var empty = new MemoryStream();
            write(empty, 0);
            head = (int)empty.Length;
            using var one = new MemoryStream();
            write(one, 1);
            body = one.ToArray();
        }

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, body.Length - at);
            body.AsSpan(at, count).CopyTo(buffer);
            at += count;
            at = at == body.Length ? head : at;
            return count;
        }
    }
}
