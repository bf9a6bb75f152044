using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Security;

namespace DsmipTools.Benchmarks;

/// <summary>Whole frames to layers, fields and records, as ConvertFrom-DsmipPacket reads captures.</summary>
internal static class DecodingBenchmarks
{
    public static IEnumerable<Benchmark> All => [new("decode frames", Decode)];

    private static IEnumerable<Row> Decode()
    {
        byte[][] frames = [IndicationFrame(), RequestFrame()];
        var decoder = new PacketDecoder();
        foreach (var frame in frames)
        {
            if (decoder.Decode(frame) is not { Message: not null, Error: null })
            {
                throw new InvalidOperationException("The frame cannot be decoded.");
            }
        }

        var comparison = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take((ulong)decoder.Decode(frames[at & 1]).Layers.Count);
                }
            }),
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(View(frames[at & 1]));
                }
            }));
        yield return Row.Of("decode frames to trees, BRI and RRQ by turns", "checked views of the same", comparison);
    }

    private static ulong View(ReadOnlySpan<byte> frame)
    {
        if (!PacketFrame.TryRead(frame, Transport.MobileIPv4Udp, out var envelope, out var message, out _))
        {
            throw new InvalidOperationException("The frame cannot be read.");
        }

        if (envelope.Transport == Transport.MobileIPv4Udp)
        {
            return RegistrationRequestView.TryParse(message, out var request, out _) ? request.Identification : 0;
        }

        return MobilityHeaderView.TryParse(message, out var header, out _)
            && envelope.IsChecksumRight(header)
            && BindingRevocationIndicationView.TryParse(header, out var indication, out _)
            ? indication.SequenceNumber
            : 0ul;
    }

    private static byte[] IndicationFrame()
    {
        var envelope = Messages.FromGateway(0).Reversed;
        var message = new byte[Messages.Room];
        var length = Messages.WriteIndication(message, 7, Messages.Utf8(Messages.Node(1, 0)), "2001:db8:100:1::/64", envelope);
        return Frame(envelope, message.AsSpan(0, length));
    }

    private static byte[] RequestFrame()
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Messages.Utf8("1234567812345678"));
        var unsigned = Messages.RegistrationRequest("10.0.0.1", "10.1.0.1", "192.0.2.1", "2001:db8:7:1::/64", Messages.Node(1, 0));
        var message = new byte[Messages.Room];
        var length = Messages.Sign(message, unsigned, 1, authenticator);
        var envelope = new Envelope(Transport.MobileIPv4Udp, new Endpoint("192.0.2.1", 4000), new Endpoint("10.0.0.1", MobileIPv4Message.Port));
        return Frame(envelope, message.AsSpan(0, length));
    }

    private static byte[] Frame(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        var frame = new byte[PacketFrame.Overhead(envelope) + message.Length];
        PacketFrame.Write(envelope, message, frame);
        return frame;
    }
}
