using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.8.2.2 to 3.8.3: bindings, lifetimes, refusals and the fields of replies.</summary>
[Trait("Rfc", "5454-3.3-01")]
public class HomeAgentRegistrationTests
{
    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5944-3.8.1-02")]
    [Trait("Rfc", "5944-3.8.2.2-05")]
    [Trait("Rfc", "5944-3.8.3.1-01")]
    [Trait("Rfc", "5944-3.8.3.2-02")]
    [Trait("Rfc", "5944-3.8.3.2-04")]
    public void An_accepted_request_makes_a_binding_and_is_answered_in_the_envelope_turned_round()
    {
        var request = Requests.Make(network, MobileNodeNaiExtension.Create("mn7@example.com")) with { ReverseTunneling = true, BroadcastDatagrams = true };
        var reply = network.Ask(request);
        Assert.Equal(RegistrationCode.Accepted, reply.Code);
        Assert.Equal(600, reply.Lifetime);
        Assert.Equal(Requests.Home, reply.HomeAddress);
        Assert.Equal("192.0.2.1", reply.HomeAgent);
        Assert.Equal(request.Identification, reply.Identification);
        Assert.True(reply.IsAuthentic());
        var sent = network.Replies.Last();
        Assert.Equal((network.HomeAgent.LocalEndpoint, Requests.Node), (sent.Envelope.Source, sent.Envelope.Destination));

        var binding = Assert.Single(network.HomeAgent.Bindings(network.Now(network.HomeAgent)));
        Assert.Equal((Requests.Home, Requests.CareOf, "BDT", "mn7@example.com"), (binding.HomeAddress, binding.CareOfAddress, binding.Flags, binding.Identifier));
        Assert.Equal((request.Identification, 256u, TimeSpan.FromSeconds(600)), (binding.Identification, binding.SecurityParameterIndex, binding.LifetimeRemaining));
        Assert.Equal(binding, Assert.Single(network.HomeAgent.Find(NetworkAccessIdentifier.Parse("mn7@EXAMPLE.com"), network.Now(network.HomeAgent))));
        Assert.Empty(network.HomeAgent.Find(NetworkAccessIdentifier.Parse("mn7@example.org"), network.Now(network.HomeAgent)));
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.BindingCreated } && happened.HomeAddress == Requests.Home);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(65534, 1000)]
    [InlineData(65535, 1000)]
    [Trait("Rfc", "5944-3.8.2.2-06")]
    [Trait("Rfc", "5944-3.8.3.2-01")]
    public void The_lifetime_is_reduced_to_the_maximum_and_never_increased(ushort asked, ushort granted)
    {
        var limited = new Network(Network.DefaultOptions with { MaximumLifetime = TimeSpan.FromSeconds(1000) });
        Assert.Equal(granted, limited.Ask(Requests.Make(limited) with { Lifetime = asked }).Lifetime);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.3.2-01")]
    public void Without_a_maximum_infinity_is_granted_and_never_expires()
    {
        var unlimited = new Network(Network.DefaultOptions with { MaximumLifetime = Timeout.InfiniteTimeSpan });
        Assert.Equal(65534, unlimited.Ask(Requests.Make(unlimited) with { Lifetime = 65534, HomeAddress = "10.1.1.8" }).Lifetime);
        Assert.Equal(65535, unlimited.Ask(Requests.Make(unlimited) with { Lifetime = 65535 }).Lifetime);
        unlimited.Run(TimeSpan.FromDays(100));
        var binding = Assert.Single(unlimited.HomeAgent.Bindings(unlimited.Now(unlimited.HomeAgent)));
        Assert.Equal((Requests.Home, Timeout.InfiniteTimeSpan), (binding.HomeAddress, binding.LifetimeRemaining));
    }

    [Fact]
    [Trait("Rfc", "5944-3.8-01")]
    [Trait("Rfc", "5944-3.8.2.2-07")]
    [Trait("Rfc", "5944-4.2.3-03")]
    public void At_the_end_of_its_lifetime_the_binding_goes_without_a_message()
    {
        network.Ask(Requests.Make(network));
        var sent = network.Sent.Count;
        network.Run(599.9);
        Assert.Equal(1, network.HomeAgent.BindingCount);
        network.Run(0.1);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Equal(sent, network.Sent.Count);
        Assert.Empty(network.Tunnels);
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.BindingExpired);
        Assert.Null(network.HomeAgent.NextDeadline);
    }

    [Fact]
    public void A_renewal_moves_the_end_and_leaves_the_tunnel_alone()
    {
        network.Ask(Requests.Make(network));
        var tunnel = Assert.Single(network.Tunnels);
        network.Run(500);
        network.Ask(Requests.Make(network));
        network.Run(500);
        Assert.Equal(1, network.HomeAgent.BindingCount);
        Assert.Equal(tunnel, Assert.Single(network.Tunnels));
        network.Run(100);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void A_shorter_renewal_moves_the_end_forward()
    {
        network.Ask(Requests.Make(network));
        network.Run(1);
        network.Ask(Requests.Make(network) with { Lifetime = 5 });
        network.Run(5);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.2-04")]
    public void Another_care_of_address_replaces_the_binding()
    {
        network.Ask(Requests.Make(network));
        network.Run(1);
        network.Ask(Requests.Make(network) with { CareOfAddress = "198.51.100.8" });
        Assert.Equal("198.51.100.8", Assert.Single(network.HomeAgent.Bindings(network.Now(network.HomeAgent))).CareOfAddress);
        Assert.Equal("198.51.100.8", Assert.Single(network.Tunnels).Remote);
    }

    [Theory]
    [InlineData(true, 600, RegistrationCode.AcceptedSimultaneousBindingsUnsupported)]
    [InlineData(false, 600, RegistrationCode.Accepted)]
    [InlineData(true, 0, RegistrationCode.Accepted)]
    [Trait("Rfc", "5944-3.8.2.2-01")]
    public void Code_1_answers_who_asks_for_simultaneous_bindings(bool asked, ushort lifetime, RegistrationCode code)
    {
        var reply = network.Ask(Requests.Make(network) with { SimultaneousBindings = asked, Lifetime = lifetime });
        Assert.Equal((code, lifetime), (reply.Code, reply.Lifetime));
    }

    [Theory]
    [Trait("Rfc", "5454-3.8-02")]
    [InlineData("10.1.1.7", 0)]
    [InlineData("198.51.100.7", 0)]
    [InlineData("198.51.100.8", 1)]
    [Trait("Rfc", "5944-3.8.2.2-02")]
    [Trait("Rfc", "5944-3.8.2.2-03")]
    public void Lifetime_zero_removes_all_bindings_or_that_of_one_care_of_address(string careOf, int left)
    {
        network.Ask(Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64")));
        network.Run(1);
        var reply = network.Ask(Requests.Make(network) with { Lifetime = 0, CareOfAddress = careOf });
        Assert.Equal((RegistrationCode.Accepted, (ushort)0), (reply.Code, reply.Lifetime));
        Assert.Equal(left, network.HomeAgent.BindingCount);
        Assert.Equal(left == 0, network.HomeAgent.FindByPrefix("2001:db8:7:1::1", network.Now(network.HomeAgent)) is null);
        Assert.Equal(left == 0, network.Tunnels.Count == 0);
    }

    [Fact]
    public void Deregistering_what_is_not_registered_is_accepted()
    {
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { Lifetime = 0, CareOfAddress = Requests.Home }).Code);
    }

    [Fact]
    public void A_node_that_deregistered_registers_and_expires_again()
    {
        // Many times: the timer queue throws cancelled entries away now and then, and has to take them in again.
        for (var round = 0; round < 300; round++)
        {
            network.Ask(Requests.Make(network));
            network.Run(0.1);
            network.Ask(Requests.Make(network) with { Lifetime = 0 });
            network.Run(0.1);
        }

        network.Ask(Requests.Make(network));
        network.Run(601);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Theory]
    [InlineData("10.1.2.7")]
    [InlineData("10.1.1.255")]
    [Trait("Rfc", "5944-3.8.3.2-02")]
    public void A_home_address_outside_the_home_network_is_prohibited(string home)
    {
        var reply = network.Ask(Requests.Make(network) with { HomeAddress = home });
        Assert.Equal(RegistrationCode.AdministrativelyProhibited, reply.Code);
        Assert.Equal(home, reply.HomeAddress);
        Assert.True(reply.IsAuthentic());
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.BindingRefused, Code: 129 });
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.3.2-04")]
    public void Another_home_agent_address_is_answered_with_136_and_the_right_one()
    {
        var reply = network.Ask(Requests.Make(network) with { HomeAgent = "192.0.2.77" });
        Assert.Equal((RegistrationCode.UnknownHomeAgentAddress, "192.0.2.1"), (reply.Code, reply.HomeAgent.ToString()));
    }

    [Theory]
    [InlineData("10.1.1.255")]
    [InlineData("255.255.255.255")]
    [Trait("Rfc", "5944-3.8.2.1-09")]
    [Trait("Rfc", "5944-3.8.3.1-01")]
    public void A_request_to_a_broadcast_address_is_answered_with_136_from_the_unicast_address(string destination)
    {
        network.Associate(Requests.Home);
        var answer = Assert.Single(network.Inject(
            network.HomeAgent, Requests.Sign(Requests.Make(network)), Requests.Node, new Endpoint(destination, 434)));
        Assert.Equal(RegistrationCode.UnknownHomeAgentAddress, answer.Reply.Code);
        Assert.Equal(network.HomeAgent.LocalEndpoint, answer.Envelope.Source);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.3.1-02")]
    public void A_node_that_comes_home_is_answered_when_nothing_leads_to_its_care_of_address_any_more()
    {
        network.Ask(Requests.Make(network));
        network.Run(1);
        network.Effects.Clear();
        var answer = network.Send(Requests.Sign(Requests.Make(network) with { Lifetime = 0, CareOfAddress = Requests.Home }), new Endpoint(Requests.Home, 434));
        Assert.Equal(Requests.Home, answer.Envelope.Destination.Address);
        Assert.Equal([EffectKind.RouteRemove, EffectKind.TunnelDown, EffectKind.Send], network.Effects.Where(effect => effect.Kind != EffectKind.Event).Select(effect => effect.Kind));
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.3-03")]
    public void Reserved_bits_are_ignored()
    {
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { ReservedR = true, ReservedX = true }).Code);
    }

    [Fact]
    public void M_and_G_are_remembered()
    {
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { MinimalEncapsulation = true, GreEncapsulation = true }).Code);
        Assert.Equal("DMG", network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent))!.Flags);
    }

    [Theory]
    [InlineData("10.1.1.7")]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void A_care_of_address_that_cannot_end_a_tunnel_is_poorly_formed(string careOf)
    {
        Assert.Equal(RegistrationCode.PoorlyFormedRequest, network.Ask(Requests.Make(network) with { CareOfAddress = careOf }).Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Theory]
    [InlineData(152, new byte[0])]
    [InlineData(152, new byte[] { 1, 64 })]
    [InlineData(152, new byte[] { 3 })]
    [InlineData(152, new byte[] { 3, 0, 0 })]
    [InlineData(131, new byte[0])]
    [Trait("Rfc", "5944-3.8.2.3-01")]
    public void A_malformed_extension_is_poorly_formed(byte type, byte[] data)
    {
        var request = Requests.Make(network, new UnknownExtension { ExtensionType = type, Data = data });
        Assert.Equal(RegistrationCode.PoorlyFormedRequest, network.Ask(request).Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "3024-4.3.1-04")]
    public void A_changed_identifier_or_flag_is_taken_over()
    {
        network.Ask(Requests.Make(network, MobileNodeNaiExtension.Create("a@example.com")));
        network.Run(1);
        network.Ask(Requests.Make(network, MobileNodeNaiExtension.Create("b@example.com")) with { ReverseTunneling = true });
        Assert.Empty(network.HomeAgent.Find(NetworkAccessIdentifier.Parse("a@example.com"), network.Now(network.HomeAgent)));
        Assert.Equal("DT", Assert.Single(network.HomeAgent.Find(NetworkAccessIdentifier.Parse("b@example.com"), network.Now(network.HomeAgent))).Flags);
        Assert.Single(network.Tunnels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(65535)]
    [InlineData(-1)]
    public void A_maximum_lifetime_that_cannot_be_is_refused(double seconds)
    {
        var options = Network.DefaultOptions with { MaximumLifetime = TimeSpan.FromSeconds(seconds) };
        Assert.Throws<ArgumentException>(() => new Network(options));
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.1-01")]
    public void Options_are_checked()
    {
        var right = Network.DefaultOptions;
        HomeAgentOptions[] wrong =
        [
            right with { Name = " " },
            right with { Address = "2001:db8::1" },
            right with { Address = "0.0.0.0" },
            right with { Port = 0 },
            right with { HomeNetwork = new IPv4Network("10.1.1.0", 33) },
            right with { MaximumPrefixes = 257 },
            right with { AuthenticatorCacheSize = 0 },
        ];
        foreach (var options in wrong)
        {
            Assert.ThrowsAny<ArgumentException>(() => new Network(options));
        }
    }
}
