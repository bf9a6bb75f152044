using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Requests that a foreign agent relays, with and without a security association with it (RFC 5944, 3.8.2.1 c and d).</summary>
public class HomeAgentForeignAgentTests
{
    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5944-3.8.1-04")]
    [Trait("Rfc", "5944-3.8.1-05")]
    [Trait("Rfc", "5944-3.8.3.3-01")]
    public void With_an_association_request_and_reply_carry_its_authentication_behind_all_else()
    {
        Share();
        var answer = network.Send(Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network))), Requests.Agent);
        Assert.Equal(RegistrationCode.Accepted, answer.Reply.Code);
        var extensions = answer.Reply.Extensions;
        Assert.IsType<MobileHomeAuthenticationExtension>(extensions[^2]);
        var last = Assert.IsType<ForeignHomeAuthenticationExtension>(extensions[^1]);
        Assert.Equal(300u, last.SecurityParameterIndex);
        Assert.Equal(answer.Octets, Requests.SignAsAgent(answer.Octets.AsSpan(0, answer.Octets.Length - last.GetLength())));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("two")]
    [InlineData("wrong key")]
    [InlineData("wrong SPI")]
    [Trait("Rfc", "5944-3.8.2.1-07")]
    public void Without_exactly_one_right_authentication_of_the_agent_the_request_is_refused_with_132(string fault)
    {
        Share();
        var signed = Requests.Sign(Requests.MakeRelayed(network));
        byte[] octets = fault switch
        {
            "none" => signed,
            "two" => Requests.SignAsAgent(Requests.SignAsAgent(signed)),
            "wrong key" => Requests.SignAsAgent(signed, key: [6]),
            _ => Requests.SignAsAgent(signed, index: 301),
        };
        var reply = network.Send(octets, Requests.Agent).Reply;
        Assert.Equal(RegistrationCode.ForeignAgentFailedAuthentication, reply.Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.SecurityException, Code: 132 });
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.1-04")]
    public void A_deregistration_needs_no_authentication_of_the_agent()
    {
        Share();
        network.Send(Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network))), Requests.Agent);
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Send(Requests.Sign(Requests.MakeRelayed(network) with { Lifetime = 0 }), Requests.Agent).Reply.Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-04")]
    public void An_agent_that_proves_itself_hears_of_every_wrong_authenticator_of_a_node()
    {
        Share();
        byte[] octets = [.. Requests.MakeRelayed(network).ToOctets(), 32, 4, 0, 0, 1, 0];
        Assert.Equal(RegistrationCode.MobileNodeFailedAuthentication, network.Send(Requests.SignAsAgent(octets), Requests.Agent).Reply.Code);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-08")]
    public void Without_an_association_a_request_with_the_authentication_of_an_agent_is_dropped()
    {
        network.Associate(Requests.Home);
        Assert.Empty(network.Inject(network.HomeAgent, Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network))), Requests.Agent));
        Assert.Equal(EventKind.SecurityException, network.Events[^1].Kind);
    }

    [Fact]
    public void The_delivery_style_that_an_agent_should_have_taken_off_is_skipped()
    {
        var octets = Requests.Append(Requests.Sign(Requests.MakeRelayed(network) with { ReverseTunneling = true }), new EncapsulatingDeliveryStyleExtension());
        Assert.Equal(RegistrationCode.Accepted, network.Send(octets, Requests.Agent).Reply.Code);
    }

    private void Share() => network.Associations.Add(SecurityAssociation.BetweenAgents(300, Requests.Agent.Address, Requests.AgentKey));
}
