using System.Text.Json;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>No false alarms: what is right breaks no rule.</summary>
public class GoodPacketTests
{
    /// <summary>Canonical vectors that break a MUST all the same, with the rule; see there why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        // RFC 5844, 3.1.2.6: with status 0 an IPv4 Default-Router Address option MUST be present.
        ["acknowledged-attach-ipv4"] = "RFC 5844, 3.1.2.6",
        ["proxy-acknowledged-ipv4-home-address-reply-0"] = "RFC 5844, 3.1.2.6",
    };

    public static TheoryData<string> VectorFiles => [.. Directory.GetFiles(SourceTree.Vectors, "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(VectorFiles))]
    public void Canonical_vectors(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Vectors, file)));
        var canonical = document.RootElement.EnumerateArray().Where(vector => vector.GetProperty("canonical").GetBoolean()).ToArray();
        Assert.NotEmpty(canonical);
        Assert.All(canonical, vector =>
        {
            var octets = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
            var name = vector.GetProperty("name").GetString()!;
            var decoder = new PacketDecoder();
            var packet = octets[0] == 59 ? decoder.DecodeMobilityHeader(octets) : decoder.DecodeMobileIPv4(octets);
            Assert.Equal(Exceptions.TryGetValue(name, out var rule) ? [rule] : [], Errors(PacketRules.Check(packet)).Select(violation => violation.Rule));
        });
    }

    [Fact]
    public void Headers_and_encapsulations()
    {
        // These samples have reserved bits set on purpose, so that codecs show that they keep them.
        Assert.All(Samples.HeaderStacks, stack => Assert.DoesNotContain(
            Errors(PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(stack.Layers)))), violation => !IsReserved(violation)));
    }

    private static IEnumerable<RuleViolation> Errors(IEnumerable<RuleViolation> violations) =>
        violations.Where(violation => violation.Severity == RuleSeverity.Error);

    private static bool IsReserved(RuleViolation violation) => violation.Field?.StartsWith("Reserved", StringComparison.Ordinal) == true;
}
