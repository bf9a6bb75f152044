using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.6: what a mobile node sends, believes and does when nothing comes.</summary>
public class MobileNodeTests
{
    private static readonly Address Home = Requests.Home;

    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5454-3.8-01")]
    public void A_registration_ends_with_the_same_view_on_both_sides()
    {
        var node = network.AddMobileNode(Home, options => options with
        {
            IPv6Prefixes = ["2001:db8:7:1::/64", "2001:db8:ffff::/64"],
            TunnelingMode = TunnelingMode.CareOfAddress,
            Nai = "mn7@example.com",
            ReverseTunneling = true,
            Lifetime = TimeSpan.FromMinutes(5),
        });
        var outcome = network.Register(node);
        Assert.Equal(
            new RegistrationOutcome
            {
                Result = RegistrationResult.Accepted,
                Code = RegistrationCode.Accepted,
                HomeAddress = Home,
                HomeAgent = "192.0.2.1",
                CareOfAddress = Requests.CareOf,
                LifetimeRequested = TimeSpan.FromMinutes(5),
                LifetimeGranted = TimeSpan.FromMinutes(5),
                RoundTripTime = TimeSpan.FromMilliseconds(40),
                Attempts = 1,
                Prefixes =
                [
                    new("2001:db8:7:1::/64", PrefixRegistrationState.AcceptedCareOfAddress),
                    new("2001:db8:ffff::/64", PrefixRegistrationState.RejectedProhibited),
                ],
            },
            outcome);
        var there = network.HomeAgent.Find(Home, network.Now(network.HomeAgent))!;
        var here = node.Binding(network.Now(node))!;
        Assert.Equal(
            (there.CareOfAddress, there.Flags, there.Prefixes, there.RegisteredPrefixes, there.Identification, there.Identifier, there.LifetimeGranted),
            (here.CareOfAddress, here.Flags, here.Prefixes, here.RegisteredPrefixes, here.Identification, here.Identifier, here.LifetimeGranted));
        // RFC 5944, 3.6.2.2: the node's timer started first.
        Assert.Equal(TimeSpan.FromMilliseconds(20), there.LifetimeRemaining - here.LifetimeRemaining);
    }

    [Theory]
    [Trait("Rfc", "5454-3.1-01")]
    [Trait("Rfc", "5454-3.1-02")]
    [Trait("Rfc", "5454-3.5-07")]
    [Trait("Rfc", "5944-3.6.1.1-01")]
    [Trait("Rfc", "5944-3.6.1.1-06")]
    [Trait("Rfc", "5944-3.6.1.2-07")]
    [Trait("Rfc", "5944-3.6.1.3-01")]
    [InlineData(TunnelingMode.HomeAddress, 0)]
    [InlineData(TunnelingMode.CareOfAddress, 1)]
    public void Its_extensions_stand_before_the_authentication(TunnelingMode mode, int tunnelingModeExtensions)
    {
        var node = network.AddMobileNode(Home, options => options with
        {
            IPv6Prefixes = ["2001:db8:7:1::/64", "2001:db8:7:2::/64"],
            TunnelingMode = mode,
            Nai = "mn7@example.com",
        });
        network.Register(node);
        var request = network.Sent[0].Request;
        Assert.True(request.DecapsulationByMobileNode);
        Assert.Equal(2, request.Extensions.OfType<IPv6PrefixRequestExtension>().Count());
        Assert.Equal(tunnelingModeExtensions, request.Extensions.OfType<IPv6TunnelingModeExtension>().Count());
        Assert.Single(request.Extensions.OfType<MobileNodeNaiExtension>());
        Assert.IsType<MobileHomeAuthenticationExtension>(request.Extensions[^1]);
        Assert.Equal(new Envelope(Transport.MobileIPv4Udp, new Endpoint(Requests.CareOf, 40000), network.HomeAgent.LocalEndpoint), network.Sent[0].Envelope);
    }

    [Fact]
    public void Without_prefixes_there_is_no_tunneling_mode_extension()
    {
        network.Register(network.AddMobileNode(Home, options => options with { TunnelingMode = TunnelingMode.CareOfAddress }));
        Assert.IsType<MobileHomeAuthenticationExtension>(Assert.Single((IEnumerable<Extension>)network.Sent[0].Request.Extensions));
    }

    [Fact]
    public void Deregistration_names_the_home_address_and_removes_everything()
    {
        var node = network.AddMobileNode(Home, options => options with { IPv6Prefixes = ["2001:db8:7:1::/64"] });
        network.Register(node);
        var outcome = network.Deregister(node);
        Assert.Equal((RegistrationResult.Accepted, TimeSpan.Zero, Home), (outcome.Result, outcome.LifetimeGranted, outcome.CareOfAddress));
        Assert.Equal((0, 0), (node.BindingCount, network.HomeAgent.BindingCount));
        Assert.Null(node.Binding(network.Now(node)));
        Assert.Null(node.NextDeadline);
        Assert.Equal(new Endpoint(Requests.CareOf, 40000), network.Sent[^2].Envelope.Source);
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.BindingRemoved && happened.Agent == node.Name);
    }

    [Fact]
    public void It_moves_to_another_care_of_address()
    {
        var node = network.AddMobileNode(Home);
        network.Register(node);
        var outcome = network.Do(node, (mn, now) => mn.ChangeCareOfAddress("198.51.100.200", now));
        Assert.Equal((RegistrationResult.Accepted, "198.51.100.200"), (outcome.Result, outcome.CareOfAddress.ToString()));
        Assert.Equal("198.51.100.200", network.HomeAgent.Find(Home, network.Now(node))!.CareOfAddress);
        Assert.Equal("198.51.100.200", node.LocalEndpoint.Address);
    }

    [Fact]
    [Trait("Rfc", "5454-3.8-03")]
    public void It_gives_a_prefix_up_by_leaving_it_out()
    {
        var node = network.AddMobileNode(Home, options => options with { IPv6Prefixes = ["2001:db8:7:1::/64", "2001:db8:7:2::/64"] });
        network.Register(node);
        network.Do(node, (mn, now) => mn.ChangePrefixes(["2001:db8:7:2::/64"], now));
        Assert.Equal(["2001:db8:7:2::/64"], network.HomeAgent.Find(Home, network.Now(node))!.Prefixes);
        Assert.Equal(["2001:db8:7:2::/64"], node.Binding(network.Now(node))!.Prefixes);
    }

    [Fact]
    public void Each_retransmission_has_a_new_identification_and_waits_twice_as_long()
    {
        network.Loss = 100;
        var node = network.AddMobileNode(Home, options => options with { IPv6Prefixes = ["2001:db8:7:1::/64"] });
        var outcome = network.Register(node);
        Assert.Equal([0, 1, 3, 7], network.Sent.Select(datagram => datagram.At.TotalSeconds));
        var identifications = network.Sent.Select(datagram => datagram.Request.Identification).ToList();
        Assert.Equal(identifications.Order().Distinct(), identifications);
        Assert.Equal((RegistrationResult.TimedOut, 4, TimeSpan.FromSeconds(15)), (outcome.Result, outcome.Attempts, network.Now(node).Elapsed));
        Assert.Null(outcome.Code);
        Assert.Equal(DropReason.None, outcome.LastDrop);
        Assert.Equal([new("2001:db8:7:1::/64", PrefixRegistrationState.NotAnswered)], outcome.Prefixes);
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.TimedOut);
        Assert.Equal(3, node.Counters[MessageKind.RegistrationRequest, Direction.Retransmitted]);
    }

    [Fact]
    public void No_wait_is_longer_than_the_lifetime_asked_for()
    {
        network.Loss = 100;
        network.Register(network.AddMobileNode(Home, options => options with { Lifetime = TimeSpan.FromSeconds(2) }));
        Assert.Equal([0, 1, 3, 5], network.Sent.Select(datagram => datagram.At.TotalSeconds));
    }

    [Fact]
    public void Requests_that_cannot_be_sent_count_as_lost()
    {
        var failures = 1;
        network.Failure = effect => effect.Kind == EffectKind.Send && failures-- > 0 ? "network is unreachable" : null;
        var outcome = network.Register(network.AddMobileNode(Home));
        Assert.Equal((RegistrationResult.Accepted, 2), (outcome.Result, outcome.Attempts));
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.EffectFailed, Detail: "network is unreachable" });
    }

    [Theory]
    [Trait("Rfc", "5944-3.6.2.3-03")]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(86400 * 365)]
    [InlineData(-86400 * 365 * 30.0)]
    [InlineData(8)]
    [InlineData(-8)]
    public void A_wrong_clock_is_set_by_code_133_and_one_new_request_at_once(double seconds)
    {
        var node = network.AddMobileNode(Home);
        network.ClockOffset[node] = TimeSpan.FromSeconds(seconds);
        var outcome = network.Register(node);
        Assert.Equal((RegistrationResult.Accepted, 2), (outcome.Result, outcome.Attempts));
        Assert.Equal(TimeSpan.FromMilliseconds(80), network.Now(node).Elapsed);
        Assert.Single(network.Events, happened => happened.Kind == EventKind.Resynchronized);
        // The offset is kept.
        network.Run(60);
        Assert.Equal(1, network.Register(node).Attempts);
    }

    [Fact]
    public void A_clock_that_jumps_back_and_forth_is_set_each_time()
    {
        var node = network.AddMobileNode(Home);
        foreach (var hours in (int[])[0, -5, 3, 3, -700])
        {
            network.ClockOffset[node] = TimeSpan.FromHours(hours);
            Assert.Equal(RegistrationResult.Accepted, network.Register(node).Result);
            network.Run(10);
        }
    }

    [Fact]
    public void Code_133_again_waits_for_the_timer_and_ends_as_refused()
    {
        // The home agent has seen a request from the future: every right one is refused until that time comes.
        var node = network.AddMobileNode(Home);
        var request = Requests.Make(network) with { Identification = NtpTimestamp.From(Network.Epoch + TimeSpan.FromSeconds(7)) };
        network.Ask(request);
        network.ClockOffset[network.HomeAgent] = TimeSpan.FromSeconds(-100);
        var from = network.Sent.Count;
        var outcome = network.Register(node);
        Assert.Equal((RegistrationResult.Refused, RegistrationCode.IdentificationMismatch, 5), (outcome.Result, outcome.Code, outcome.Attempts));
        Assert.Equal(
            [0, 0.04, 1.04, 3.04, 7.04],
            network.Sent[from..].Where(datagram => datagram.Envelope.Source == node.LocalEndpoint).Select(datagram => Math.Round(datagram.At.TotalSeconds, 2)));
    }

    [Fact]
    public void An_identification_rises_even_when_the_clock_stands_still()
    {
        var node = network.AddMobileNode(Home);
        network.Loss = 100;
        for (var number = 0; number < 100; number++)
        {
            network.Begin(node, (mn, now) => mn.Register(now));
        }

        var identifications = network.Sent.Select(datagram => datagram.Request.Identification).ToList();
        Assert.Equal(identifications.Order().Distinct(), identifications);
    }

    [Fact]
    public void A_later_command_takes_the_place_of_an_earlier_one()
    {
        var node = network.AddMobileNode(Home);
        var first = network.Begin(node, (mn, now) => mn.Register(now));
        var outcome = network.Deregister(node);
        Assert.Equal(RegistrationResult.Superseded, network.Outcomes[(node, first)].Result);
        Assert.Equal(RegistrationResult.Accepted, outcome.Result);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Equal(1, node.Counters[MessageKind.RegistrationReply, Direction.Received, drop: DropReason.NoMatchingRequest]);
    }

    [Fact]
    public void A_wrong_key_ends_without_an_answer_that_counts_and_says_why()
    {
        network.Associate(Home);
        var node = network.AddMobileNode(Home, options => options with { SecurityAssociation = new SecurityAssociation(256, Home, [6, 6, 6]) });
        var outcome = network.Register(node);
        Assert.Equal((RegistrationResult.TimedOut, DropReason.BadAuthenticator), (outcome.Result, outcome.LastDrop));
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.SecurityException, Drop: DropReason.BadAuthenticator } && happened.Agent == node.Name);
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.2.3-01")]
    public void Refusals_come_back_with_their_code()
    {
        var node = network.AddMobileNode("10.9.9.9", options => options with { IPv6Prefixes = ["2001:db8:7:1::/64"] });
        var outcome = network.Register(node);
        Assert.Equal((RegistrationResult.Refused, RegistrationCode.AdministrativelyProhibited), (outcome.Result, outcome.Code));
        Assert.Equal((TimeSpan.Zero, 0), (outcome.LifetimeGranted, node.BindingCount));
        Assert.Equal([new("2001:db8:7:1::/64", PrefixRegistrationState.RejectedWithRegistration)], outcome.Prefixes);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.BindingRefused, Code: 129 } && happened.Agent == node.Name);
    }

    [Fact]
    public void A_renewal_goes_out_at_three_quarters_of_the_granted_lifetime()
    {
        var limited = new Network(Network.DefaultOptions with { MaximumLifetime = TimeSpan.FromSeconds(100) });
        var node = limited.AddMobileNode(Home, options => options with { RenewAutomatically = true });
        limited.Register(node);
        limited.Run(1000);
        var sent = limited.Sent.Where(datagram => datagram.Envelope.Source == node.LocalEndpoint).Select(datagram => datagram.At.TotalSeconds);
        Assert.Equal(Enumerable.Range(0, 14).Select(number => number * 75.0), sent);
        Assert.DoesNotContain(limited.Events, happened => happened.Kind == EventKind.BindingExpired);
        Assert.Single(limited.Outcomes);
    }

    [Fact]
    public void A_renewal_that_fails_is_tried_again_until_the_registration_expires()
    {
        var node = network.AddMobileNode(Home, options => options with { RenewAutomatically = true, Lifetime = TimeSpan.FromSeconds(400) });
        network.Register(node);
        network.Loss = 100;
        network.Run(399.9);
        Assert.Equal(1, node.BindingCount);
        var sent = network.Sent.Where(datagram => datagram.Envelope.Source == node.LocalEndpoint).ToList();
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(1)));
        Assert.Equal(300, sent[1].At.TotalSeconds);
        Assert.True(sent.Count > 8);
        network.Run(0.1);
        Assert.Equal(0, node.BindingCount);
        Assert.Contains(network.Events, happened => happened.Kind == EventKind.BindingExpired && happened.Agent == node.Name);
        network.Run(1000);
        Assert.Null(node.NextDeadline);
    }

    [Fact]
    public void Without_renewal_it_expires_no_later_than_the_home_agents_binding()
    {
        var node = network.AddMobileNode(Home, options => options with { Lifetime = TimeSpan.FromSeconds(10) });
        network.Register(node);
        network.Run(9.97);
        Assert.Equal((0, 1), (node.BindingCount, network.HomeAgent.BindingCount));
        network.Run(0.02);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void Infinity_is_neither_renewed_nor_expires()
    {
        var unlimited = new Network(Network.DefaultOptions with { MaximumLifetime = Timeout.InfiniteTimeSpan });
        var node = unlimited.AddMobileNode(Home, options => options with { Lifetime = Timeout.InfiniteTimeSpan, RenewAutomatically = true });
        Assert.Equal(Timeout.InfiniteTimeSpan, unlimited.Register(node).LifetimeGranted);
        Assert.Null(node.NextDeadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, node.Binding(unlimited.Now(node))!.LifetimeRemaining);
    }

    [Fact]
    public void While_the_first_request_waits_the_binding_is_pending()
    {
        var node = network.AddMobileNode(Home);
        Assert.Null(node.Binding(network.Now(node)));
        network.Begin(node, (mn, now) => mn.Register(now));
        Assert.Equal(Engine.Bindings.BindingState.Pending, node.Binding(network.Now(node))!.State);
        Assert.True(node.IsRegistering);
        Assert.Equal(0, node.BindingCount);
    }

    [Fact]
    public void The_port_has_to_be_known_before_the_first_command()
    {
        var node = network.AddMobileNode(Home, options => options with { LocalPort = 0 });
        Assert.Throws<InvalidOperationException>(() => node.Register(network.Now(node)));
        node.Bind(node.LocalEndpoint with { Port = 50001 });
        Assert.Equal(RegistrationResult.Accepted, network.Register(node).Result);
        Assert.Equal(50001, network.Sent[0].Envelope.Source.Port);
    }

    [Fact]
    public void Options_are_checked()
    {
        Func<MobileNodeOptions, MobileNodeOptions>[] wrong =
        [
            options => options with { CareOfAddress = options.HomeAddress },
            options => options with { CareOfAddress = "2001:db8::1" },
            options => options with { HomeAgent = new Endpoint("192.0.2.1", 0) },
            options => options with { SecurityAssociation = new SecurityAssociation(256, "10.1.1.99", [1]) },
            options => options with { Lifetime = TimeSpan.Zero },
            options => options with { Lifetime = TimeSpan.FromSeconds(65535) },
            options => options with { Nai = new string('a', 254) },
            options => options with { Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8), 3) },
            options => options with { Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), -1) },
            options => options with { Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(8), 3) },
            options => options with { IPv6Prefixes = ["2001:db8::1/64"] },
            options => options with { IPv6Prefixes = ["2001:db8::/130"] },
            options => options with { IPv6Prefixes = ["2001:db8::/255"] },
            options => options with { IPv6Prefixes = ["2001:db8::/64", "2001:db8::/64"] },
            options => options with { TunnelingMode = (TunnelingMode)7 },
        ];
        foreach (var configure in wrong)
        {
            Assert.Throws<ArgumentException>(() => network.AddMobileNode(Home, configure));
        }
    }
}
