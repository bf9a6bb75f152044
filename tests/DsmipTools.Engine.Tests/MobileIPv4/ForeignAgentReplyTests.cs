using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.7.3: replies that a foreign agent relays, and the visitor list after them.</summary>
public sealed class ForeignAgentReplyTests
{
    private static readonly SecurityAssociation foreignHome = SecurityAssociation.BetweenAgents(400, ForeignSite.HomeAgent, "foreign agent to home agent"u8);

    [Fact]
    [Trait("Rfc", "5944-3.7.1-03")]
    [Trait("Rfc", "5944-3.7.3-01")]
    [Trait("Rfc", "5944-3.7.3.2-01")]
    [Trait("Rfc", "5944-3.7.3.2-04")]
    [Trait("Rfc", "5944-3.7.3.2-06")]
    [Trait("Rfc", "5944-3.7.3.2-08")]
    public void An_acceptance_makes_a_visitor_whose_tunnel_is_up_before_it_hears_of_it()
    {
        using var site = new ForeignSite();
        var request = site.Ask();
        site.SendOnLink(request);
        site.Run(1);
        site.Effects.Clear();
        var reply = site.AnswerTo(request, change: answer => answer with { Lifetime = 200 });
        site.SendReply(reply with { Extensions = [.. reply.Extensions, new UnknownExtension { ExtensionType = 222, Data = new byte[] { 1 } }] });
        Assert.Equal(reply, site.LastReply);
        Assert.Equal(
            [EffectKind.TunnelUp, EffectKind.RouteAdd, EffectKind.SendOnLink],
            site.Effects.Select(effect => effect.Kind).Where(kind => kind is EffectKind.TunnelUp or EffectKind.RouteAdd or EffectKind.SendOnLink));
        var route = site.Effects.Single(effect => effect.Kind == EffectKind.RouteAdd).Route!;
        Assert.Equal((Destination.Of(ForeignSite.Home), 3L, DeliveryStyle.NoReverseTunnel, TunnelEnd.Access), (route.Destination, route.Link, route.Delivery, route.Tunnel.End));
        var visitor = site.Agent.Find(ForeignSite.Home, site.Now)!;
        Assert.Equal((200.0, 200.0, ForeignSite.HomeAgent), (visitor.LifetimeGranted.TotalSeconds, visitor.LifetimeRemaining.TotalSeconds, visitor.HomeAgent));
        site.Run(199);
        Assert.Equal(1, site.Agent.BindingCount);
        site.Run(2);
        Assert.Equal((0, 0), (site.Agent.BindingCount, site.Agent.TunnelUses));
        // RFC 5944, 3.7: nobody is told of the end.
        Assert.Equal((1, 1), (site.Relayed.Count, site.Answered.Count));
        Assert.Contains(site.Events, happened => happened.Kind == EventKind.BindingExpired && happened.HomeAddress == ForeignSite.Home);
    }

    [Theory]
    [Trait("Rfc", "5944-3.4-02")]
    [Trait("Rfc", "5944-3.7.3.2-02")]
    [InlineData(100, 300, 100)]
    [InlineData(500, 300, 300)]
    [InlineData(65535, 300, 300)]
    public void The_lifetime_is_the_shortest_of_all(ushort granted, ushort asked, int held)
    {
        using var site = new ForeignSite();
        var request = site.Ask(wanted => wanted with { Lifetime = asked });
        site.SendOnLink(request);
        site.SendReply(site.AnswerTo(request, change: answer => answer with { Lifetime = granted }));
        Assert.Equal(held, site.Agent.Find(ForeignSite.Home, site.Now)!.LifetimeGranted.TotalSeconds);
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.2-05")]
    [Trait("Rfc", "5944-3.7.2-07")]
    [Trait("Rfc", "5944-3.7.2-08")]
    [Trait("Rfc", "5944-3.7.3.2-05")]
    public void A_denial_leaves_the_visitor_as_it_was()
    {
        using var site = new ForeignSite();
        site.Register();
        var before = site.Agent.Find(ForeignSite.Home, site.Now);
        var request = site.Ask(asked => asked with { ReverseTunneling = true, Lifetime = 100 });
        site.SendOnLink(request);
        Assert.Equal((before, 1), (site.Agent.Find(ForeignSite.Home, site.Now), site.Agent.PendingCount));
        site.SendReply(site.AnswerTo(request, RegistrationCode.IdentificationMismatch));
        Assert.Equal(RegistrationCode.IdentificationMismatch, site.LastReply.Code);
        Assert.Equal((before, 0), (site.Agent.Find(ForeignSite.Home, site.Now), site.Agent.PendingCount));
    }

    [Fact]
    [Trait("Rfc", "5944-3.7-03")]
    [Trait("Rfc", "5944-3.7.2-06")]
    [Trait("Rfc", "5944-3.7.3.2-03")]
    [Trait("Rfc", "5944-3.7-04")]
    public void A_deregistration_ends_the_visit_when_the_home_agent_has_said_so()
    {
        using var site = new ForeignSite();
        site.Register();
        var request = site.Ask(asked => asked with { Lifetime = 0, CareOfAddress = ForeignSite.Home });
        site.SendOnLink(request);
        Assert.Equal(1, site.Agent.BindingCount);
        site.SendReply(site.AnswerTo(request));
        Assert.Equal((0, 0, 0), (site.Agent.BindingCount, site.Agent.PendingCount, site.Agent.TunnelUses));
        Assert.Equal(0, site.LastReply.Lifetime);
        Assert.Equal([EffectKind.RouteRemove, EffectKind.TunnelDown], site.Effects.Select(effect => effect.Kind).Where(kind => kind is EffectKind.RouteRemove or EffectKind.TunnelDown));
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.3.1-02")]
    [Trait("Rfc", "5944-3.7.3.1-04")]
    [Trait("Rfc", "5944-3.7.3.1-05")]
    public void A_reply_that_answers_nothing_is_dropped()
    {
        using var site = new ForeignSite();
        var request = site.Ask();
        site.SendOnLink(request);
        site.SendReply(site.AnswerTo(request, change: reply => reply with { Identification = request.Identification ^ 1 }));
        site.SendReply(site.AnswerTo(request, change: reply => reply with { HomeAddress = "10.1.1.8" }));
        Assert.Equal((0, 1, 2L), (site.Answered.Count, site.Agent.PendingCount, site.Agent.Counters.Dropped(DropReason.NoMatchingRequest)));
        // The high 32 bits are the home agent's, with code 133.
        site.SendReply(site.AnswerTo(request, RegistrationCode.IdentificationMismatch, reply => reply with { Identification = request.Identification ^ (1UL << 40) }));
        Assert.Single(site.Answered);
        site.SendReply(site.AnswerTo(request));
        Assert.Equal((1, 0), (site.Answered.Count, site.Agent.BindingCount));
    }

    [Fact]
    public void A_reply_of_somebody_else_is_a_security_exception()
    {
        using var site = new ForeignSite();
        var request = site.Ask();
        site.SendOnLink(request);
        site.SendReply(site.AnswerTo(request), source: "192.0.2.66");
        Assert.Equal((0, 1), (site.Answered.Count, site.Agent.PendingCount));
        Assert.Contains(site.Events, happened => happened is { Kind: EventKind.SecurityException, Drop: DropReason.NotAPeer });
        // What a home agent says of itself, asked as one of many, changes nothing here.
        site.SendReply(site.AnswerTo(request, RegistrationCode.UnknownHomeAgentAddress), source: "192.0.2.66");
        Assert.Equal((RegistrationCode.UnknownHomeAgentAddress, 0), (site.LastReply.Code, site.Agent.BindingCount));
    }

    [Theory]
    [Trait("Rfc", "5944-3.7.1-09")]
    [Trait("Rfc", "5944-3.7.3.1-06")]
    [Trait("Rfc", "5944-3.7.3.1-07")]
    [Trait("Rfc", "5944-3.7.3.1-08")]
    [InlineData("right", DropReason.None)]
    [InlineData("none", DropReason.MissingAuthentication)]
    [InlineData("twice", DropReason.BadAuthenticator)]
    [InlineData("wrong key", DropReason.BadAuthenticator)]
    [InlineData("wrong SPI", DropReason.NoSecurityAssociation)]
    public void With_an_association_the_home_agent_proves_itself(string forgery, DropReason reason)
    {
        using var site = new ForeignSite();
        site.Associations.Add(foreignHome);
        const ExtensionType Kind = ExtensionType.ForeignHomeAuthentication;
        var request = site.Ask();
        site.SendOnLink(request);
        var reply = site.AnswerTo(request);
        site.SendReply(forgery switch
        {
            "right" => ForeignSite.Sign(reply, foreignHome, Kind),
            "twice" => ForeignSite.Sign(ForeignSite.Sign(reply, foreignHome, Kind), foreignHome, Kind),
            "wrong key" => ForeignSite.Sign(reply, new SecurityAssociation(400, ForeignSite.HomeAgent, "another"u8), Kind),
            "wrong SPI" => ForeignSite.Sign(reply, new SecurityAssociation(401, ForeignSite.HomeAgent, "foreign agent to home agent"u8), Kind),
            _ => reply,
        });
        Assert.Equal(reason == DropReason.None ? RegistrationCode.Accepted : RegistrationCode.ForeignAgentHomeAgentFailedAuthentication, site.LastReply.Code);
        Assert.Equal(reason == DropReason.None ? 1 : 0, site.Agent.BindingCount);
        Assert.Equal(0, site.Agent.PendingCount);
        Assert.Equal(reason == DropReason.None ? [] : [reason], site.Events.Where(happened => happened.Kind == EventKind.SecurityException).Select(happened => happened.Drop));
        // Nothing of it goes further than here.
        Assert.DoesNotContain(site.LastReply.Extensions, extension => extension.Type == Kind);
    }

    [Fact]
    public void A_poorly_formed_reply_is_code_71()
    {
        using var site = new ForeignSite();
        var request = site.Ask();
        site.SendOnLink(request);
        var octets = new byte[site.AnswerTo(request).GetLength()];
        site.AnswerTo(request).Write(octets);
        site.SendReply(octets[..^1]);
        Assert.Equal((RegistrationCode.ForeignAgentPoorlyFormedReply, 0), (site.LastReply.Code, site.Agent.PendingCount));
        site.Run(2);
        request = site.Ask();
        site.SendOnLink(request);
        site.SendReply(site.AnswerTo(request) with { Extensions = [] });
        Assert.Equal((RegistrationCode.ForeignAgentPoorlyFormedReply, 0), (site.LastReply.Code, site.Agent.BindingCount));
    }

    [Theory]
    [InlineData(EffectKind.TunnelUp)]
    [InlineData(EffectKind.RouteAdd)]
    public void Without_the_tunnel_the_acceptance_does_not_go_on(EffectKind failing)
    {
        using var site = new ForeignSite { Failure = effect => effect.Kind == failing ? "no room" : null };
        site.Register();
        Assert.Equal(RegistrationCode.ForeignAgentInsufficientResources, Assert.Single(site.Answered.Select(answer => ForeignSite.Reply(answer.Octets))).Code);
        Assert.Equal((0, 0), (site.Agent.BindingCount, site.Agent.TunnelUses));
        Assert.Equal(0, site.Agent.Counters[MessageKind.RegistrationReply, Direction.Sent, 0]);
        Assert.DoesNotContain(site.Events, happened => happened.Kind == EventKind.BindingCreated);
        site.Failure = _ => null;
        site.Run(2);
        site.Register();
        Assert.Equal((RegistrationCode.Accepted, 1), (site.LastReply.Code, site.Agent.BindingCount));
    }

    [Fact]
    public void A_change_that_cannot_be_had_leaves_the_visit_as_it_was()
    {
        using var site = new ForeignSite(options => options with { GreEncapsulation = true });
        site.Register();
        var before = site.Agent.Find(ForeignSite.Home, site.Now);
        site.Failure = effect => effect.Kind == EffectKind.TunnelUp ? "no room" : null;
        site.Register(asked => asked with { GreEncapsulation = true });
        Assert.Equal(RegistrationCode.ForeignAgentInsufficientResources, site.LastReply.Code);
        Assert.Equal(before, site.Agent.Find(ForeignSite.Home, site.Now));
    }

    [Fact]
    [Trait("Rfc", "5944-4.2.2-08")]
    [Trait("Rfc", "3024-4.2.2-01")]
    public void The_delivery_style_is_that_of_the_last_registration()
    {
        using var site = new ForeignSite();
        site.Register(asked => asked with { ReverseTunneling = true });
        site.Register(asked => asked with { ReverseTunneling = true }, new EncapsulatingDeliveryStyleExtension());
        site.Register();
        Assert.Equal(
            [DeliveryStyle.Direct, DeliveryStyle.Encapsulating, DeliveryStyle.NoReverseTunnel],
            site.Effects.Where(effect => effect.Kind == EffectKind.RouteAdd).Select(effect => effect.Route!.Delivery!.Value));
        Assert.Single(site.Effects, effect => effect.Kind == EffectKind.TunnelUp);
    }

    [Fact]
    public void A_node_with_a_co_located_address_has_no_tunnel_here()
    {
        using var site = new ForeignSite();
        var request = site.Ask(asked => asked with { DecapsulationByMobileNode = true, CareOfAddress = "198.51.1.77" });
        site.SendOnLink(request, source: "198.51.1.77");
        site.SendReply(site.AnswerTo(request));
        Assert.Equal((1, 0), (site.Agent.BindingCount, site.Agent.TunnelUses));
        Assert.Equal(new Endpoint("198.51.1.77", 40000), site.Answered[0].Envelope.Destination);
    }

    [Fact]
    public void An_administrator_ends_a_visit_without_a_word()
    {
        using var site = new ForeignSite();
        site.Register();
        var visitor = site.Agent.Find(ForeignSite.Home, site.Now)!;
        site.Do((agent, now) => Assert.True(agent.Clear(visitor, now)));
        site.Do((agent, now) => Assert.False(agent.Clear(visitor, now)));
        Assert.Equal((0, 0, 1, 1), (site.Agent.BindingCount, site.Agent.TunnelUses, site.Relayed.Count, site.Answered.Count));
    }

    [Fact]
    public void Nothing_that_comes_in_breaks_it()
    {
        using var site = new ForeignSite();
        var random = new SeededRandom(7);
        var request = site.Ask();
        var octets = new byte[request.GetLength()];
        request.Write(octets);
        var reply = site.AnswerTo(request);
        var answer = new byte[reply.GetLength()];
        reply.Write(answer);
        foreach (var whole in (byte[][])[octets, answer])
        {
            for (var length = 0; length <= whole.Length; length++)
            {
                site.SendReply(whole[..length]);
            }

            for (var time = 0; time < 20_000; time++)
            {
                var changed = whole.ToArray();
                changed[random.NextUInt64() % (ulong)changed.Length] = (byte)random.NextUInt64();
                changed[random.NextUInt64() % (ulong)changed.Length] = (byte)random.NextUInt64();
                site.SendReply(changed);
                site.Receive(ForeignSite.Link, changed);
            }
        }

        Assert.True(site.Agent.PendingCount <= site.Agent.Options.MaximumPendingRegistrations);
    }
}
