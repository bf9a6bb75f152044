using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Each code of RFC 5944, 3.4 and RFC 3024, 3.4 in its case, and what a refusal leaves: nothing.</summary>
public class HomeAgentRefusalTests
{
    [Theory]
    [InlineData("area", 129)]
    [InlineData("bindings", 130)]
    [InlineData("gre", 139)]
    [InlineData("minimal", 139)]
    [InlineData("no reverse", 137)]
    [InlineData("reverse mandatory", 138)]
    [Trait("Rfc", "5944-3.8.2.3-01")]
    [Trait("Rfc", "5944-3.8.2.3-02")]
    [Trait("Rfc", "3024-3.4-02")]
    [Trait("Rfc", "3024-3.4-03")]
    [Trait("Rfc", "3024-4.3.1-01")]
    [Trait("Rfc", "3024-4.3.2-01")]
    [Trait("Rfc", "3024-4.3.1-02")]
    [Trait("Rfc", "3024-4.3.1-03")]
    public void What_is_not_allowed_is_refused_with_its_code_and_the_same_is_accepted_where_it_is(string what, int code)
    {
        var allowed = Network.DefaultOptions;
        var forbidding = what switch
        {
            "area" => allowed with { ServiceAreas = ["203.0.113.0/24"] },
            "bindings" => allowed with { MaximumBindings = 1 },
            "gre" => allowed with { AllowGreEncapsulation = false },
            "minimal" => allowed with { AllowMinimalEncapsulation = false },
            "no reverse" => allowed with { AllowReverseTunneling = false },
            _ => allowed with { RequireReverseTunneling = true },
        };
        RegistrationRequest Make(Network network) => Requests.Make(network) with
        {
            GreEncapsulation = what == "gre", MinimalEncapsulation = what == "minimal", ReverseTunneling = what == "no reverse",
        };
        var network = new Network(forbidding);
        network.Ask(Requests.Make(network) with { HomeAddress = "10.1.1.9", CareOfAddress = "203.0.113.9", ReverseTunneling = what == "reverse mandatory" });
        var before = network.HomeAgent.BindingCount;
        var reply = network.Ask(Make(network));
        Assert.Equal(code, (int)reply.Code);
        Assert.Equal(0, reply.Lifetime);
        Assert.Equal(before, network.HomeAgent.BindingCount);
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.BindingRefused && happened.Code == code && happened.Detail is not null);
        var open = new Network(allowed);
        Assert.Equal(RegistrationCode.Accepted, open.Ask(Make(open)).Code);
    }

    [Fact]
    public void A_full_home_agent_still_renews_and_lets_go()
    {
        var network = new Network(Network.DefaultOptions with { MaximumBindings = 1 });
        network.Ask(Requests.Make(network));
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network)).Code);
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { Lifetime = 0 }).Code);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { HomeAddress = "10.1.1.9" }).Code);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.2-02")]
    [Trait("Rfc", "5944-3.8.2.2-03")]
    public void A_deregistration_of_another_care_of_address_leaves_the_binding_and_one_of_the_home_address_ends_it()
    {
        var network = new Network();
        network.Ask(Requests.Make(network));
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { Lifetime = 0, CareOfAddress = "198.51.100.99" }).Code);
        Assert.Equal(1, network.HomeAgent.BindingCount);
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { Lifetime = 0, CareOfAddress = Requests.Home }).Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2-01")]
    [Trait("Rfc", "5944-3.8.2.2-01")]
    public void Broadcasts_and_simultaneous_bindings_are_not_supported_and_no_reason_to_refuse()
    {
        var network = new Network();
        Assert.Equal(RegistrationCode.Accepted, network.Ask(Requests.Make(network) with { BroadcastDatagrams = true }).Code);
        network.Run(1);
        Assert.Equal(
            RegistrationCode.AcceptedSimultaneousBindingsUnsupported,
            network.Ask(Requests.Make(network) with { SimultaneousBindings = true, CareOfAddress = "198.51.100.8" }).Code);
        Assert.Equal("198.51.100.8", Assert.Single(network.HomeAgent.Bindings(network.Now(network.HomeAgent))).CareOfAddress.ToString());
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-05")]
    public void A_wrong_key_is_answered_with_the_association_of_the_binding_which_the_node_has_for_certain()
    {
        var network = new Network();
        network.Ask(Requests.Make(network));
        network.Associations.Add(new SecurityAssociation(400, Requests.Home, [1]));
        network.Run(1);
        var reply = network.Send(Requests.Sign(Requests.Make(network), 400, [2])).Reply;
        Assert.Equal(RegistrationCode.MobileNodeFailedAuthentication, reply.Code);
        Assert.Equal(256u, reply.Extensions.OfType<MobileHomeAuthenticationExtension>().Single().SecurityParameterIndex);
        Assert.True(reply.IsAuthentic());
    }

    [Fact]
    public void Keys_change_without_a_gap_old_and_new_are_valid_side_by_side()
    {
        var network = new Network();
        network.Ask(Requests.Make(network));
        network.Associations.Add(new SecurityAssociation(400, Requests.Home, [7, 7]));
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Send(Requests.Sign(Requests.Make(network), 400, [7, 7])).Reply.Code);
        Assert.Equal(400u, network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent))!.SecurityParameterIndex);
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, network.Send(Requests.Sign(Requests.Make(network))).Reply.Code);
        network.Associations.Remove(Requests.Home, 256);
        network.Run(1);
        Assert.Equal(RegistrationCode.Accepted, Assert.Single(network.Inject(network.HomeAgent, Requests.Sign(Requests.Make(network), 400, [7, 7]))).Reply.Code);
        Assert.Equal(1, network.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5944-5.7.2-01")]
    [Trait("Rfc", "5944-5.7.2-02")]
    public void With_nonces_a_node_synchronizes_itself_by_133_and_needs_no_clock()
    {
        var network = new Network();
        var association = new SecurityAssociation(256, Requests.Home, [3, 1, 4]) { ReplayProtection = ReplayProtectionStyle.Nonces };
        network.Associations.Add(association);
        var node = network.AddMobileNode(Requests.Home, options => options with { SecurityAssociation = association });
        network.ClockOffset[node] = TimeSpan.FromDays(400);
        var first = network.Register(node);
        Assert.Equal((RegistrationResult.Accepted, 2), (first.Result, first.Attempts));
        var second = network.Register(node);
        Assert.Equal((RegistrationResult.Accepted, 1), (second.Result, second.Attempts));
        // A reply that is lost costs one more round.
        network.Loss = 100;
        var number = network.Begin(node, (mn, now) => mn.Register(now));
        network.Loss = 0;
        network.Run(20);
        Assert.Equal(RegistrationResult.Accepted, network.Outcomes[(node, number)].Result);
        var replay = network.Sent.First(datagram => datagram.Envelope.Destination == network.HomeAgent.LocalEndpoint && datagram.Request.Identification >> 32 != 0);
        Assert.Equal(RegistrationCode.IdentificationMismatch, Assert.Single(network.Inject(network.HomeAgent, replay.Octets)).Reply.Code);
        Assert.Equal((RegistrationResult.Accepted, 1), network.Register(node) is var last ? (last.Result, last.Attempts) : default);
    }

    [Fact]
    [Trait("Rfc", "5454-1.4-01")]
    [Trait("Rfc", "5454-1.4-02")]
    public void In_the_implicit_mode_the_prefixes_of_the_configuration_run_in_the_tunnel_to_the_home_address()
    {
        Prefix own = "2001:db8:9:1::/64";
        var network = new Network(Network.DefaultOptions with { ImplicitPrefixes = new Dictionary<Address, DsmipTools.Wire.ValueList<Prefix>> { [Requests.Home] = [own] } });
        var reply = network.Ask(Requests.Make(network));
        Assert.Empty(reply.PrefixReplies());
        Assert.Equal(["10.1.1.7/32 198.51.100.7", "2001:db8:9:1::/64 10.1.1.7"], network.Routes.Order());
        network.Run(1);
        // Who asks is answered for what it asks.
        network.Ask(Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64")));
        Assert.Equal(["10.1.1.7/32 198.51.100.7", "2001:db8:7:1::/64 10.1.1.7"], network.Routes.Order());
    }
}
