using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Mutations of valid packets, from a seed: nothing throws, and whatever is read is written back as it was.</summary>
public partial class FuzzTests
{
    private const int Rounds = 200_000;

    private static readonly byte[][] MobileIPv4 = [.. Samples.MobileIPv4Messages.Select(message => message.ToOctets().ToArray())];

    private static readonly byte[][] MobilityHeaders = [.. Samples.MobilityMessages.Select(message => message.ToOctets().ToArray())];

    private static readonly LinkType[] LinkTypes = [.. Enumerable.Repeat(LinkType.Raw, 12), .. Enum.GetValues<LinkType>(), (LinkType)147];

    [Fact]
    public void Mutated_Mobile_IPv4_messages()
    {
        var random = new Random(5454);
        var parsed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Mutate(random, MobileIPv4);
            var asRequest = RegistrationRequestView.TryParse(octets, out _, out var requestError);
            var asReply = RegistrationReplyView.TryParse(octets, out _, out var replyError);
            Assert.True(asRequest != requestError.IsError && asReply != replyError.IsError);
            if (MobileIPv4Message.TryParse(octets, out var message, out var error))
            {
                parsed++;
                Assert.Equal(octets.Length, message!.GetLength());
                Assert.True(message.ToOctets().Span.SequenceEqual(octets));
            }

            Assert.Equal(error.IsError, message is null);
            Assert.InRange(error.Offset, 0, octets.Length);
        }

        Assert.InRange(parsed, Rounds / 20, Rounds * 19 / 20);
    }

    [Fact]
    public void Mutated_mobility_headers()
    {
        var random = new Random(5846);
        int known = 0, unknown = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Mutate(random, MobilityHeaders);
            if (!MobilityHeaderView.TryParse(octets, out var view, out var error))
            {
                Assert.InRange(error.Offset, 0, octets.Length);
                continue;
            }

            var message = MobilityMessage.From(view, out error);
            known += message is UnknownMobilityMessage ? 0 : 1;
            unknown += message is UnknownMobilityMessage ? 1 : 0;
            Assert.False(error.IsError && message is not UnknownMobilityMessage);
            Assert.InRange(error.Offset, 0, octets.Length);
            Assert.True(message.ToOctets().Span.SequenceEqual(view.Octets));
        }

        Assert.InRange(known, Rounds / 20, Rounds);
        Assert.InRange(unknown, Rounds / 20, Rounds);
    }

    [Fact]
    public void Mutated_packets_in_the_decoder()
    {
        var random = new Random(434);
        byte[][] packets = [.. Samples.Packets()];
        var decoder = new PacketDecoder();
        int good = 0, messages = 0;
        for (var round = 0; round < Rounds / 2; round++)
        {
            var octets = Mutate(random, packets);
            var decoded = decoder.Decode(octets, LinkTypes[round % LinkTypes.Length]);
            Assert.Equal(octets.Length, decoded.Layers.Sum(layer => layer.Length));
            Assert.InRange(decoded.Error?.Offset ?? 0, 0, octets.Length);
            good += decoded.Error is null ? 1 : 0;
            messages += decoded.Message is null ? 0 : 1;
            _ = PacketFrame.TryRead(octets, Transport.ProxyMobileIPv6Udp, out _, out _, out var error);
            Assert.InRange(error.Offset, 0, octets.Length);
        }

        Assert.InRange(good, 100, Rounds / 4);
        Assert.InRange(messages, 1000, Rounds / 2);
    }

    private static byte[] Mutate(Random random, byte[][] samples)
    {
        var octets = samples[random.Next(samples.Length)].ToArray();
        for (var times = random.Next(1, 4); times > 0 && octets.Length > 0; times--)
        {
            var at = random.Next(octets.Length);
            switch (random.Next(6))
            {
                case 0:
                    octets[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 2:
                    octets = octets[..at];
                    break;
                case 3:
                    octets = [.. octets, .. new byte[random.Next(1, 20)]];
                    break;
                case 4:
                    var other = samples[random.Next(samples.Length)];
                    octets = [.. octets.AsSpan(0, at), .. other.AsSpan(Math.Min(at, other.Length))];
                    break;
                default:
                    random.NextBytes(octets.AsSpan(at, Math.Min(4, octets.Length - at)));
                    break;
            }
        }

        return octets;
    }
}
