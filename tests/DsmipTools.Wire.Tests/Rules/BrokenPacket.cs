using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Rules;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>A packet that breaks one rule, and no other.</summary>
internal sealed record BrokenPacket(string Rule, RuleSeverity Severity, string Where, int Offset, Func<IReadOnlyList<RuleViolation>> Check)
{
    /// <summary>A message alone.</summary>
    internal static BrokenPacket Message(string rule, RuleSeverity severity, string where, int offset, Structure message) =>
        new(rule, severity, where, offset, () => PacketRules.Check(message));

    /// <summary>A packet of layers; what they leave null is computed.</summary>
    internal static BrokenPacket Packet(string rule, RuleSeverity severity, string where, int offset, params Structure[] layers) =>
        new(rule, severity, where, offset, () => PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(layers))));

    /// <summary>What is written, as a hexadecimal Mobility Header without the headers before it.</summary>
    internal static BrokenPacket MobilityHeader(string rule, RuleSeverity severity, string where, int offset, string hex) =>
        new(rule, severity, where, offset, () => PacketRules.Check(new PacketDecoder().DecodeMobilityHeader(Octets.FromHex(hex))));

    internal static IEnumerable<TheoryDataRow<string>> Names(BrokenPacket[] cases) =>
        cases.Select((_, number) => new TheoryDataRow<string>(NameOf(cases, number)));

    /// <summary>Breaks exactly what the case of that name says.</summary>
    internal static void Assert(BrokenPacket[] cases, string name)
    {
        var broken = cases.Where((_, number) => NameOf(cases, number) == name).Single();
        var violation = Xunit.Assert.Single(broken.Check(), violation => violation.Severity >= broken.Severity);
        Xunit.Assert.Equal(
            (broken.Rule, broken.Severity, broken.Where, broken.Offset),
            (violation.Rule, violation.Severity, violation.Where, violation.Offset));
        Xunit.Assert.NotEmpty(violation.Explanation);
    }

    private static string NameOf(BrokenPacket[] cases, int number) => $"{cases[number].Rule}, {cases[number].Where} ({number})";
}
