using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>
/// Mutations of vectors and samples, from a seed: nothing throws, everything is covered by layers, and whatever is read is written back
/// as it was. DSMIP_SOAK runs a hundred million cases instead of 200,000. A failure names the case, which can be made again alone. The heap
/// of the process is looked at: no other test may run beside.
/// </summary>
[Trait("Category", "Soak")]
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
[Collection(nameof(FuzzTests))]
public partial class FuzzTests
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("DSMIP_SOAK") is { Length: > 0 };

    private static readonly LinkType[] LinkTypes =
    [
        LinkType.Raw, LinkType.Raw, LinkType.Raw, LinkType.Ethernet, LinkType.IPv4, LinkType.IPv6, LinkType.LinuxCooked, LinkType.LinuxCookedVersion2,
        LinkType.BsdLoopback, LinkType.OpenBsdLoopback, (LinkType)9999,
    ];

    [Fact]
    public void Mutated_Mobile_IPv4_messages()
    {
        var decoder = new PacketDecoder();
        AssertAll(5454, Share(0.2), Corpus.MobileIPv4, octets =>
        {
            var isMessage = MobileIPv4Message.TryParse(octets, out var message, out var error);
            Assert.Equal(isMessage, message is not null);
            Assert.NotEqual(isMessage, error.IsError);
            Assert.InRange(error.Offset, 0, octets.Length);
            Assert.True(!isMessage || message!.ToOctets().Span.SequenceEqual(octets));
            AssertLossless(decoder.DecodeMobileIPv4(octets), octets);
            return isMessage;
        });
    }

    [Fact]
    public void Mutated_mobility_headers()
    {
        var decoder = new PacketDecoder();
        AssertAll(5846, Share(0.2), Corpus.MobilityHeaders, octets =>
        {
            var isHeader = MobilityHeaderView.TryParse(octets, out var view, out var error);
            Assert.InRange(error.Offset, 0, octets.Length);
            Assert.True(!isHeader || MobilityMessage.From(view, out error).ToOctets().Span.SequenceEqual(view.Octets));
            Assert.InRange(error.Offset, 0, octets.Length);
            AssertLossless(decoder.DecodeMobilityHeader(octets), octets);
            return isHeader && !error.IsError;
        });
    }

    [Fact]
    public void Mutated_packets()
    {
        var decoder = new PacketDecoder();
        AssertAll(434, Share(0.4), Corpus.Packets, octets =>
        {
            var decoded = decoder.Decode(octets, LinkTypes[octets.Length % LinkTypes.Length]);
            AssertLossless(decoded, octets);
            foreach (var transport in Enum.GetValues<Transport>())
            {
                _ = PacketFrame.TryRead(octets, transport, out _, out _, out var error);
                Assert.InRange(error.Offset, 0, octets.Length);
            }

            return decoded.Message is not null;
        });
    }

    [Fact]
    public void Mutated_capture_files() => AssertAll(1, Share(0.01), Corpus.Files, octets =>
    {
        try
        {
            using var reader = CaptureReader.Open(new MemoryStream(octets));
            return reader.ReadFrames().All(frame => frame.Octets.Length <= octets.Length);
        }
        catch (CaptureFormatException exception)
        {
            Assert.InRange(exception.Position, 0, octets.Length);
            return false;
        }
    });

    private static int Share(double part) => (int)(part * (IsSoak ? 100_000_000 : 200_000));

    /// <summary>Every octet belongs to a layer, every layer that has a value writes the octets it was read from, and every field can be shown.</summary>
    private static void AssertLossless(DecodedPacket packet, byte[] octets)
    {
        Assert.InRange(packet.Error?.Offset ?? 0, 0, octets.Length);
        var at = 0;
        foreach (var layer in packet.Layers)
        {
            Assert.Equal(at, layer.Offset);
            at += layer.Length;
            AssertShown(layer);
            Assert.True(layer.Structure is not { } structure || structure.GetLength() >= layer.Length);
            Assert.True(layer.Structure is not { } value || value.ToOctets().Span[..layer.Length].SequenceEqual(layer.Span));
        }

        Assert.Equal(octets.Length, at);
    }

    private static void AssertShown(Layer layer)
    {
        var end = layer.Offset + layer.Length;
        foreach (var field in layer.Fields)
        {
            Assert.NotNull(field.Text);
            Assert.InRange(field.Offset, layer.Offset, end);
        }

        foreach (var child in layer.Children)
        {
            Assert.InRange(child.Offset, layer.Offset, end - child.Length);
            AssertShown(child);
        }
    }

    /// <summary>Runs the cases of a seed and sees to it that some of them are good and some are not, and that memory stays.</summary>
    private static void AssertAll(int seed, int cases, byte[][] corpus, Func<byte[], bool> isGood)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var good = 0;
        Parallel.For(0, cases, new ParallelOptions { MaxDegreeOfParallelism = IsSoak ? Environment.ProcessorCount : 1 }, number =>
        {
            var octets = Mutate(new Random(HashCode(seed, number)), corpus);
            try
            {
                if (isGood(octets))
                {
                    Interlocked.Increment(ref good);
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, case {number}: {Convert.ToHexStringLower(octets)}"), exception);
            }
        });
        Assert.InRange(good, cases / 50, cases - (cases / 50));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 << 20);
    }

    /// <summary>A seed of its own for each case, so that each can be made again without those before it.</summary>
    private static int HashCode(int seed, int number) => unchecked((int)(((uint)seed * 2654435761u) ^ ((uint)number * 2246822519u)));

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
