using System.Buffers.Binary;
using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>The older file format, and finding out which format a file has.</summary>
public class PcapTests
{
    private const int FileHeader = 24;
    private const int SecondFrame = FileHeader + 16 + 3;

    private static readonly DateTimeOffset Start = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1234567);

    [Theory]
    [InlineData(6, false, "d4c3b2a1" + "02000400" + "0000000000000000" + "00000400" + "01000000" + "f2738169" + "40e20100" + "03000000" + "dc050000" + "c0ffee")]
    [InlineData(9, false, "4d3cb2a1" + "02000400" + "0000000000000000" + "00000400" + "01000000" + "f2738169" + "bccc5b07" + "03000000" + "dc050000" + "c0ffee")]
    [InlineData(6, true, "a1b2c3d4" + "00020004" + "0000000000000000" + "00040000" + "00000001" + "698173f2" + "0001e240" + "00000003" + "000005dc" + "c0ffee")]
    [InlineData(9, true, "a1b23c4d" + "00020004" + "0000000000000000" + "00040000" + "00000001" + "698173f2" + "075bccbc" + "00000003" + "000005dc" + "c0ffee")]
    public void The_four_variants_are_as_the_format_says_and_others_read_them(int digits, bool bigEndian, string hex)
    {
        var octets = Written(digits, bigEndian);
        Assert.Equal(hex, Convert.ToHexStringLower(octets.AsSpan(0, SecondFrame)));

        var frames = Captures.Read(CaptureReader.Open(new MemoryStream(octets)));
        Assert.Equal([1, 2], frames.Select(frame => frame.Number));
        Assert.Equal(["c0ffee", "01"], frames.Select(frame => frame.Octets.ToString()));
        Assert.Equal([1500, 1], frames.Select(frame => frame.OriginalLength));
        Assert.Equal([Start.AddTicks(digits == 9 ? 0 : -7), DateTimeOffset.UnixEpoch], frames.Select(frame => frame.Time));
        Assert.Equal(new CaptureInterface { LinkType = LinkType.Ethernet, SnapLength = 262_144, TimestampResolution = (byte)digits }, frames[1].Interface);

        using var file = new TemporaryFile(octets);
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"1\t{Start.ToUnixTimeSeconds()}.{(digits == 9 ? "123456700" : "123456000")}\t1500\t3\t1\n2\t0.000000000\t1\t1\t1\n"),
            ExternalTool.Run(
                "tshark", "-r", file.Path, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len",
                "-e", "frame.encap_type"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_modified_format_has_eight_octets_more_before_each_frame(bool bigEndian)
    {
        var plain = Written(6, bigEndian);
        plain[bigEndian ? 2 : 1] = 0xCD;
        plain[bigEndian ? 3 : 0] = 0x34;
        byte[] modified = [.. plain[..(FileHeader + 16)], .. new byte[8], .. plain[(FileHeader + 16)..(SecondFrame + 16)], .. new byte[8], .. plain[(SecondFrame + 16)..]];
        using var file = new TemporaryFile(modified);
        Assert.Equal(["c0ffee", "01"], Captures.Read(CaptureReader.Open(File.OpenRead(file.Path))).Select(frame => frame.Octets.ToString()));
        Assert.Equal("1500\t3\n1\t1\n", ExternalTool.Run("tshark", "-r", file.Path, "-T", "fields", "-e", "frame.len", "-e", "frame.cap_len"));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(9, true)]
    public void A_file_cut_at_any_octet_gives_the_frames_before_the_cut_and_then_an_error_with_the_place(int digits, bool bigEndian)
    {
        var whole = Written(digits, bigEndian);
        for (var length = 0; length < whole.Length; length++)
        {
            var (frames, error) = Captures.ReadAll(new PcapReader(new MemoryStream(whole, 0, length)));
            Assert.Equal(length >= SecondFrame ? 1 : 0, frames.Count);
            Assert.Equal(length is FileHeader or SecondFrame ? null : length, error?.Position);
        }
    }

    [Theory]
    [InlineData("00000000" + "00000000" + "ffffff7f" + "ffffff7f", 8, "2147483647 octets")]
    [InlineData("00000000" + "00000000" + "01001000" + "00000000", 8, "1048577 octets")]
    [InlineData("00000000" + "00000000" + "00000000" + "00000000", 0, "zeros")]
    [InlineData("d4c3b2a1" + "02000400" + "00000000" + "00000000", 0, "another pcap file")]
    [InlineData("0a0d0d0a" + "1c000000" + "4d3c2b1a" + "01000000", 8, "no frame")]
    [InlineData("476172626167652c20616e64206c6f7473206f66206974", 8, "no frame")]
    public void What_is_no_frame_is_an_error_with_its_place_after_the_good_frames(string hex, int position, string says)
    {
        byte[] octets = [.. Written(6, false), .. Convert.FromHexString(hex)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (frames, error) = Captures.ReadAll(CaptureReader.Open(new MemoryStream(octets)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(2, frames.Count);
        Assert.Equal(SecondFrame + 17 + position, error!.Position);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_promises_a_megabyte_allocates_what_has_come()
    {
        var octets = Written(6, false);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(SecondFrame + 8), CaptureReader.MaximumFrameLength);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (frames, error) = Captures.ReadAll(CaptureReader.Open(new MemoryStream(octets)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Single(frames);
        Assert.Equal(octets.Length, error!.Position);
    }

    [Fact]
    public void The_longest_frame_is_read()
    {
        var octets = Written(6, false);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(SecondFrame + 8), CaptureReader.MaximumFrameLength);
        var frames = Captures.Read(CaptureReader.Open(new MemoryStream([.. octets, .. new byte[CaptureReader.MaximumFrameLength - 1], .. Written(6, false)[FileHeader..]])));
        Assert.Equal([3, CaptureReader.MaximumFrameLength, 3, 1], frames.Select(frame => frame.Octets.Length));
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("0a0d", 2, "before anything tells")]
    [InlineData("1f8b0800", 0, "gunzip")]
    [InlineData("28b52ffd", 0, "unzstd")]
    [InlineData("fd377a585a00", 0, "unxz")]
    [InlineData("425a6839", 0, "bunzip2")]
    [InlineData("04224d18", 0, "unlz4")]
    [InlineData("504b0304", 0, "unzip")]
    [InlineData("736e6f6f70000000", 0, "736e6f6f")]
    [InlineData("ffffffffffffffff", 0, "no pcap or pcapng file")]
    public void A_file_of_another_kind_is_named(string hex, long position, string says)
    {
        var error = Assert.Throws<CaptureFormatException>(() => CaptureReader.Open(new MemoryStream(Convert.FromHexString(hex))));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);
    }

    [Theory]
    [InlineData(4, 3, "version 3.4")]
    [InlineData(6, 3, "version 2.3")]
    public void Another_version_is_an_error(int at, byte value, string says)
    {
        var octets = Written(6, false);
        octets[at] = value;
        var error = Captures.ReadAll(CaptureReader.Open(new MemoryStream(octets))).Error!;
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(4, error.Position);
    }

    [Fact]
    public void The_upper_half_of_the_link_type_is_something_else()
    {
        var octets = Written(6, false);
        octets[23] = 0x24;
        Assert.Equal(LinkType.Ethernet, Captures.Read(CaptureReader.Open(new MemoryStream(octets)))[0].LinkType);
    }

    [Fact]
    public void A_stream_that_gives_little_at_a_time_is_read() => Assert.Equal(2, Captures.Read(CaptureReader.Open(new Trickle(Written(9, false)))).Count);

    [Fact]
    public void A_pcap_file_behind_a_pcapng_file_is_an_error_with_its_place()
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            writer.Write(writer.AddInterface("a"), Start, [1]);
        }

        var (frames, error) = Captures.ReadAll(CaptureReader.Open(new MemoryStream([.. stream.ToArray(), .. Written(6, false)])));
        Assert.Single(frames);
        Assert.Equal(stream.Length + 4, error!.Position);
        Assert.Contains("a pcap file begins", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PcapWriter(new MemoryStream(), timestampDigits: 7));
        using var writer = new PcapWriter(new MemoryStream());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(DateTimeOffset.UnixEpoch.AddTicks(-1), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(DateTimeOffset.UnixEpoch.AddSeconds(1L << 32), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(Start, [1, 2], originalLength: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(Start, new byte[262_145]));
    }

    [Fact]
    public void Mutated_files_give_frames_or_a_format_error_and_nothing_else()
    {
        var random = new Random(4);
        int errors = 0, good = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var octets = Written(round % 2 == 0 ? 6 : 9, round % 3 == 0);
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                octets[random.Next(4, octets.Length)] = (byte)random.Next(256);
            }

            var (frames, error) = Captures.ReadAll(CaptureReader.Open(new MemoryStream(octets)));
            Assert.InRange(frames.Count, 0, 3);
            errors += error is null ? 0 : 1;
            good += error is null ? 1 : 0;
        }

        Assert.InRange(errors, 5_000, 19_000);
        Assert.InRange(good, 1_000, 15_000);
    }

    private static byte[] Written(int digits, bool bigEndian)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapWriter(stream, LinkType.Ethernet, digits, leaveOpen: true, bigEndian))
        {
            writer.Write(Start, [0xC0, 0xFF, 0xEE], originalLength: 1500);
            writer.Write(DateTimeOffset.UnixEpoch, [1]);
        }

        return stream.ToArray();
    }
}
