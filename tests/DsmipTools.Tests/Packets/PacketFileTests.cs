using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Packets;

public sealed class PacketFileTests : IDisposable
{
    private static readonly PacketDecoder decoder = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dsmip-packet-file-");

    private static readonly CaptureInterface wire = new() { LinkType = LinkType.Ethernet, Name = "eth7", Description = "a wire", TimestampResolution = 6 };

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Frames_keep_times_interfaces_comments_and_flags()
    {
        CapturedFrame[] frames =
        [
            Frame(1, wire) with { Comments = ["one", "two\nlines"], Flags = (CapturedFrameFlags)2, OriginalLength = 900 },
            Frame(2, new CaptureInterface { LinkType = LinkType.Raw }),
            Frame(3, wire with { Name = "eth8" }),
            Frame(4, wire),
        ];
        Write("a.pcapng", null, frames);

        Assert.Equal(frames, Read("a.pcapng"));
    }

    [Fact]
    public void Pcap_has_one_link_type_and_says_that_comments_are_lost()
    {
        using (var file = new PacketFile(PathOf("b.pcap")))
        {
            Assert.Equal(CaptureFileFormat.Pcap, file.Format);
            file.Write(DsmipPacket.From(Frame(1, wire), decoder));
            Assert.False(file.HasLostComments);
            file.Write(DsmipPacket.From(Frame(2, wire) with { Comments = ["lost"] }, decoder));
            Assert.True(file.HasLostComments);
            Assert.Contains("one link type", Assert.Throws<ArgumentException>(() => file.Write(Packet(3))).Message, StringComparison.Ordinal);
            file.Complete();
            Assert.Equal(2, file.Count);
        }

        Assert.Equal([1, 2], Read("b.pcap").Select(frame => frame.Number));
        Assert.All(Read("b.pcap"), frame => Assert.Equal(Frame(frame.Number, wire).Time, frame.Time));
        Assert.Throws<ArgumentException>(() => new PacketFile(PathOf("c.pcap"), new PacketFileOptions { Comment = "none" }));
        Assert.Equal(["b.pcap"], Directory.GetFiles(folder.FullName).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("a.pcapng")]
    [InlineData("a.pcap")]
    [InlineData("a")]
    public void Appending_goes_on_behind_the_frames_that_are_there(string name)
    {
        Write(name, new PacketFileOptions { Append = true }, Frame(1, wire));
        Write(name, new PacketFileOptions { Append = true }, Frame(2, wire));

        Assert.Equal([Frame(1, wire).Time, Frame(2, wire).Time], Read(name).Select(frame => frame.Time));
    }

    [Fact]
    public void What_cannot_be_appended_to_stays_as_it_is()
    {
        Write("a.pcap", null, Frame(1, wire));
        File.WriteAllText(PathOf("text"), "no capture");
        var before = File.ReadAllBytes(PathOf("a.pcap"));

        Assert.Throws<ArgumentException>(() => new PacketFile(PathOf("a.pcap"), new PacketFileOptions { Append = true, Format = CaptureFileFormat.Pcapng }));
        Assert.Throws<CaptureFormatException>(() => new PacketFile(PathOf("text"), new PacketFileOptions { Append = true }));

        Assert.Equal(before, File.ReadAllBytes(PathOf("a.pcap")));
        Assert.Equal("no capture", File.ReadAllText(PathOf("text")));
        Assert.Equal(2, Directory.GetFiles(folder.FullName).Length);
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_when_it_may_be_and_only_when_the_new_one_is_complete()
    {
        Write("a.pcapng", null, Frame(1, wire));
        Assert.Throws<IOException>(() => new PacketFile(PathOf("a.pcapng"), new PacketFileOptions { NoClobber = true }));
        using (var file = new PacketFile(PathOf("a.pcapng")))
        {
            file.Write(Packet(2));
        }

        Assert.Equal(LinkType.Ethernet, Assert.Single(Read("a.pcapng")).LinkType);
        File.SetAttributes(PathOf("a.pcapng"), FileAttributes.ReadOnly);
        Assert.Throws<UnauthorizedAccessException>(() => new PacketFile(PathOf("a.pcapng")));
        Write("a.pcapng", new PacketFileOptions { Force = true }, Frame(1, wire), Frame(2, wire));
        Assert.Equal(2, Read("a.pcapng").Length);
        Assert.Single(Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void An_empty_file_is_a_capture_too()
    {
        foreach (var name in new[] { "a.pcapng", "a.pcap" })
        {
            Write(name, null);
            Assert.Empty(Read(name));
        }
    }

    [Fact]
    public void A_bare_message_has_no_place_in_a_capture()
    {
        using var file = new PacketFile(PathOf("a.pcapng"));
        Assert.Throws<ArgumentException>(() => file.Write(DsmipPacket.From(new BindingRevocationIndication().ToOctets(), decoder)));
    }

    private static CapturedFrame Frame(int number, CaptureInterface from) => new()
    {
        Number = number,
        Time = DateTimeOffset.UnixEpoch.AddDays(20000).AddMicroseconds(number),
        Interface = from,
        Octets = new byte[60 + number],
        OriginalLength = 60 + number,
    };

    private static DsmipPacket Packet(ushort number) => DsmipPacket.Compose(
        [new IPv6Header { Source = "2001:db8::1", Destination = "2001:db8::2" }, new BindingRevocationIndication { SequenceNumber = number }]);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private void Write(string name, PacketFileOptions? options, params CapturedFrame[] frames)
    {
        using var file = new PacketFile(PathOf(name), options);
        foreach (var frame in frames)
        {
            file.Write(DsmipPacket.From(frame, decoder));
        }

        file.Complete();
    }

    private CapturedFrame[] Read(string name)
    {
        using var reader = CaptureReader.Open(File.OpenRead(PathOf(name)));
        return [.. reader.ReadFrames()];
    }
}
