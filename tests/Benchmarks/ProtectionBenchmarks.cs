using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;

namespace DsmipTools.Benchmarks;

/// <summary>What ESP costs an anchor, and what somebody without the key can make it cost.</summary>
internal static class ProtectionBenchmarks
{
    public static IEnumerable<Benchmark> All => [new("ESP of a PBU", Measure)];

    private static IEnumerable<Row> Measure()
    {
        foreach (var encryptionKeyLength in (int[])[0, 16])
        {
            var name = encryptionKeyLength == 0 ? "HMAC-SHA-256-128" : "AES-CBC-128 HMAC-SHA-256-128";
            var envelope = Messages.FromGateway(0);
            var associations = new IPsecSecurityAssociations();
            // The same packet comes again and again.
            associations.Add(new IPsecSecurityAssociation(256, envelope.Source.Address, envelope.Destination.Address, new byte[32], new byte[encryptionKeyLength]) { AntiReplay = false });
            var sender = new IPsecProtection(associations, envelope.Source.Address, PeersByAddress.Anyone);
            var receiver = new IPsecProtection(associations, envelope.Destination.Address, PeersByAddress.Anyone);
            var random = new SeededRandom(1);
            var update = new byte[96];
            var now = new Instant(TimeSpan.Zero, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            byte[] valid = [.. Protect()], forged = [.. valid[..^1], (byte)~valid[^1]];
            var opening = new Contender(count => Open(valid, count, DropReason.None));
            yield return Row.Of($"ESP of a PBU written, {name}", "opened", Comparison.Measure(new Contender(Write), opening));
            yield return Row.Of($"forged ESP dropped, {name}", "valid ESP opened", Comparison.Measure(new Contender(count => Open(forged, count, DropReason.BadAuthenticator)), opening));

            ReadOnlySpan<byte> Protect()
            {
                ReadOnlySpan<byte> octets = update;
                var sending = envelope;
                return sender.TryProtect(ref octets, ref sending, now, random, out var refused) ? octets : throw new InvalidOperationException(refused);
            }

            void Write(int count)
            {
                for (; count > 0; count--)
                {
                    Sink.Take(Protect()[^1]);
                }
            }

            void Open(byte[] packet, int count, DropReason expected)
            {
                for (; count > 0; count--)
                {
                    ReadOnlySpan<byte> octets = packet;
                    var received = envelope with { IsProtected = true };
                    if (receiver.Admit(ref octets, ref received, out _) != expected)
                    {
                        throw new InvalidOperationException("The packet was judged wrongly.");
                    }

                    Sink.Take((ulong)octets.Length);
                }
            }
        }
    }
}
