using System.Text.Json;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Valid packets of every kind for the mutation tests: the vectors of tests/Vectors and all samples.</summary>
internal static class Corpus
{
    /// <summary>Mobile IPv4 messages as they stand in UDP.</summary>
    internal static byte[][] MobileIPv4 { get; } =
    [
        .. Samples.MobileIPv4Messages.Select(message => message.ToOctets().ToArray()),
        .. Vectors.Where(vector => vector.Key is "rfc5454" or "rfc5944" or "rfc3024" or "rfc3115" or "rfc3519" or "rfc3543" or "rfc4433" or "rfc4721" or "rfc5177")
            .SelectMany(vector => vector.Value),
    ];

    /// <summary>Mobility Headers.</summary>
    internal static byte[][] MobilityHeaders { get; } =
    [
        .. Samples.MobilityMessages.Select(message => message.ToOctets().ToArray()),
        .. Vectors.Where(vector => vector.Key.StartsWith("rfc5846", StringComparison.Ordinal) || vector.Key.StartsWith("rfc6275", StringComparison.Ordinal))
            .SelectMany(vector => vector.Value),
    ];

    /// <summary>Whole packets: messages in their envelopes, headers, encapsulations, ICMP.</summary>
    internal static byte[][] Packets { get; } =
    [
        .. Samples.Packets(),
        .. Samples.HeaderStacks.Select(stack => PacketComposer.Compose(stack.Layers).ToArray()),
        .. Samples.IcmpV4Messages.Select(Samples.Packet),
        .. Samples.IcmpV6Messages.Select(Samples.Packet),
        .. MobileIPv4.Select(message => Samples.Packet(Samples.MobileIPv4, message)),
        .. MobilityHeaders.Select(message => Samples.Packet(Samples.Native, message)),
    ];

    /// <summary>Capture files of both formats and byte orders.</summary>
    internal static byte[][] Files { get; } =
    [
        File(stream => new PcapngWriter(stream, leaveOpen: true)),
        File(stream => new PcapngWriter(stream, leaveOpen: true, bigEndian: true)),
    ];

    private static Dictionary<string, byte[][]> Vectors => Directory.GetFiles(SourceTree.Vectors, "*.json").Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path =>
        {
            using var document = JsonDocument.Parse(System.IO.File.ReadAllText(path));
            return document.RootElement.EnumerateArray().Select(vector => Convert.FromHexString(vector.GetProperty("hex").GetString()!)).ToArray();
        });

    private static byte[] File(Func<Stream, PcapngWriter> open)
    {
        using var stream = new MemoryStream();
        using (var writer = open(stream))
        {
            var id = writer.AddInterface("fuzzed");
            foreach (var packet in Samples.Packets().Take(4))
            {
                writer.Write(id, DateTimeOffset.UnixEpoch, packet, "a comment");
            }
        }

        return stream.ToArray();
    }
}
