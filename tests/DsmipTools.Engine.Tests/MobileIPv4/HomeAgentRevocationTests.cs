using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Registration revocation (RFC 3543) with the home agent as initiator and as responder.</summary>
public class HomeAgentRevocationTests
{
    private readonly Network network = new();

    public HomeAgentRevocationTests() => network.Associations.Add(SecurityAssociation.BetweenAgents(300, Requests.Agent.Address, Requests.AgentKey));

    private uint Clock => (uint)(NtpTimestamp.From(network.Now(network.HomeAgent).WallClock) >> 32);

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [Trait("Rfc", "3543-3.2-01")]
    [Trait("Rfc", "3543-3.2-02")]
    [Trait("Rfc", "3543-3.2-03")]
    [Trait("Rfc", "3543-4.2.1-01")]
    public void The_reply_to_an_agent_that_supports_revocation_says_the_same_and_I_only_where_both_want_it(bool asks, bool wants, bool agreed)
    {
        var at = new Network(Network.DefaultOptions with { InformsRevokedNodes = wants });
        at.Associations.Add(SecurityAssociation.BetweenAgents(300, Requests.Agent.Address, Requests.AgentKey));
        var octets = Requests.Append(Requests.Sign(Requests.MakeRelayed(at)), new RevocationSupportExtension { Inform = asks, Timestamp = 1 });
        var reply = at.Send(Requests.SignAsAgent(octets), Requests.Agent).Reply;
        var said = Assert.IsType<RevocationSupportExtension>(reply.Extensions[^2]);
        Assert.Equal((agreed, (uint)(NtpTimestamp.From(at.Now(at.HomeAgent).WallClock) >> 32)), (said.Inform, said.Timestamp));
        Assert.IsType<ForeignHomeAuthenticationExtension>(reply.Extensions[^1]);
    }

    [Fact]
    [Trait("Rfc", "3543-3.2-04")]
    [Trait("Rfc", "3543-3.2-05")]
    [Trait("Rfc", "3543-4.2.1-02")]
    public void Without_the_extension_or_its_protection_there_is_none_in_the_reply()
    {
        Assert.Empty(network.Send(Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network))), Requests.Agent).Reply.Extensions.OfType<RevocationSupportExtension>());
        network.Run(1);
        var unprotected = Requests.Append(Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network))), new RevocationSupportExtension());
        Assert.Empty(network.Send(unprotected, Requests.Agent).Reply.Extensions.OfType<RevocationSupportExtension>());
        network.Run(1);
        // A mobile node that is not co-located has no say.
        var ofNode = Requests.SignAsAgent(Requests.Sign(Requests.MakeRelayed(network, new RevocationSupportExtension())));
        Assert.Empty(network.Send(ofNode, Requests.Agent).Reply.Extensions.OfType<RevocationSupportExtension>());
        Assert.False(Binding()!.AgreedRevocation);
    }

    [Theory]
    [InlineData(RevocationTrigger.AdministrativeReason, true)]
    [InlineData(RevocationTrigger.InterMagHandoverSameAccessType, false)]
    [Trait("Rfc", "3543-3.3-01")]
    [Trait("Rfc", "3543-3.3-02")]
    [Trait("Rfc", "3543-3.3-03")]
    [Trait("Rfc", "3543-4.2.2.1-01")]
    [Trait("Rfc", "3543-4.2.2.1-02")]
    [Trait("Rfc", "3543-4.2.2.1-03")]
    [Trait("Rfc", "3543-4.2.2.1-04")]
    public void A_revocation_ends_the_binding_and_tells_the_agent(RevocationTrigger trigger, bool informs)
    {
        Register();
        network.Run(5);
        var command = Revoke(RevocationRequest.HomeAddress(Requests.Home, trigger));
        Assert.Equal((0, 0), (network.HomeAgent.BindingCount, network.Tunnels.Count));
        var sent = network.Sent[^1];
        Assert.Equal((network.HomeAgent.LocalEndpoint, Requests.Agent), (sent.Envelope.Source, sent.Envelope.Destination));
        var message = Assert.IsType<RegistrationRevocation>(sent.Message);
        Assert.Equal((true, informs, Requests.Home, Requests.Agent.Address, network.HomeAgent.Options.Address), (message.Agent, message.Inform, message.HomeAddress, message.ForeignDomainAddress, message.HomeDomainAddress));
        Assert.Equal(Clock, message.RevocationIdentifier);
        Assert.IsType<ForeignHomeAuthenticationExtension>(Assert.Single(message.Extensions));
        Assert.Empty(network.HomeAgentOutcomes);

        network.Run(0.5);
        network.Inject(network.HomeAgent, Acknowledge(message), Requests.Agent);
        var outcome = Assert.IsType<RevocationOutcome>(network.HomeAgentOutcomes[0].Outcome);
        Assert.Equal((RevocationResult.Acknowledged, Requests.Agent.Address, 1, message.RevocationIdentifier), (outcome.Result, outcome.Peer, outcome.Attempts, outcome.RevocationIdentifier));
        Assert.Equal((command, new RevocationFinished(1, 1)), (network.HomeAgentOutcomes[1].Command, network.HomeAgentOutcomes[1].Outcome));
        network.Run(60);
        Assert.Same(sent, network.Sent.Last(datagram => datagram.Message is RegistrationRevocation));
    }

    [Fact]
    [Trait("Rfc", "3543-3.3-04")]
    [Trait("Rfc", "3543-4.2.2.1-05")]
    [Trait("Rfc", "3543-4.2.2.1-06")]
    [Trait("Rfc", "3543-4.2.2.1-07")]
    [Trait("Rfc", "3543-4.2.2.1-08")]
    public void Without_an_answer_it_is_sent_again_with_a_new_identifier_ever_later_and_never_beyond_the_life_of_the_binding()
    {
        Register(lifetime: 12);
        Revoke(RevocationRequest.HomeAddress(Requests.Home));
        network.Run(60);
        var times = network.Sent.Where(datagram => datagram.Message is RegistrationRevocation).ToList();
        // One second after the reply, then after 1, 2 and 4 seconds; the next one would come after the end.
        Assert.Equal([1, 2, 4, 8], times.Select(datagram => datagram.At.TotalSeconds));
        Assert.Equal(4, times.Select(datagram => ((RegistrationRevocation)datagram.Message).RevocationIdentifier).Distinct().Count());
        var outcome = Assert.IsType<RevocationOutcome>(network.HomeAgentOutcomes[0].Outcome);
        Assert.Equal((RevocationResult.TimedOut, 4), (outcome.Result, outcome.Attempts));
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.RevocationTimedOut);
        network.Run(1);

        // With a life of 5 seconds there is no more than that.
        Register(lifetime: 5);
        var before = network.Sent.Count;
        Revoke(RevocationRequest.HomeAddress(Requests.Home));
        network.Run(60);
        Assert.Equal(3, network.Sent.Skip(before).Count(datagram => datagram.Message is RegistrationRevocation));
    }

    [Theory]
    [InlineData("key", DropReason.BadAuthenticator)]
    [InlineData("none", DropReason.MissingAuthentication)]
    [InlineData("identifier", DropReason.NoMatchingRequest)]
    [InlineData("home address", DropReason.NoMatchingRequest)]
    [InlineData("sender", DropReason.NoMatchingRequest)]
    [Trait("Rfc", "3543-3.4-01")]
    [Trait("Rfc", "3543-3.5-01")]
    [Trait("Rfc", "3543-3.5-04")]
    public void A_false_acknowledgment_is_dropped_and_the_wait_goes_on(string fault, DropReason reason)
    {
        Register();
        network.Run(5);
        Revoke(RevocationRequest.HomeAddress(Requests.Home));
        var message = (RegistrationRevocation)network.Sent[^1].Message;
        var wrong = fault switch
        {
            "identifier" => message with { RevocationIdentifier = message.RevocationIdentifier + 1 },
            "home address" => message with { HomeAddress = "10.1.1.9" },
            _ => message,
        };
        var octets = Acknowledge(wrong, fault == "key" ? [1] : null);
        network.Inject(network.HomeAgent, fault == "none" ? octets[..12] : octets, fault == "sender" ? Requests.Node : Requests.Agent);
        Assert.Empty(network.HomeAgentOutcomes);
        Assert.Equal(1, network.HomeAgent.Counters.Dropped(reason));
        network.Inject(network.HomeAgent, Acknowledge(message), Requests.Agent);
        Assert.Equal(2, network.HomeAgentOutcomes.Count);
    }

    [Fact]
    [Trait("Rfc", "3543-3.2-06")]
    [Trait("Rfc", "3543-4.2.1-03")]
    public void A_co_located_node_that_is_registered_directly_is_told_itself_under_its_own_key()
    {
        var reply = network.Ask(Requests.Make(network, new RevocationSupportExtension { Timestamp = 5 }));
        Assert.False(Assert.Single(reply.Extensions.OfType<RevocationSupportExtension>()).Inform);
        network.Run(5);
        Revoke(RevocationRequest.Peer(Requests.CareOf));
        var sent = network.Sent[^1];
        var message = (RegistrationRevocation)sent.Message;
        Assert.Equal((Requests.Node with { Port = 434 }, true), (sent.Envelope.Destination, message.Inform));
        Assert.Equal(256u, Assert.IsType<MobileHomeAuthenticationExtension>(Assert.Single(message.Extensions)).SecurityParameterIndex);
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Network.KeyOf(Requests.Home));
        var acknowledgment = new RegistrationRevocationAcknowledgment { HomeAddress = Requests.Home, RevocationIdentifier = message.RevocationIdentifier };
        network.Inject(network.HomeAgent, RegistrationAuthentication.Sign(acknowledgment, 256, authenticator).ToOctets().ToArray(), Requests.Node with { Port = 434 });
        Assert.Equal(RevocationResult.Acknowledged, Assert.IsType<RevocationOutcome>(network.HomeAgentOutcomes[0].Outcome).Result);
    }

    [Fact]
    public void Who_did_not_agree_is_not_told_and_the_binding_ends_here()
    {
        network.Ask(Requests.Make(network, MobileNodeNaiExtension.Create("a@example.com")));
        network.Run(5);
        var sent = network.Sent.Count;
        Assert.Equal([new RevocationPreview("ha1", Requests.CareOf, 1)], network.HomeAgent.Preview(RevocationRequest.Realm("example.com")));
        Revoke(RevocationRequest.Realm("example.com"));
        Assert.Equal((sent, 0), (network.Sent.Count, network.HomeAgent.BindingCount));
        Assert.Equal(RevocationResult.NotTold, Assert.IsType<RevocationOutcome>(network.HomeAgentOutcomes[0].Outcome).Result);
        Assert.Throws<ArgumentException>(() => network.HomeAgent.Preview(RevocationRequest.Gateway()));
        Revoke(RevocationRequest.MobileNode("a@example.com"));
        Assert.Equal(new RevocationFinished(0, 0), network.HomeAgentOutcomes[^1].Outcome);
    }

    [Fact]
    public void A_registration_makes_an_outstanding_revocation_void()
    {
        Register();
        network.Run(5);
        Revoke(RevocationRequest.HomeAddress(Requests.Home));
        network.Run(0.5);
        Register();
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(network.HomeAgentOutcomes[0].Outcome).Result);
        var sent = network.Sent.Count;
        network.Run(30);
        Assert.Equal((sent, 1), (network.Sent.Count, network.HomeAgent.BindingCount));
    }

    [Fact]
    [Trait("Rfc", "3543-4.2.2.1-09")]
    public void The_agent_that_a_node_has_left_is_told_and_asked_not_to_inform_it()
    {
        Register();
        network.Run(5);
        network.Ask(Requests.Make(network));
        network.Run(2);
        var message = Assert.IsType<RegistrationRevocation>(network.Sent[^1].Message);
        Assert.Equal((false, Requests.Agent.Address), (message.Inform, message.ForeignDomainAddress));
        Assert.Equal(1, network.HomeAgent.BindingCount);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [Trait("Rfc", "3543-3.4-02")]
    [Trait("Rfc", "3543-3.4-03")]
    [Trait("Rfc", "3543-3.5-03")]
    [Trait("Rfc", "3543-4.2.3.2-01")]
    [Trait("Rfc", "3543-4.2.3.2-03")]
    [Trait("Rfc", "3543-4.2.3.2-04")]
    public void A_revocation_of_the_agent_ends_the_binding_and_is_acknowledged(bool asks, bool informs)
    {
        Register();
        network.Run(5);
        var answer = Assert.Single(network.Inject(network.HomeAgent, OfAgent(Clock, inform: asks), Requests.Agent with { Port = 5000 }));
        Assert.Equal((network.HomeAgent.LocalEndpoint, Requests.Agent with { Port = 5000 }), (answer.Envelope.Source, answer.Envelope.Destination));
        var acknowledgment = Assert.IsType<RegistrationRevocationAcknowledgment>(answer.Message);
        Assert.Equal((informs, Requests.Home, Clock), (acknowledgment.Inform, acknowledgment.HomeAddress, acknowledgment.RevocationIdentifier));
        Assert.IsType<ForeignHomeAuthenticationExtension>(Assert.Single(acknowledgment.Extensions));
        Assert.Equal((0, 0), (network.HomeAgent.BindingCount, network.Tunnels.Count));
        // The acknowledgment was lost: a later one is acknowledged as well.
        Assert.Single(network.Inject(network.HomeAgent, OfAgent(Clock + 1), Requests.Agent));
    }

    [Theory]
    [InlineData("replayed")]
    [InlineData("before the registration")]
    [InlineData("reflected")]
    [InlineData("other home agent")]
    [InlineData("wrong key")]
    [InlineData("unprotected")]
    [InlineData("stranger")]
    [Trait("Rfc", "3543-3.3-05")]
    [Trait("Rfc", "3543-3.5-02")]
    [Trait("Rfc", "3543-4.2.3.2-01")]
    [Trait("Rfc", "3543-4.2.3.2-02")]
    public void A_false_revocation_is_dropped(string fault)
    {
        Register();
        network.Run(5);
        var first = OfAgent(Clock);
        network.Inject(network.HomeAgent, first, Requests.Agent);
        network.Run(3);
        Register();
        network.Run(5);
        var octets = fault switch
        {
            "replayed" => first,
            "before the registration" => OfAgent(Clock - 6),
            "reflected" => OfAgent(Clock, agent: true),
            "other home agent" => OfAgent(Clock, homeAgent: "192.0.2.9"),
            "wrong key" => OfAgent(Clock, key: [1]),
            "unprotected" => OfAgent(Clock)[..24],
            _ => OfAgent(Clock),
        };
        Assert.Empty(network.Inject(network.HomeAgent, octets, fault == "stranger" ? Requests.Node : Requests.Agent));
        Assert.Equal(1, network.HomeAgent.BindingCount);
        Assert.NotEmpty(network.Inject(network.HomeAgent, OfAgent(Clock), Requests.Agent));
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void An_agent_that_the_node_has_left_is_acknowledged_and_changes_nothing()
    {
        Register();
        network.Run(5);
        network.Ask(Requests.Make(network));
        Assert.Single(network.Inject(network.HomeAgent, OfAgent(Clock), Requests.Agent));
        Assert.Equal(1, network.HomeAgent.BindingCount);
    }

    private void Register(ushort lifetime = 600)
    {
        var octets = Requests.Append(
            Requests.Sign(Requests.MakeRelayed(network) with { Lifetime = lifetime }), new RevocationSupportExtension { Inform = true, Timestamp = Clock });
        Assert.Equal(RegistrationCode.Accepted, network.Send(Requests.SignAsAgent(octets), Requests.Agent).Reply.Code);
        Assert.True(Binding()!.AgreedRevocation);
    }

    private long Revoke(RevocationRequest request)
    {
        var command = network.HomeAgent.Revoke(request, network.Now(network.HomeAgent));
        network.Drain(network.HomeAgent);
        return command;
    }

    private MobileIPv4Binding? Binding() => network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent));

    private static byte[] Acknowledge(RegistrationRevocation message, byte[]? key = null) => Requests.SignAsAgent(
        new RegistrationRevocationAcknowledgment { HomeAddress = message.HomeAddress, RevocationIdentifier = message.RevocationIdentifier }.ToOctets().ToArray(), key);

    private static byte[] OfAgent(uint identifier, bool inform = false, bool agent = false, Address? homeAgent = null, byte[]? key = null) => Requests.SignAsAgent(
        new RegistrationRevocation
        {
            Agent = agent,
            Inform = inform,
            HomeAddress = Requests.Home,
            HomeDomainAddress = homeAgent ?? "192.0.2.1",
            ForeignDomainAddress = Requests.Agent.Address,
            RevocationIdentifier = identifier,
        }.ToOctets().ToArray(),
        key);
}
