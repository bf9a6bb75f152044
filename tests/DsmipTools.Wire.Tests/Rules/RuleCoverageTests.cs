using DsmipTools.Wire.Rules;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>No rule without a packet that breaks it.</summary>
public class RuleCoverageTests
{
    [Fact]
    public void Every_rule_has_a_packet_that_breaks_it_alone()
    {
        var broken = new[] { RevocationRuleTests.Cases, RegistrationRuleTests.Cases, MobilityHeaderRuleTests.Cases, HeaderRuleTests.Cases, IcmpRuleTests.Cases }
            .SelectMany(cases => cases)
            .Select(broken => (broken.Rule, broken.Severity))
            .ToHashSet();
        Assert.DoesNotContain(PacketRules.All.Select(rule => (rule.Id, rule.Severity)), rule => !broken.Contains(rule));
        Assert.Equal(PacketRules.All.Select(rule => rule.Id).ToHashSet(), PacketRules.Ids.ToHashSet());
    }
}
