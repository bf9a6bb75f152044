using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.7.2: requests that a foreign agent relays, and those that it denies.</summary>
public sealed class ForeignAgentRequestTests
{
    private static readonly SecurityAssociation mobileForeign = new(300, ForeignSite.Home, "mobile node to foreign agent"u8) { Kind = SecurityAssociationKind.MobileForeign };
    private static readonly SecurityAssociation foreignHome = SecurityAssociation.BetweenAgents(400, ForeignSite.HomeAgent, "foreign agent to home agent"u8);

    [Fact]
    [Trait("Rfc", "5944-3.7-02")]
    [Trait("Rfc", "5944-3.7.2.2-01")]
    [Trait("Rfc", "5944-3.7.2.2-02")]
    [Trait("Rfc", "5944-3.7.2.2-03")]
    [Trait("Rfc", "5944-3.7.2.2-06")]
    [Trait("Rfc", "5454-3.4-01")]
    [Trait("Rfc", "5944-3.7.1-01")]
    [Trait("Rfc", "5944-3.7.2-03")]
    public void A_request_goes_on_as_far_as_the_home_agent_can_prove_it()
    {
        using var site = new ForeignSite();
        var request = site.Ask(
            asked => asked with { Extensions = [new MobileNodeNaiExtension { Nai = "mn7@example.com"u8.ToArray() }, new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" }] },
            new MobileForeignChallengeExtension { Challenge = new byte[] { 1, 2, 3, 4 } });
        site.SendOnLink(request);
        var relayed = Assert.Single(site.Relayed);
        Assert.Equal(new Envelope(Transport.MobileIPv4Udp, new Endpoint(ForeignSite.CareOf, 434), new Endpoint(ForeignSite.HomeAgent, 434)), relayed.Envelope);
        Assert.Equal(request with { Extensions = [.. request.Extensions.Take(3)] }, site.LastRelayed);
        Assert.Empty(site.Answered);
        var waiting = (MobileIPv4Binding)Assert.Single(site.Agent.Scan(BindingFilter.All).Read(10, site.Now));
        Assert.Equal((BindingState.Pending, "mn7@example.com", ForeignSite.Home), (waiting.State, waiting.Identifier, waiting.HomeAddress));
        Assert.Equal((0, 1), (site.Agent.BindingCount, site.Agent.PendingCount));
    }

    public static TheoryData<RegistrationCode, Func<RegistrationRequest, RegistrationRequest>, string> Denials => new()
    {
        { RegistrationCode.ForeignAgentInvalidCareOfAddress, asked => asked with { CareOfAddress = "198.51.1.2" }, "198.51.1.2 is not offered here" },
        { RegistrationCode.ForeignAgentRequestedLifetimeTooLong, asked => asked with { Lifetime = 601 }, "the lifetime is too long" },
        { RegistrationCode.ForeignAgentRequestedLifetimeTooLong, asked => asked with { Lifetime = 65535 }, "the lifetime is too long" },
        { RegistrationCode.ForeignAgentInvalidHomeAgentAddress, asked => asked with { HomeAgent = ForeignSite.CareOf }, "the home agent's address is this agent's" },
        { RegistrationCode.ForeignAgentNonzeroHomeAgentAddressRequired, asked => asked with { HomeAgent = "0.0.0.0" }, "no home agent is named" },
        { RegistrationCode.ForeignAgentNonzeroHomeAgentAddressRequired, asked => asked with { HomeAgent = "255.255.255.255" }, "no home agent is named" },
        { RegistrationCode.ForeignAgentPoorlyFormedRequest, asked => asked with { HomeAgent = "224.0.0.1" }, "the home agent's address is a multicast address" },
        { RegistrationCode.ForeignAgentRequestedEncapsulationUnavailable, asked => asked with { MinimalEncapsulation = true }, "the encapsulation is not offered here" },
        { RegistrationCode.ForeignAgentRequestedEncapsulationUnavailable, asked => asked with { GreEncapsulation = true }, "the encapsulation is not offered here" },
        { RegistrationCode.ForeignAgentPoorlyFormedRequest, asked => asked with { Extensions = [new EncapsulatingDeliveryStyleExtension()], ReverseTunneling = true }, "an Encapsulating Delivery Style extension where none belongs" },
    };

    [Theory]
    [MemberData(nameof(Denials))]
    [Trait("Rfc", "5944-3.7.2-01")]
    [Trait("Rfc", "5944-3.7.2-02")]
    [Trait("Rfc", "5944-3.7.2-03")]
    [Trait("Rfc", "5944-3.7.2.1-03")]
    [Trait("Rfc", "5944-3.7.2.3-01")]
    [Trait("Rfc", "5944-3.7.2.3-02")]
    [Trait("Rfc", "5944-3.7.2.3-03")]
    [Trait("Rfc", "5944-3.7.2.3-04")]
    [Trait("Rfc", "3024-4.2.1-01")]
    public void A_request_that_cannot_be_served_is_denied(RegistrationCode code, Func<RegistrationRequest, RegistrationRequest> change, string why)
    {
        using var site = new ForeignSite(options => options with { MaximumLifetime = TimeSpan.FromSeconds(600) });
        var request = site.Ask(change);
        site.SendOnLink(request);
        Assert.Empty(site.Relayed);
        var reply = site.LastReply;
        Assert.Equal((code, request.HomeAddress, request.HomeAgent, request.Identification), (reply.Code, reply.HomeAddress, reply.HomeAgent, reply.Identification));
        Assert.Equal(code == RegistrationCode.ForeignAgentRequestedLifetimeTooLong ? 600 : request.Lifetime, reply.Lifetime);
        Assert.Empty(reply.Extensions);
        Assert.Equal(new Envelope(Transport.MobileIPv4Udp, new Endpoint(ForeignSite.CareOf, 434), new Endpoint(ForeignSite.Home, 40000)), site.Answered[0].Envelope);
        Assert.Contains(site.Events, happened => happened.Kind == EventKind.BindingRefused && happened.Code == (byte)code && happened.Detail == why);
        Assert.Equal(1, site.Agent.Counters[MessageKind.RegistrationReply, Direction.Sent, (int)code]);
        Assert.Equal(0, site.Agent.PendingCount);
    }

    [Fact]
    public void Without_a_proof_for_the_home_agent_nothing_goes_there()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask() with { Extensions = [] });
        Assert.Empty(site.Relayed);
        Assert.Equal(RegistrationCode.ForeignAgentPoorlyFormedRequest, site.LastReply.Code);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.2-02")]
    public void Denials_to_one_node_are_a_second_apart()
    {
        using var site = new ForeignSite();
        for (var time = 0; time < 10; time++)
        {
            site.SendOnLink(site.Ask(asked => asked with { MinimalEncapsulation = true }));
            site.Run(0.2);
        }

        Assert.Equal(2, site.Answered.Count);
        site.SendOnLink(site.Ask(asked => asked with { MinimalEncapsulation = true, HomeAddress = "10.1.1.8" }));
        Assert.Equal(3, site.Answered.Count);
        Assert.Equal(11, site.Events.Count(happened => happened.Kind == EventKind.BindingRefused));
    }

    [Fact]
    public void A_flood_of_forged_home_addresses_gets_a_bounded_number_of_denials()
    {
        using var site = new ForeignSite();
        for (uint number = 0; number < 10_000; number++)
        {
            site.SendOnLink(site.Ask(asked => asked with { MinimalEncapsulation = true, HomeAddress = Address.FromIPv4(0x0A020000 + number) }));
        }

        Assert.Equal(4096, site.Answered.Count);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.2.3-05")]
    public void A_request_to_all_mobility_agents_is_answered_from_the_agents_own_address()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask(asked => asked with { MinimalEncapsulation = true }), destination: "224.0.0.11");
        Assert.Equal(new Endpoint(ForeignSite.CareOf, 434), site.Answered[0].Envelope.Source);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.1-04")]
    [Trait("Rfc", "5944-3.7.2.3-06")]
    [Trait("Rfc", "5944-3.7.3.1-03")]
    public void A_node_without_a_home_address_is_known_by_its_identifier()
    {
        using var site = new ForeignSite();
        var request = site.Ask(asked => asked with { HomeAddress = "0.0.0.0", Extensions = [new MobileNodeNaiExtension { Nai = "mn7@example.com"u8.ToArray() }] });
        site.SendOnLink(request, source: "0.0.0.0");
        site.SendReply(site.AnswerTo(request, change: reply => reply with
        {
            HomeAddress = ForeignSite.Home, Extensions = [new MobileNodeNaiExtension { Nai = "mn7@example.com"u8.ToArray() }],
        }));
        Assert.Equal(new Endpoint(ForeignSite.Home, 40000), site.Answered[^1].Envelope.Destination);
        Assert.Equal("mn7@example.com", site.Agent.Find(ForeignSite.Home, site.Now)!.Identifier);
        // Another identifier is another node.
        var other = site.Ask(asked => asked with { HomeAddress = "0.0.0.0", Extensions = [new MobileNodeNaiExtension { Nai = "mn8@example.com"u8.ToArray() }] });
        site.SendOnLink(other, source: "0.0.0.0");
        site.SendReply(site.AnswerTo(other, change: reply => reply with
        {
            HomeAddress = "10.1.1.8", Extensions = [new MobileNodeNaiExtension { Nai = "mn7@example.com"u8.ToArray() }],
        }));
        Assert.Equal(1, site.Agent.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.1-05")]
    [Trait("Rfc", "5944-3.7.2.3-06")]
    public void Without_an_identifier_a_home_address_is_required()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask(asked => asked with { HomeAddress = "0.0.0.0" }), source: "0.0.0.0");
        Assert.Equal(RegistrationCode.ForeignAgentNonzeroHomeAddressRequired, site.LastReply.Code);
        Assert.Equal(new Endpoint("255.255.255.255", 40000), site.Answered[0].Envelope.Destination);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.1-06")]
    public void Only_so_many_requests_wait()
    {
        using var site = new ForeignSite(options => options with { MaximumPendingRegistrations = 2 });
        site.SendOnLink(site.Ask());
        site.SendOnLink(site.Ask());
        site.SendOnLink(site.Ask(asked => asked with { HomeAddress = "10.1.1.8" }));
        Assert.Equal(2, site.Relayed.Count);
        Assert.Equal(RegistrationCode.ForeignAgentInsufficientResources, site.LastReply.Code);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.1-07")]
    [Trait("Rfc", "5944-3.7.2.2-07")]
    public void A_home_agent_that_says_nothing_for_seven_seconds_is_a_timeout()
    {
        using var site = new ForeignSite();
        var request = site.Ask();
        site.SendOnLink(request);
        site.Run(6.9);
        Assert.Empty(site.Answered);
        site.Run(0.2);
        Assert.Equal((RegistrationCode.ForeignAgentRegistrationTimeout, 0), (site.LastReply.Code, site.Agent.PendingCount));
        site.SendReply(site.AnswerTo(request));
        Assert.Equal((0, 1), (site.Agent.BindingCount, site.Answered.Count));
    }

    [Fact]
    public void A_request_waits_no_longer_than_its_lifetime()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask(asked => asked with { Lifetime = 2 }));
        site.Run(2.1);
        Assert.Equal(0, site.Agent.PendingCount);
    }

    [Theory]
    [Trait("Rfc", "5944-3.7.3-02")]
    [InlineData(IcmpV4DestinationUnreachableCode.NetUnreachable, RegistrationCode.ForeignAgentHomeNetworkUnreachable)]
    [InlineData(IcmpV4DestinationUnreachableCode.HostUnreachable, RegistrationCode.ForeignAgentHomeAgentHostUnreachable)]
    [InlineData(IcmpV4DestinationUnreachableCode.PortUnreachable, RegistrationCode.ForeignAgentHomeAgentPortUnreachable)]
    [InlineData(IcmpV4DestinationUnreachableCode.CommunicationAdministrativelyProhibited, RegistrationCode.ForeignAgentHomeAgentUnreachable)]
    public void What_ICMP_says_of_the_home_agent_the_node_is_told(IcmpV4DestinationUnreachableCode said, RegistrationCode code)
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask());
        site.Do((agent, now) => agent.ReceiveError(new Endpoint("192.0.2.99", 434), said, now));
        site.Do((agent, now) => agent.ReceiveError(new Endpoint(ForeignSite.HomeAgent, 53), said, now));
        Assert.Empty(site.Answered);
        site.Do((agent, now) => agent.ReceiveError(new Endpoint(ForeignSite.HomeAgent, 434), said, now));
        Assert.Equal((code, 0), (site.LastReply.Code, site.Agent.PendingCount));
    }

    [Fact]
    [Trait("Rfc", "5944-2.1.1-06")]
    public void A_busy_agent_takes_no_other_node_and_goes_on_with_those_it_has()
    {
        using var site = new ForeignSite(options => options with { MaximumVisitors = 1 });
        site.Register();
        Assert.True(site.Agent.IsBusy);
        site.SendOnLink(site.Ask(asked => asked with { HomeAddress = "10.1.1.8" }));
        Assert.Equal(RegistrationCode.ForeignAgentInsufficientResources, site.LastReply.Code);
        site.Register();
        Assert.Equal(RegistrationCode.Accepted, site.LastReply.Code);
    }

    [Fact]
    public void A_visitors_home_address_is_not_taken_through_another_home_agent()
    {
        using var site = new ForeignSite();
        site.Register();
        site.SendOnLink(site.Ask(asked => asked with { HomeAgent = "192.0.2.66" }));
        Assert.Equal(RegistrationCode.ForeignAgentAdministrativelyProhibited, site.LastReply.Code);
        Assert.Single(site.Relayed);
    }

    [Fact]
    [Trait("Rfc", "5944-3.5.3-01")]
    [Trait("Rfc", "5944-3.7.1-10")]
    [Trait("Rfc", "5944-3.7.3.2-07")]
    public void With_an_association_the_node_proves_itself_to_the_foreign_agent_and_the_other_way_round()
    {
        using var site = new ForeignSite();
        site.Associations.Add(mobileForeign);
        var request = ForeignSite.Sign(site.Ask(), mobileForeign, ExtensionType.MobileForeignAuthentication);
        site.SendOnLink(request);
        Assert.Single(site.LastRelayed.Extensions);
        site.SendReply(site.AnswerTo(request));
        Assert.Equal([ExtensionType.MobileHomeAuthentication, ExtensionType.MobileForeignAuthentication], site.LastReply.Extensions.Select(extension => extension.Type));
        using var authenticator = mobileForeign.CreateAuthenticator();
        Assert.True(Verifies(site.Answered[^1].Octets, authenticator, ExtensionType.MobileForeignAuthentication));
    }

    public static TheoryData<string, DropReason> Forgeries => new()
    {
        { "none", DropReason.MissingAuthentication },
        { "twice", DropReason.BadAuthenticator },
        { "wrong key", DropReason.BadAuthenticator },
        { "wrong SPI", DropReason.NoSecurityAssociation },
        { "before", DropReason.MissingAuthentication },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Rfc", "5944-3.7.2.1-04")]
    [Trait("Rfc", "5944-3.7.2.1-05")]
    [Trait("Rfc", "5944-3.7.2.1-06")]
    public void A_node_that_does_not_prove_itself_is_a_security_exception(string forgery, DropReason reason)
    {
        using var site = new ForeignSite();
        site.Associations.Add(mobileForeign);
        var other = new SecurityAssociation(301, ForeignSite.Home, "mobile node to foreign agent"u8);
        var wrong = new SecurityAssociation(300, ForeignSite.Home, "somebody else's"u8);
        const ExtensionType Kind = ExtensionType.MobileForeignAuthentication;
        var request = site.Ask();
        site.SendOnLink(forgery switch
        {
            "twice" => ForeignSite.Sign(ForeignSite.Sign(request, mobileForeign, Kind), mobileForeign, Kind),
            "wrong key" => ForeignSite.Sign(request, wrong, Kind),
            "wrong SPI" => ForeignSite.Sign(request, other, Kind),
            "before" => ForeignSite.Sign(ForeignSite.Sign(request with { Extensions = [] }, mobileForeign, Kind), site.MobileHome, ExtensionType.MobileHomeAuthentication),
            _ => request,
        });
        Assert.Empty(site.Relayed);
        Assert.Contains(site.Events, happened => happened.Kind == EventKind.SecurityException && happened.Drop == reason && happened.Peer == ForeignSite.Home);
        Assert.Equal(RegistrationCode.ForeignAgentMobileNodeFailedAuthentication, site.LastReply.Code);
        using var authenticator = mobileForeign.CreateAuthenticator();
        Assert.True(Verifies(site.Answered[^1].Octets, authenticator, Kind));
    }

    [Theory]
    [Trait("Rfc", "5944-3.5.4-01")]
    [Trait("Rfc", "5944-3.5.4-02")]
    [Trait("Rfc", "5944-3.5.4-05")]
    [Trait("Rfc", "5944-3.5.4-06")]
    [Trait("Rfc", "5944-3.7.1-08")]
    [Trait("Rfc", "5944-3.7.2.2-05")]
    [InlineData(300, false, true)]
    [InlineData(0, false, false)]
    [InlineData(300, true, false)]
    public void It_proves_itself_to_the_home_agent_for_registrations_of_its_own_care_of_address(ushort lifetime, bool isCoLocated, bool isProved)
    {
        using var site = new ForeignSite();
        site.Associations.Add(foreignHome);
        site.SendOnLink(site.Ask(asked => asked with
        {
            Lifetime = lifetime, DecapsulationByMobileNode = isCoLocated, CareOfAddress = isCoLocated ? "198.51.1.77" : ForeignSite.CareOf,
        }));
        Assert.Equal(isProved, site.LastRelayed.Extensions[^1].Type == ExtensionType.ForeignHomeAuthentication);
        using var authenticator = foreignHome.CreateAuthenticator();
        Assert.Equal(isProved, Verifies(site.Relayed[0].Octets, authenticator, ExtensionType.ForeignHomeAuthentication));
    }

    [Theory]
    [Trait("Rfc", "3024-4.2.1-02")]
    [Trait("Rfc", "3024-4.2.1-03")]
    [Trait("Rfc", "3024-4.2.1-04")]
    [InlineData(true, true, false, 255, null)]
    [InlineData(true, true, false, 254, RegistrationCode.ForeignAgentMobileNodeTooDistant)]
    [InlineData(false, true, false, 254, null)]
    [InlineData(true, false, false, 255, RegistrationCode.ForeignAgentReverseTunnelUnavailable)]
    [InlineData(false, true, true, 255, RegistrationCode.ForeignAgentReverseTunnelMandatory)]
    [InlineData(true, true, true, 255, null)]
    public void Reverse_tunnels_are_offered_refused_or_mandatory(bool asks, bool offers, bool requires, byte timeToLive, RegistrationCode? code)
    {
        using var site = new ForeignSite(options => options with { ReverseTunneling = offers, RequiresReverseTunneling = requires });
        site.SendOnLink(site.Ask(asked => asked with { ReverseTunneling = asks }), timeToLive);
        Assert.Equal(code is null ? 1 : 0, site.Relayed.Count);
        Assert.Equal(code, site.Answered.Count == 0 ? null : site.LastReply.Code);
    }

    [Fact]
    [Trait("Rfc", "3024-3.3-01")]
    public void The_delivery_style_is_for_the_foreign_agent_alone()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask(asked => asked with { ReverseTunneling = true }, new EncapsulatingDeliveryStyleExtension()));
        Assert.Equal(ExtensionType.MobileHomeAuthentication, Assert.Single((IEnumerable<Extension>)site.LastRelayed.Extensions).Type);
        site.SendOnLink(site.Ask(null, new EncapsulatingDeliveryStyleExtension()));
        Assert.Equal(RegistrationCode.ForeignAgentPoorlyFormedRequest, site.LastReply.Code);
    }

    [Fact]
    public void An_extension_that_nobody_may_ignore_drops_the_request()
    {
        using var site = new ForeignSite();
        site.SendOnLink(site.Ask(asked => asked with { Extensions = [new UnknownExtension { ExtensionType = 99, Data = new byte[] { 1 } }] }));
        site.SendOnLink(site.Ask(null, new UnknownExtension { ExtensionType = 99, Data = new byte[] { 1 } }));
        Assert.Equal((0, 0, 2L), (site.Relayed.Count, site.Answered.Count, site.Agent.Counters.Dropped(DropReason.UnknownExtension)));
        site.SendOnLink(site.Ask(asked => asked with { Extensions = [new UnknownExtension { ExtensionType = 222, Data = new byte[] { 1 } }] }));
        Assert.Equal(2, site.LastRelayed.Extensions.Count);
    }

    [Fact]
    public void Over_UDP_it_relays_and_answers_where_the_request_came_from()
    {
        using var site = new ForeignSite(options => options with { HomeAgentPort = 4340 });
        var request = site.Ask(asked => asked with { ReverseTunneling = true });
        site.Send(request);
        Assert.Equal(new Endpoint(ForeignSite.HomeAgent, 4340), site.Relayed[0].Envelope.Destination);
        site.SendReply(site.AnswerTo(request));
        Assert.Equal(new Endpoint("127.0.0.7", 40000), site.Answered[0].Envelope.Destination);
        Assert.Equal(1, site.Agent.BindingCount);
    }

    private static bool Verifies(byte[] octets, Wire.Security.MessageAuthenticator authenticator, ExtensionType type)
    {
        var extensions = octets[0] == 1
            ? RegistrationRequestView.TryParse(octets, out var request, out _) ? request.Extensions : default
            : RegistrationReplyView.TryParse(octets, out var reply, out _) ? reply.Extensions : default;
        foreach (var extension in extensions)
        {
            if (extension.Type == type)
            {
                return Wire.Security.RegistrationAuthentication.Verify(octets, extension, authenticator);
            }
        }

        return false;
    }
}
