using System.Buffers.Binary;
using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Capture files: what we write is read by us and by others; what others write, and what is broken, is read as far as it goes.</summary>
public class PcapngTests
{
    private static readonly DateTimeOffset Start = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1234567);

    [Fact]
    public void Frames_come_back_as_they_were_written()
    {
        var frames = Read(new MemoryStream(Written()));
        Assert.Equal([1, 2, 3], frames.Select(frame => frame.Number));
        Assert.Equal(["lma1", "mag1", "lma1"], frames.Select(frame => frame.InterfaceName));
        Assert.Equal([LinkType.Raw, LinkType.Ethernet, LinkType.Raw], frames.Select(frame => frame.LinkType));
        Assert.Equal(["a1", "b1b2b3b4b5", ""], frames.Select(frame => frame.Octets.ToString()));
        Assert.Equal([1, 5, 1500], frames.Select(frame => frame.OriginalLength));
        Assert.Equal([null, "the second\u00e9", null], frames.Select(frame => frame.Comment));
        Assert.Equal([Start, new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1234560), DateTimeOffset.UnixEpoch], frames.Select(frame => frame.Time));
    }

    [Fact]
    public void The_same_frames_give_the_same_file() => Assert.Equal(Written(), Written());

    [Fact]
    public void The_file_is_as_the_format_says()
    {
        var octets = Written();
        Assert.Equal(
            "0a0d0d0a" + "1c000000" + "4d3c2b1a" + "01000000" + "ffffffffffffffff" + "1c000000"
            + "01000000" + "28000000" + "65000000" + "00000000" + "02000400" + "6c6d6131" + "09000100" + "09000000" + "00000000" + "28000000",
            Convert.ToHexStringLower(octets.AsSpan(0, 68)));
    }

    [Fact]
    public void capinfos_and_tshark_read_the_file()
    {
        using var file = new TemporaryFile(Written());
        Assert.Equal($"{file.Path}\t3\n", ExternalTool.Run("capinfos", "-T", "-r", "-c", file.Path));
        var lines = ExternalTool.Run(
            "tshark", "-r", file.Path, "-T", "fields", "-e", "frame.number", "-e", "frame.interface_name", "-e", "frame.time_epoch",
            "-e", "frame.len", "-e", "frame.cap_len", "-e", "frame.comment").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
        [
            string.Create(CultureInfo.InvariantCulture, $"1\tlma1\t{Start.ToUnixTimeSeconds()}.123456700\t1\t1\t"),
            string.Create(CultureInfo.InvariantCulture, $"2\tmag1\t{Start.ToUnixTimeSeconds()}.123456000\t5\t5\tthe second\u00e9"),
            "3\tlma1\t0.000000000\t1500\t0\t",
        ], lines);
    }

    [Fact]
    public void A_file_cut_at_any_octet_gives_the_frames_before_the_cut_and_then_an_error_with_the_place()
    {
        var whole = Written();
        var blocks = Blocks(whole);
        for (var length = 0; length < whole.Length; length++)
        {
            var (frames, error) = ReadAll(new MemoryStream(whole, 0, length));
            Assert.Equal(blocks.Count(block => block.Type == 6 && block.End <= length), frames.Count);
            Assert.Equal(length > 0 && blocks.Any(block => block.End == length), error is null);
            Assert.Equal(error is null ? null : length, error?.Position);
        }
    }

    [Theory]
    [InlineData(4, 0x7FFFFFFCu, 4)] // The section header.
    [InlineData(28 + 4, 0x7FFFFFFCu, 28 + 4)] // The first interface.
    [InlineData(28 + 4, 13u, 28 + 4)]
    [InlineData(28 + 4, 8u, 28 + 4)]
    [InlineData(12, 2u, 12)] // The version.
    [InlineData(8, 0u, 8)] // The byte order.
    [InlineData(28 + 36, 0x24u, 28 + 36)] // The length at the end of the interface.
    [InlineData(28 + 18, 0x7FFFu, 28 + 18)] // The length of its name.
    public void A_wrong_field_is_an_error_with_its_place(int at, uint value, long position)
    {
        var octets = Written();
        if (at == 28 + 18)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(at), (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(at), value);
        }

        var (frames, error) = ReadAll(new MemoryStream(octets));
        Assert.Empty(frames);
        Assert.Equal(at == 4 ? octets.Length : position, error!.Position);
        Assert.Contains(error.Position.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 7u)] // Interface 7.
    [InlineData(20, 0x7FFFFFFFu)] // A frame of 2 GB.
    [InlineData(20, 5u)] // A frame that is longer than its block.
    [InlineData(4, 0x7FFFFFFCu)] // A block of 2 GB.
    public void A_wrong_packet_block_stops_after_the_good_frames_and_allocates_little(int at, uint value)
    {
        var octets = Written();
        var third = Blocks(octets).Last();
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(third.Start + at), value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (frames, error) = ReadAll(new MemoryStream(octets));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(2, frames.Count);
        Assert.Equal(third.Start + at, error!.Position);
    }

    [Fact]
    public void An_unknown_block_of_2_GB_is_skipped_without_holding_it()
    {
        byte[] unknown = [0xAD, 0x0B, 0, 0, 0xFC, 0xFF, 0xFF, 0x7F, 1, 2, 3, 4];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (frames, error) = ReadAll(new MemoryStream([.. Written(), .. unknown]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(3, frames.Count);
        Assert.Equal(Written().Length + unknown.Length, error!.Position);
    }

    [Fact]
    public void Unknown_blocks_are_skipped_and_several_sections_are_read()
    {
        byte[] unknown = [0xAD, 0x0B, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 16, 0, 0, 0];
        var frames = Read(new MemoryStream([.. Written(), .. unknown, .. Written()]));
        Assert.Equal([1, 2, 3, 4, 5, 6], frames.Select(frame => frame.Number));
        Assert.Equal(frames[0].Octets, frames[3].Octets);
        Assert.Equal("lma1", frames[5].InterfaceName);
    }

    [Theory]
    [InlineData(6, 1_700_000_000_123_456UL, 1_234_560)]
    [InlineData(9, 1_700_000_000_123_456_789UL, 1_234_567)]
    [InlineData(0, 1_700_000_000UL, 0)]
    [InlineData(12, 17_000_000_000UL, null)] // 0.017 s after the epoch.
    [InlineData(0x80 | 16, 1_700_000_000UL << 16 | 0x8000, 5_000_000)]
    [InlineData(127, ulong.MaxValue, null)]
    public void Big_endian_files_and_other_resolutions(byte resolution, ulong timestamp, int? ticks)
    {
        var expected = ticks is { } some
            ? DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddTicks(some)
            : DateTimeOffset.UnixEpoch.AddTicks(resolution == 12 ? 170_000 : 0);
        var frame = Assert.Single(Read(new MemoryStream(BigEndian(resolution, timestamp, 0))));
        Assert.Equal(expected, frame.Time);
        Assert.Equal("eth0", frame.InterfaceName);
        Assert.Equal("c0ffee", frame.Octets.ToString());
        Assert.Equal(LinkType.IPv6, frame.LinkType);
    }

    [Fact]
    public void A_time_offset_is_added_and_an_impossible_time_is_an_error()
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(90), Assert.Single(Read(new MemoryStream(BigEndian(0, 100, -10)))).Time);
        Assert.Equal(28 + 56 + 12, ReadAll(new MemoryStream(BigEndian(0, ulong.MaxValue, 0))).Error!.Position);
    }

    [Fact]
    public void A_simple_packet_block_is_a_frame_without_a_time()
    {
        byte[] simple = [3, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0xC0, 0xFF, 0xEE, 0, 20, 0, 0, 0];
        var frame = Read(new MemoryStream([.. Written(), .. simple]))[3];
        Assert.Equal(("c0ffee", 3, DateTimeOffset.UnixEpoch), (frame.Octets.ToString(), frame.OriginalLength, frame.Time));
    }

    [Fact]
    public void The_obsolete_packet_block_is_a_frame()
    {
        var hex = "02000000" + "28000000" + "0100" + "ffff" + $"{Timestamp(6)}" + "03000000" + "05000000" + "c0ffee00" + "00000000" + "28000000";
        var frame = Read(new MemoryStream([.. Written(), .. Convert.FromHexString(hex)]))[3];
        Assert.Equal(("mag1", "c0ffee", 5, LinkType.Ethernet), (frame.InterfaceName, frame.Octets.ToString(), frame.OriginalLength, frame.LinkType));
        Assert.Equal(Start.AddTicks(-7), frame.Time);

        static string Timestamp(int digits)
        {
            var units = (ulong)((Start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            var octets = new byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(octets, (uint)(units >> 32));
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(4), (uint)units);
            return Convert.ToHexStringLower(octets);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_that_is_said_of_an_interface_and_a_frame_comes_back(bool bigEndian)
    {
        var frames = Read(new MemoryStream(Described(bigEndian)));
        Assert.Equal([.. Enumerable.Repeat(Wire, 3)], frames.Select(frame => frame.Interface));
        Assert.Same(frames[0].Interface, frames[1].Interface);
        Assert.Equal(["first", "second"], frames[0].Comments);
        Assert.Equal("first\nsecond", frames[0].Comment);
        Assert.Equal(
            [CapturedFrameFlags.Outbound | CapturedFrameFlags.ChecksumNotReady, (CapturedFrameFlags)0x80000004, CapturedFrameFlags.None],
            frames.Select(frame => frame.Flags));
        Assert.Equal([Start, Start.AddSeconds(1), Start.AddSeconds(2)], frames.Select(frame => frame.Time));

        using var again = new MemoryStream();
        using (var writer = new PcapngWriter(again, leaveOpen: true, bigEndian))
        {
            var id = writer.AddInterface(frames[0].Interface);
            Assert.All(frames, frame => writer.Write(id, frame));
            writer.WriteStatistics(id, Start, 3, 1);
        }

        Assert.Equal(Described(bigEndian), again.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void capinfos_and_tshark_read_all_that_is_said(bool bigEndian)
    {
        using var file = new TemporaryFile(Described(bigEndian));
        var text = ExternalTool.Run("capinfos", file.Path);
        Assert.Matches($"Number of packets: +3", text);
        foreach (var says in (string[])
            ["Name = wire0", "Description = a wire", "Capture length = 1500", "Filter string = udp port 434", "Operating system = an OS", "Hardware = a card",
                "Speed = 1000000000", "Time precision = nanoseconds (9)", "Encapsulation = Ethernet (1 - ether)", "Comment = of the wire"])
        {
            Assert.Contains(says, text, StringComparison.Ordinal);
        }

        Assert.Equal(
            "first|second\t0x00000202\t1000\n\t0x80000004\t3\n\t\t3\n",
            ExternalTool.Run(
                "tshark", "-r", file.Path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", "-e", "frame.comment", "-e", "frame.packet_flags", "-e", "frame.len"));
    }

    [Fact]
    public void Every_resolution_that_can_say_a_time_says_it()
    {
        int[] writable = [.. Enumerable.Range(0, 256).Where(resolution => TryWrite((byte)resolution, out _))];
        Assert.Equal([.. Enumerable.Range(0, 11), .. Enumerable.Range(0x80, 34)], writable);
        foreach (var resolution in writable)
        {
            Assert.True(TryWrite((byte)resolution, out var file));
            var lost = Math.Abs((Start - Assert.Single(Read(new MemoryStream(file))).Time).TotalSeconds);
            Assert.InRange(lost, 0, resolution < 0x80 ? Math.Pow(10, -resolution) : Math.Pow(2, 0x80 - resolution));
        }

        static bool TryWrite(byte resolution, out byte[] file)
        {
            using var stream = new MemoryStream();
            using var writer = new PcapngWriter(stream, leaveOpen: true);
            var id = writer.AddInterface(new CaptureInterface { LinkType = LinkType.Raw, TimestampResolution = resolution });
            try
            {
                writer.Write(id, Start, [1]);
                return true;
            }
            catch (ArgumentOutOfRangeException)
            {
                return false;
            }
            finally
            {
                file = stream.ToArray();
            }
        }
    }

    [Fact]
    public void Endless_descriptions_of_interfaces_are_an_error()
    {
        byte[] description = [1, 0, 0, 0, 0x18, 0, 1, 0, 101, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xFC, 0xFF, .. new byte[0xFFFC], .. new byte[4], 0x18, 0, 1, 0];
        Assert.Equal(0x10018, description.Length);
        var (frames, error) = ReadAll(new MemoryStream([.. Written(), .. Enumerable.Repeat(description, 100).SelectMany(each => each)]));
        Assert.Equal(3, frames.Count);
        Assert.Contains("descriptions", error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, (error.Position - Written().Length) % description.Length);
    }

    [Theory]
    [InlineData("d4c3b2a1020004000000000000000000", "no pcapng file")]
    [InlineData("", "empty")]
    [InlineData("7b226e616d65223a2022", "no pcapng file")]
    public void A_file_of_another_kind_is_named(string hex, string says)
    {
        var (frames, error) = ReadAll(new MemoryStream(Convert.FromHexString(hex)));
        Assert.Empty(frames);
        Assert.Contains(says, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_error_nothing_more_is_read()
    {
        var octets = Written();
        octets[^1] = 0xFF;
        using var reader = new PcapngReader(new MemoryStream(octets));
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        var first = Assert.Throws<CaptureFormatException>(() => reader.TryRead(out _));
        Assert.Same(first, Assert.Throws<CaptureFormatException>(() => reader.TryRead(out _)));
    }

    [Fact]
    public void A_stream_that_gives_little_at_a_time_is_read() => Assert.Equal(3, Read(new Trickle(Written())).Count);

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using var writer = new PcapngWriter(new MemoryStream());
        var id = writer.AddInterface("lma1");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddInterface("lma2", timestampDigits: 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(id + 1, Start, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(-1, Start, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(id, DateTimeOffset.UnixEpoch.AddTicks(-1), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(id, Start, [1, 2], originalLength: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(id, Start, new byte[PcapngReader.MaximumFrameLength + 1]));
        Assert.Throws<ArgumentException>(() => writer.Write(id, Start, [1], new string('c', 70000)));
    }

    [Fact]
    public void Mutated_files_give_frames_or_a_format_error_and_nothing_else()
    {
        var random = new Random(3);
        var errors = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var octets = Written();
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            }

            var (frames, error) = ReadAll(new MemoryStream(octets));
            Assert.InRange(frames.Count, 0, 3);
            errors += error is null ? 0 : 1;
        }

        Assert.InRange(errors, 5_000, 19_000);
    }

    private static readonly CaptureInterface Wire = new()
    {
        LinkType = LinkType.Ethernet,
        Name = "wire0",
        Description = "a wire",
        Filter = "udp port 434",
        Hardware = "a card",
        OperatingSystem = "an OS",
        LinkLayerAddress = new byte[] { 2, 0, 0, 0, 0, 1 },
        SnapLength = 1500,
        Speed = 1_000_000_000,
        TimestampOffset = 1_000_000,
        Comments = ["of the wire"],
    };

    private static byte[] Described(bool bigEndian)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true, bigEndian))
        {
            var id = writer.AddInterface(Wire);
            var frame = new CapturedFrame { Number = 1, Time = Start, Interface = Wire, Octets = new byte[] { 1, 2, 3 }, OriginalLength = 1000 };
            writer.Write(id, frame with { Comments = ["first", "second"], Flags = CapturedFrameFlags.Outbound | CapturedFrameFlags.ChecksumNotReady });
            writer.Write(id, frame with { OriginalLength = 3, Time = Start.AddSeconds(1), Flags = (CapturedFrameFlags)0x80000004 });
            writer.Write(id, Start.AddSeconds(2), [1, 2, 3]);
            writer.WriteStatistics(id, Start, 3, 1);
        }

        return stream.ToArray();
    }

    private static byte[] Written()
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            var lma = writer.AddInterface("lma1");
            var mag = writer.AddInterface("mag1", LinkType.Ethernet, timestampDigits: 6);
            writer.Write(lma, Start, [0xA1]);
            writer.Write(mag, Start, [0xB1, 0xB2, 0xB3, 0xB4, 0xB5], "the second\u00e9");
            writer.Write(lma, DateTimeOffset.UnixEpoch, [], originalLength: 1500);
        }

        return stream.ToArray();
    }

    private static List<(int Start, int End, uint Type)> Blocks(byte[] file)
    {
        var blocks = new List<(int, int, uint)>();
        for (var at = 0; at < file.Length;)
        {
            var end = at + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            blocks.Add((at, end, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at))));
            at = end;
        }

        return blocks;
    }

    /// <summary>A section header of 28 octets, an interface of 56 and a packet block of 36.</summary>
    private static byte[] BigEndian(byte resolution, ulong timestamp, long offset)
    {
        var hex = "0a0d0d0a" + "0000001c" + "1a2b3c4d" + "00010000" + "ffffffffffffffff" + "0000001c"
            + "00000001" + "00000038" + "00e50000" + "00000000" + "00020004" + "65746830"
            + "00090001" + $"{resolution:x2}000000" + "000e0008" + $"{offset:x16}" + "00000000" + "00000000" + "00000038"
            + "00000006" + "00000024" + "00000000" + $"{timestamp:x16}" + "00000003" + "00000003" + "c0ffee00" + "00000024";
        return Convert.FromHexString(hex);
    }

    private static List<CapturedFrame> Read(Stream stream) => Captures.Read(new PcapngReader(stream));

    private static (List<CapturedFrame> Frames, CaptureFormatException? Error) ReadAll(Stream stream) => Captures.ReadAll(new PcapngReader(stream));
}
