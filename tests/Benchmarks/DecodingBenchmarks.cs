using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Benchmarks;

/// <summary>Whole frames to packets, as a script reads a capture; and each message type to its record.</summary>
internal static class DecodingBenchmarks
{
    private const int FramesInFile = 6000;

    public static IEnumerable<Benchmark> All => [new("decode a capture", Capture), new("decode frames to trees", Trees), new("decode messages", EachMessage)];

    /// <summary>The file is in memory and read anew in each round; every packet's error is looked at.</summary>
    private static IEnumerable<Row> Capture()
    {
        using var file = new MemoryStream();
        CaptureFile.Write(file, FramesInFile);
        var octets = file.ToArray();
        var decoder = new PacketDecoder();
        var comparison = Comparison.Measure(
            new Contender(count => Read(octets, count, frame =>
            {
                var packet = DsmipPacket.From(frame, decoder);
                Sink.Take((ulong)packet.Layers.Count + (packet.Error is null ? 0ul : throw new InvalidOperationException($"Frame {frame.Number}: {packet.Error}")));
            })),
            new Contender(count => Read(octets, count, frame => Sink.Take((ulong)frame.OriginalLength))),
            operations: FramesInFile);
        yield return Row.Of("decode a capture (pcapng to packets: headers, messages and checksums checked)", "its frames read, not decoded", comparison, operationsPerSecond: 1e6);
    }

    /// <summary>Everything of a packet is asked for: each field of each layer as a value and as text, and the record.</summary>
    private static IEnumerable<Row> Trees()
    {
        Octets[] frames = [.. CaptureFile.Frames.Select(frame => Octets.Create(frame))];
        var decoder = new PacketDecoder();
        var comparison = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    var packet = decoder.Decode(frames[at % frames.Length], LinkType.Ethernet);
                    Sink.Take(Fields(packet.Layers) + (packet.Message is null ? 0ul : 1));
                }
            }),
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take((ulong)decoder.Decode(frames[at % frames.Length], LinkType.Ethernet).Layers.Count);
                }
            }));
        yield return Row.Of("decode frames to trees: every field as value and text", "the same frames, nothing asked for", comparison);
    }

    private static IEnumerable<Row> EachMessage()
    {
        foreach (var message in Samples())
        {
            var octets = message.ToOctets();
            var decoder = new PacketDecoder();
            var isMobileIPv4 = message is MobileIPv4Message;
            Func<Structure?> decode = isMobileIPv4 ? () => decoder.DecodeMobileIPv4(octets).Message : () => decoder.DecodeMobilityHeader(octets).Message;
            if (decode()?.GetType() != message.GetType())
            {
                throw new InvalidOperationException($"The {message.Table.Name} is not decoded.");
            }

            var buffer = new byte[octets.Length];
            yield return Row.Of($"decode {message.Table.Name}, {octets.Length} octets, to its record", "writing the record", Comparison.Measure(
                new Contender(count =>
                {
                    for (var at = 0; at < count; at++)
                    {
                        Sink.Take((ulong)decode()!.GetHashCode());
                    }
                }),
                new Contender(count =>
                {
                    for (var at = 0; at < count; at++)
                    {
                        Sink.Take((ulong)message.Write(buffer));
                    }
                })));
        }
    }

    private static IEnumerable<Structure> Samples()
    {
        var identifier = Messages.Node(1, 0);
        yield return Messages.Request();
        yield return new RegistrationReply { Lifetime = 300, HomeAddress = "10.1.0.1", HomeAgent = "10.0.0.1" };
        yield return new RegistrationRevocation();
        yield return new RegistrationRevocationAcknowledgment();
        yield return new BindingRefreshRequest();
        yield return new HomeTestInit();
        yield return new CareOfTestInit();
        yield return new HomeTest();
        yield return new CareOfTest();
        yield return new BindingUpdate { ProxyRegistration = true, Options = Messages.Indication(1, identifier, "2001:db8::/64").Options };
        yield return new BindingAcknowledgement { ProxyRegistration = true, Options = Messages.Indication(1, identifier, "2001:db8::/64").Options };
        yield return new BindingError();
        yield return new Heartbeat();
        yield return Messages.Indication(1, identifier, "2001:db8::/64");
        yield return new BindingRevocationAcknowledgement { ProxyBinding = true, SequenceNumber = 1 };
    }

    private static void Read(byte[] file, int count, Action<CapturedFrame> use)
    {
        using var reader = CaptureReader.Open(new MemoryStream(file, writable: false));
        for (var at = 0; at < count && reader.TryRead(out var frame); at++)
        {
            use(frame);
        }
    }

    private static ulong Fields(ValueList<Layer> layers)
    {
        var count = 0ul;
        foreach (var layer in layers)
        {
            count += (ulong)layer.Fields.Count + Fields(layer.Children);
        }

        return count;
    }
}
