using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Policy profiles decide who has the mobility service, and by which gateways (RFC 5213, 4, 5.3.1 and 6.2; RFC 5844, 3.1.2.1).</summary>
public sealed class PolicyTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public PolicyTests()
    {
        anchor = Anchor(AnchorOptions() with
        {
            IPv4HomeNetwork = "192.0.2.0/28",
            PolicyStore = Profiles(
                ("@example.com", new() { Gateways = [GatewayAddress(Transport.ProxyMobileIPv6Udp, 1)] }),
                ("barred@example.com", new() { MobilityService = false }),
                ("old-*@example.net", new() { IPv6 = false }),
                ("new-*@example.net", new() { IPv4 = false })),
        });
        probe = new Probe(anchor);
    }

    [Fact]
    [Trait("Rfc", "5213-4-04")]
    [Trait("Rfc", "5213-4-05")]
    [Trait("Rfc", "5213-5.3.1-05")]
    [Trait("Rfc", "5213-5.3.1-06")]
    [Trait("Rfc", "5213-6.2-01")]
    public void Only_the_gateways_of_the_profile_may_register_a_mobile_node()
    {
        Assert.Equal(BindingStatus.Accepted, Ask(Node));
        Assert.Equal(BindingStatus.MagNotAuthorizedForProxyRegistration, Ask(Node, gateway: 2, indicator: HandoffIndicator.BetweenGateways));
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 1), Assert.Single(anchor.Bindings(probe.Now)).CareOfAddress);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.1-07")]
    public void A_mobile_node_without_a_profile_has_another_anchor() =>
        Assert.Equal(BindingStatus.NotLmaForThisMobileNode, Ask("mn7@example.org"));

    [Fact]
    [Trait("Rfc", "5213-5.3.1-08")]
    public void A_mobile_node_without_the_service_is_refused_and_that_is_an_event()
    {
        Assert.Equal(BindingStatus.ProxyRegistrationNotEnabled, Ask("barred@example.com", gateway: 2));
        var refusal = probe.Events[^1];
        Assert.Equal(
            (EventKind.BindingRefused, (byte?)BindingStatus.ProxyRegistrationNotEnabled, "barred@example.com"),
            (refusal.Kind, refusal.Code, refusal.Identifier?.ToString()));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.HeldBesideBindings));
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-02")]
    [Trait("Rfc", "5844-3.1.2.1-03")]
    public void A_mobile_node_gets_the_IP_versions_of_its_profile()
    {
        Assert.Equal(BindingStatus.NotAuthorizedForIPv6MobilityService, Ask("old-1@example.net"));
        Assert.Equal(BindingStatus.NotAuthorizedForIPv6MobilityService, Ask("old-1@example.net", ipv4: true));
        Assert.Equal(BindingStatus.Accepted, Ask("old-1@example.net", ipv6: false, ipv4: true));
        Assert.Equal(BindingStatus.NotAuthorizedForIPv4MobilityService, Ask("new-1@example.net", ipv4: true));
        Assert.Equal(BindingStatus.Accepted, Ask("new-1@example.net"));
    }

    [Fact]
    public void A_profile_that_changes_counts_from_the_next_update_and_a_mobile_node_may_always_leave()
    {
        Assert.Equal(BindingStatus.Accepted, Ask(Node));
        anchor.Configure(
            AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/28", PolicyStore = Profiles(("*", new() { MobilityService = false })) }, probe.Now);
        Assert.Equal(BindingStatus.ProxyRegistrationNotEnabled, Ask(Node, indicator: HandoffIndicator.NotChanged));
        Assert.Equal(1, anchor.BindingCount);
        Assert.Equal(BindingStatus.Accepted, Ask(Node, indicator: HandoffIndicator.Unknown, lifetime: 0));
        probe.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, anchor.BindingCount);
    }

    [Theory]
    [InlineData("*", "mn7", true)]
    [InlineData("*", "mn7@example.com", true)]
    [InlineData("mn?", "mn7", true)]
    [InlineData("mn*", "mn7@example.com", false)]
    [InlineData("mn?@example.com", "mn7@EXAMPLE.com", true)]
    [InlineData("mn?@example.com", "Mn7@example.com", false)]
    [InlineData("@example.com", "mn7@example.com", true)]
    [InlineData("@example.com", "mn7@foo.example.com", false)]
    [InlineData("@example.com", "mn7@example.com@example.org", false)]
    [InlineData("@*.example.com", "mn7@foo.example.com", true)]
    [InlineData("@*.example.com", "mn7@example.com", false)]
    [InlineData("mn7@*", "mn7@evil@example.com", false)]
    [InlineData("*a*b*@example.com", "xxaxxb@example.com", true)]
    [InlineData("*a*b@example.com", "xxaxxbc@example.com", false)]
    public void A_pattern_matches_user_part_and_realm_each_by_itself(string pattern, string identifier, bool matches) =>
        Assert.Equal(matches, IdentifierPattern.Parse(pattern).Matches(new NetworkAccessIdentifier(System.Text.Encoding.UTF8.GetBytes(identifier)).Octets));

    [Fact]
    public void A_pattern_cannot_be_made_to_take_long()
    {
        var pattern = IdentifierPattern.Parse(string.Concat(Enumerable.Repeat("*a", 100)) + "b");
        Assert.False(pattern.Matches(Enumerable.Repeat((byte)'a', 253).ToArray()));
    }

    [Fact]
    public void Profiles_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Profiles(("", new())));
        Assert.Throws<ArgumentException>(() => Profiles(("mn7@", new())));
        Assert.Throws<ArgumentException>(() => Profiles(("mn7@a.example", new()), ("mn7@A.example", new())));
        Assert.Throws<ArgumentException>(() => Profiles(("*", new() { Gateways = ["ff02::1"] })));
    }

    private static ConfiguredProfiles Profiles(params (string Nodes, PolicyProfile Profile)[] profiles) =>
        new(profiles.Select(profile => KeyValuePair.Create(profile.Nodes, profile.Profile)));

    private BindingStatus Ask(
        string identifier, bool ipv6 = true, bool ipv4 = false, int gateway = 1, HandoffIndicator indicator = HandoffIndicator.NewInterface, ushort lifetime = 900)
    {
        probe.Now += TimeSpan.FromSeconds(1);
        var update = Update(probe, identifier, indicator: indicator, lifetime: lifetime);
        update = update with
        {
            Options =
            [
                .. update.Options.Where(option => ipv6 || option is not HomeNetworkPrefixOption),
                .. ipv4 ? [new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] : Array.Empty<MobilityOption>(),
            ],
        };
        return Assert.Single(probe.Deliver(update, FromGateway(gateway))).Acknowledgement.Status;
    }
}
