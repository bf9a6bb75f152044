using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Tunnels are up before the reply says so, and a tunnel that cannot be made refuses the registration (RFC 5944, 3.4: code 130).</summary>
public class HomeAgentTunnelTests
{
    private const string First = "2001:db8:7:1::/64";
    private const string Second = "2001:db8:7:2::/64";

    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5454-3.3.2-01")]
    [Trait("Rfc", "5454-3.3.2-05")]
    [Trait("Rfc", "5454-3.3.2-06")]
    public void In_home_address_mode_an_IPv6_tunnel_runs_inside_the_other_one()
    {
        Ask(First, Second, "fe80::1/255");
        var (outer, inner) = (network.Tunnels[0], network.Tunnels[1]);
        Assert.Equal(("198.51.100.7", "10.1.1.7"), (outer.Remote.ToString(), inner.Remote.ToString()));
        Assert.Equal(new Route("10.1.1.7", outer), inner.Over);
        Assert.Equal(["10.1.1.7/32 198.51.100.7", "2001:db8:7:1::/64 10.1.1.7", "2001:db8:7:2::/64 10.1.1.7"], network.Routes.Order());
        var binding = network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent))!;
        Assert.Equal([outer.Id, inner.Id], [binding.TunnelId, binding.HomeAddressTunnelId]);
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-01")]
    [Trait("Rfc", "5454-3.3.2-08")]
    public void In_care_of_address_mode_one_tunnel_carries_both()
    {
        network.Ask(Requests.Make(network, new IPv6TunnelingModeExtension(), Requests.Prefix(First)));
        Assert.Equal("198.51.100.7", Tunnel().Remote.ToString());
        Assert.Equal(["10.1.1.7/32 198.51.100.7", "2001:db8:7:1::/64 198.51.100.7"], network.Routes.Order());
    }

    [Fact]
    [Trait("Rfc", "5454-3.7.1-03")]
    public void A_link_local_address_has_the_tunnel_and_no_route_because_two_nodes_may_have_it()
    {
        Ask("fe80::1/255");
        network.Ask(Requests.Make(network, Requests.Prefix("fe80::1/255")) with { HomeAddress = "10.1.1.8", CareOfAddress = "198.51.100.8" });
        Assert.Equal(4, network.Tunnels.Count);
        Assert.Equal(["10.1.1.7/32 198.51.100.7", "10.1.1.8/32 198.51.100.8"], network.Routes.Order());
    }

    [Fact]
    public void Nodes_behind_one_foreign_agent_share_its_tunnel_until_the_last_has_gone()
    {
        network.Ask(Requests.Make(network) with { DecapsulationByMobileNode = false });
        network.Ask(Requests.Make(network) with { DecapsulationByMobileNode = false, HomeAddress = "10.1.1.8" });
        Assert.Equal("198.51.100.7", Tunnel().Remote.ToString());
        network.Run(1);
        network.Ask(Requests.Make(network) with { HomeAddress = "10.1.1.8", CareOfAddress = "10.1.1.8", Lifetime = 0 });
        Assert.Equal(["10.1.1.7/32 198.51.100.7"], network.Routes);
        network.Run(600);
        Assert.Empty(network.Tunnels);
        Assert.Empty(network.Routes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-03")]
    public void With_G_the_tunnel_to_the_care_of_address_is_GRE_and_the_one_to_the_home_address_never()
    {
        network.Ask(Requests.Make(network, Requests.Prefix(First)) with { GreEncapsulation = true });
        Assert.Equal([Encapsulation.Gre, Encapsulation.IpInIp], network.Tunnels.Select(tunnel => tunnel.Encapsulation));
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.3-02")]
    public void The_tunnels_and_routes_come_up_before_the_reply_leaves()
    {
        Ask(First);
        Assert.Equal([EffectKind.TunnelUp, EffectKind.TunnelUp, EffectKind.RouteAdd, EffectKind.RouteAdd, EffectKind.Send], Kinds());
    }

    [Fact]
    public void A_change_is_made_before_it_is_broken()
    {
        Ask(First);
        network.Effects.Clear();
        network.Run(1);
        network.Ask(Requests.Make(network, Requests.Prefix(Second)) with { CareOfAddress = "198.51.100.8" });
        Assert.Equal(
            [
                EffectKind.TunnelUp, EffectKind.TunnelUp, EffectKind.RouteAdd, EffectKind.RouteAdd, EffectKind.RouteRemove,
                EffectKind.TunnelDown, EffectKind.TunnelDown, EffectKind.Send,
            ],
            Kinds());
        Assert.Equal(["198.51.100.8", "10.1.1.7"], network.Tunnels.Select(tunnel => tunnel.Remote.ToString()));
        Assert.Equal(["10.1.1.7/32 198.51.100.8", "2001:db8:7:2::/64 10.1.1.7"], network.Routes.Order());
    }

    [Fact]
    public void A_renewal_asks_for_nothing()
    {
        Ask(First);
        network.Effects.Clear();
        network.Run(1);
        Ask(First);
        Assert.Equal([EffectKind.Send], Kinds());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_prefix_that_changes_its_mode_changes_its_tunnel(bool toCareOfAddress)
    {
        network.Ask(Mode(!toCareOfAddress));
        network.Run(1);
        network.Ask(Mode(toCareOfAddress));
        Assert.Equal(["10.1.1.7/32 198.51.100.7", $"2001:db8:7:1::/64 {(toCareOfAddress ? "198.51.100.7" : "10.1.1.7")}"], network.Routes.Order());
        Assert.Equal(toCareOfAddress ? 1 : 2, network.Tunnels.Count);

        RegistrationRequest Mode(bool careOf) => careOf
            ? Requests.Make(network, new IPv6TunnelingModeExtension(), Requests.Prefix(First))
            : Requests.Make(network, Requests.Prefix(First));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_handover_of_which_anything_fails_leaves_tunnels_and_routes_as_they_were(int failing)
    {
        Ask(First, Second);
        network.Run(100);
        var (tunnels, routes) = (network.Tunnels, network.Routes.ToList());
        var seen = 0;
        network.Failure = effect => effect.Kind == EffectKind.RouteAdd && ++seen == failing ? "no more routes" : null;
        var reply = network.Ask(Requests.Make(network, Requests.Prefix(First), Requests.Prefix(Second)) with { CareOfAddress = "198.51.100.8" });
        Assert.Equal(RegistrationCode.InsufficientResources, reply.Code);
        Assert.Equal(tunnels, network.Tunnels);
        Assert.Equal(routes, network.Routes);
        Assert.Equal(tunnels[1], network.Forwarding(network.HomeAgent).TryFind(tunnels[1].Ends, out var known) ? known : null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("Rfc", "5944-3.8.2.3-02")]
    public void A_first_registration_whose_tunnel_fails_is_refused_with_130(int failing)
    {
        FailTunnel(failing);
        var reply = Ask(First);
        Assert.Equal((RegistrationCode.InsufficientResources, (ushort)0), (reply.Code, reply.Lifetime));
        Assert.True(reply.IsAuthentic());
        Assert.Empty(reply.PrefixReplies());
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Empty(network.Tunnels);
        Assert.Null(network.HomeAgent.FindByPrefix("2001:db8:7:1::1", network.Now(network.HomeAgent)));
        Assert.DoesNotContain(network.Events, happened => happened.Kind == EventKind.BindingCreated);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.EffectFailed, Detail: "no more tunnels" });
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.BindingRefused, Code: 130 });
        Assert.Equal(0, network.HomeAgent.Counters[MessageKind.RegistrationReply, Direction.Sent, 0]);
        Assert.Equal(1, network.HomeAgent.Counters[MessageKind.RegistrationReply, Direction.Sent, 130]);
        network.Run(1000);
        network.Failure = _ => null;
        Assert.Equal(RegistrationCode.Accepted, Ask(First).Code);
        network.Run(600);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_change_whose_tunnel_fails_leaves_everything_as_it_was(int failing)
    {
        Ask(First);
        network.Run(100);
        var before = network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent));
        var tunnels = network.Tunnels.ToList();
        FailTunnel(failing);
        var reply = network.Ask(Requests.Make(network, Requests.Prefix(Second)) with { CareOfAddress = "198.51.100.8" });
        Assert.Equal(RegistrationCode.InsufficientResources, reply.Code);
        Assert.Equal(before, network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent)));
        Assert.Equal(tunnels, network.Tunnels);
        Assert.Equal(Requests.Home, network.HomeAgent.FindByPrefix("2001:db8:7:1::1", network.Now(network.HomeAgent))!.HomeAddress);
        Assert.Null(network.HomeAgent.FindByPrefix("2001:db8:7:2::1", network.Now(network.HomeAgent)));
        network.Run(500);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Empty(network.Tunnels);
    }

    [Fact]
    public void The_refused_request_cannot_be_replayed()
    {
        FailTunnel(1);
        var request = Requests.Make(network);
        network.Ask(request);
        network.Failure = _ => null;
        Assert.Equal(RegistrationCode.IdentificationMismatch, network.Ask(request).Code);
    }

    [Fact]
    public void A_reply_that_cannot_be_sent_changes_nothing()
    {
        network.Associate(Requests.Home);
        network.Failure = effect => effect.Kind == EffectKind.Send ? "network is unreachable" : null;
        Assert.Empty(network.Inject(network.HomeAgent, Requests.Sign(Requests.Make(network)), Requests.Node));
        Assert.Equal(1, network.HomeAgent.BindingCount);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.EffectFailed, Detail: "network is unreachable" });
    }

    private RegistrationReply Ask(params string[] prefixes) =>
        network.Ask(Requests.Make(network, [.. prefixes.Select(prefix => Requests.Prefix(prefix))]));

    private IEnumerable<EffectKind> Kinds() => network.Effects.Where(effect => effect.Kind != EffectKind.Event).Select(effect => effect.Kind);

    private Tunnel Tunnel() => Assert.Single(network.Tunnels);

    private void FailTunnel(int number)
    {
        var seen = 0;
        network.Failure = effect => effect.Kind == EffectKind.TunnelUp && ++seen == number ? "no more tunnels" : null;
    }
}
