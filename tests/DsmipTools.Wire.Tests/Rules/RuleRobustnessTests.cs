using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Whatever comes is judged: nothing throws, and every violation stands within the frame.</summary>
public class RuleRobustnessTests
{
    [Fact]
    public void Mutated_and_cut_packets_are_judged()
    {
        byte[][] packets = [.. Samples.Packets(), .. Samples.HeaderStacks.Select(stack => PacketComposer.Compose(stack.Layers).ToArray())];
        var random = new Random(5846);
        var keys = RuleKeys.Of(null, AuthenticationAlgorithm.HmacMd5, "1234567812345678"u8);
        foreach (var packet in Enumerable.Range(0, 100).SelectMany(_ => packets))
        {
            var octets = packet.AsSpan(0, random.Next(4) == 0 ? random.Next(packet.Length + 1) : packet.Length).ToArray();
            for (var change = random.Next(6); change > 0 && octets.Length > 0; change--)
            {
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            }

            Assert.All(
                PacketRules.Check(new PacketDecoder().Decode(octets), keys),
                violation => Assert.InRange(violation.Offset, 0, octets.Length));
        }
    }
}
