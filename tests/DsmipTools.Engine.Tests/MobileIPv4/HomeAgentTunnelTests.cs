using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Tunnels are up before the reply says so, and a tunnel that cannot be made refuses the registration (RFC 5944, 3.4: code 130).</summary>
public class HomeAgentTunnelTests
{
    private const string First = "2001:db8:7:1::/64";
    private const string Second = "2001:db8:7:2::/64";

    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5454-3.3.2-01")]
    public void In_home_address_mode_an_IPv6_tunnel_runs_inside_the_other_one()
    {
        Ask(First, Second, "fe80::1/255");
        Assert.Equal(
            [("198.51.100.7", "10.1.1.7"), ("10.1.1.7", $"{First}, {Second}, fe80::1")],
            network.Tunnels.Values.Select(tunnel => (tunnel.Remote.ToString(), tunnel.Inner)));
        var binding = network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent))!;
        Assert.Equal(network.Tunnels.Keys, [binding.TunnelId, binding.HomeAddressTunnelId]);
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-01")]
    public void In_care_of_address_mode_one_tunnel_carries_both()
    {
        network.Ask(Requests.Make(network, new IPv6TunnelingModeExtension(), Requests.Prefix(First)));
        Assert.Equal(("198.51.100.7", $"10.1.1.7, {First}"), (Tunnel().Remote.ToString(), Tunnel().Inner));
    }

    [Fact]
    public void The_tunnels_come_up_before_the_reply_leaves()
    {
        Ask(First);
        var kinds = network.Effects.Where(effect => effect.Kind != EffectKind.Event).Select(effect => effect.Kind);
        Assert.Equal([EffectKind.TunnelUp, EffectKind.TunnelUp, EffectKind.Send], kinds);
    }

    [Fact]
    public void A_change_is_made_before_it_is_broken()
    {
        Ask(First);
        network.Effects.Clear();
        network.Run(1);
        network.Ask(Requests.Make(network, Requests.Prefix(Second)) with { CareOfAddress = "198.51.100.8" });
        Assert.Equal(
            [EffectKind.TunnelUp, EffectKind.TunnelUp, EffectKind.Send, EffectKind.TunnelDown, EffectKind.TunnelDown],
            network.Effects.Where(effect => effect.Kind != EffectKind.Event).Select(effect => effect.Kind));
        Assert.Equal(["198.51.100.8", "10.1.1.7"], network.Tunnels.Values.Select(tunnel => tunnel.Remote.ToString()));
    }

    [Fact]
    public void Another_care_of_address_leaves_the_inner_tunnel_alone()
    {
        Ask(First);
        var inner = network.Tunnels.Values.Single(tunnel => tunnel.Remote == Requests.Home);
        network.Run(1);
        network.Ask(Requests.Make(network, Requests.Prefix(First)) with { CareOfAddress = "198.51.100.8" });
        Assert.Contains(inner, network.Tunnels.Values);
        Assert.Equal(2, network.Tunnels.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
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

    private Tunnel Tunnel() => Assert.Single(network.Tunnels).Value;

    private void FailTunnel(int number)
    {
        var seen = 0;
        network.Failure = effect => effect.Kind == EffectKind.TunnelUp && ++seen == number ? "no more tunnels" : null;
    }
}
