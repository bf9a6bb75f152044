using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Sessions with several home network prefixes (RFC 5213, 5.3 and 5.4), at both ends.</summary>
public sealed class SeveralPrefixesTests
{
    private static readonly Prefix[] Three = ["2001:db8:100::/64", "2001:db8:100:1::/64", "2001:db8:100:2::/64"];

    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public SeveralPrefixesTests()
    {
        anchor = Anchor(AnchorOptions() with { PrefixesPerSession = 3 });
        probe = new Probe(anchor);
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-01")]
    [Trait("Rfc", "5213-5.1-07")]
    [Trait("Rfc", "5213-5.3.2-01")]
    [Trait("Rfc", "5213-5.3.6-06")]
    [Trait("Rfc", "5213-5.4-02")]
    public void A_session_gets_as_many_prefixes_as_configured_and_is_found_by_each()
    {
        var answer = Assert.Single(probe.Deliver(Update(probe), FromGateway()));
        Assert.Equal(Three, PrefixesOf(answer));
        Assert.Equal(Three, Assert.Single(anchor.Bindings(probe.Now)).Prefixes);
        Assert.Equal(1, anchor.BindingCount);
        Assert.All(Three, prefix => Assert.Equal(Node, anchor.Find(prefix.Address, probe.Now)?.Identifier));
        Assert.Null(anchor.Find("2001:db8:100:3::1", probe.Now));

        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 3), (anchor.BindingCount, anchor.Cache.IndexEntries, anchor.Pool.Released));
    }

    [Theory]
    [InlineData(BindingStatus.Accepted, 0, 1, 2)]
    [InlineData(BindingStatus.Accepted, 2, 0, 1)]
    [InlineData(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, 0)]
    [InlineData(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, 0, 1)]
    [InlineData(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, 0, 1, 1)]
    [InlineData(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, 0, 1, 2, 2)]
    [Trait("Rfc", "5213-5.3.6-05")]
    [Trait("Rfc", "5213-5.4.1.1-01")]
    [Trait("Rfc", "5213-5.4.1.1-04")]
    public void A_renewal_names_all_of_them_in_any_order(BindingStatus status, params int[] named)
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        Prefix[] prefixes = [.. named.Select(number => Three[number])];
        var answer = Assert.Single(probe.Deliver(Naming(HandoffIndicator.NotChanged, prefixes), FromGateway()));
        Assert.Equal(status, answer.Acknowledgement.Status);
        Assert.Equal(status == BindingStatus.Accepted ? Three : prefixes, PrefixesOf(answer));
    }

    [Theory]
    [InlineData(BindingStatus.Accepted, "2001:db8:100:7::/64", "2001:db8:100:5::1/64")]
    [InlineData(BindingStatus.NotAuthorizedForHomeNetworkPrefix, "2001:db8:100:7::/64", "2001:db8:ffff::/64")]
    [InlineData(BindingStatus.NotAuthorizedForHomeNetworkPrefix, "2001:db8:100:7::/64", "2001:db8:100:7::/64")]
    [InlineData(
        BindingStatus.NotAuthorizedForHomeNetworkPrefix, "2001:db8:100:4::/64", "2001:db8:100:5::/64", "2001:db8:100:6::/64", "2001:db8:100:7::/64")]
    [Trait("Rfc", "5213-5.3.2-05")]
    public void A_new_session_may_ask_for_some_by_name(BindingStatus status, params string[] named)
    {
        Prefix[] prefixes = [.. named.Select(text => Prefix.Parse(text))];
        var answer = Assert.Single(probe.Deliver(Naming(HandoffIndicator.NewInterface, prefixes), FromGateway()));
        Assert.Equal(status, answer.Acknowledgement.Status);
        Assert.Equal(
            status == BindingStatus.Accepted ? [.. prefixes.Select(prefix => prefix.Canonical)] : prefixes, PrefixesOf(answer));
        Assert.Equal(status == BindingStatus.Accepted ? 1 : 0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.2-04")]
    public void A_pool_that_runs_out_gives_what_it_has()
    {
        var small = Anchor(AnchorOptions() with { PrefixPool = "2001:db8:100::/62", PrefixesPerSession = 3 });
        var cell = new Probe(small);
        cell.Deliver(Update(cell, "a@example.com"), FromGateway());
        Assert.Equal([(Prefix)"2001:db8:100:3::/64"], PrefixesOf(Assert.Single(cell.Deliver(Update(cell, "b@example.com"), FromGateway()))));
        Assert.Equal(
            BindingStatus.InsufficientResources,
            Assert.Single(cell.Deliver(Update(cell, "c@example.com"), FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.4-01")]
    [Trait("Rfc", "5213-5.3.6-06")]
    [Trait("Rfc", "5213-5.4-02")]
    public void A_handover_takes_all_of_them_along()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(2)));
        Assert.Equal(Three, PrefixesOf(answer));
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(anchor.Bindings(probe.Now)).Peer);
    }

    [Fact]
    public void A_fixed_prefix_is_the_first_of_its_session()
    {
        var own = Anchor(AnchorOptions() with
        {
            PrefixesPerSession = 2, FixedPrefixes = new Dictionary<string, Prefix> { [Node] = "2001:db8:100:aa::/64" },
        });
        var cell = new Probe(own);
        Assert.Equal(
            [(Prefix)"2001:db8:100:aa::/64", "2001:db8:100::/64"], PrefixesOf(Assert.Single(cell.Deliver(Update(cell), FromGateway()))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void The_number_has_its_limits(int number) =>
        Assert.Throws<ArgumentException>(() => Anchor(AnchorOptions() with { PrefixesPerSession = number }));

    [Fact]
    [Trait("Rfc", "5213-6.1-01")]
    [Trait("Rfc", "5213-6.9.1.3-02")]
    [Trait("Rfc", "5213-6.9.1.4-03")]
    public void A_gateway_keeps_all_prefixes_and_names_them_in_renewals_and_at_the_end()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        var command = cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var answer = Acknowledge(cell.Last, prefix: Three[0], lifetime: 25);
        cell.Deliver(
            answer with { Options = [.. answer.Options.Span, .. Three[1..].Select(prefix => new HomeNetworkPrefixOption { Prefix = prefix })] },
            FromGateway().Reversed);
        Assert.Equal(Three, cell.Outcome<AttachmentOutcome>(command).Prefixes);
        Assert.Equal(Three, Assert.Single(gateway.Bindings(cell.Now)).Prefixes);

        cell.Advance(TimeSpan.FromSeconds(76));
        Assert.Equal(Three, PrefixesOf(cell.Last));
        cell.Do(now => gateway.Detach(Node, now));
        Assert.Equal((Three.Length, 0), (PrefixesOf(cell.Last).Count(), cell.Last.Update.Lifetime));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.1-03")]
    public void A_gateway_asks_for_several_by_name()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, Prefixes = Three }, now));
        Assert.Equal(Three, PrefixesOf(cell.Last));
        Assert.Throws<ArgumentException>(() => gateway.Attach(new AttachmentRequest { Identifier = "a", Prefixes = [Three[0], Three[0]] }, cell.Now));
    }

    private static IEnumerable<Prefix> PrefixesOf(SentMessage message) =>
        message.Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix);

    private BindingUpdate Naming(HandoffIndicator indicator, params Prefix[] prefixes)
    {
        var update = Update(probe, prefix: prefixes[0], indicator: indicator);
        return update with { Options = [.. update.Options.Span, .. prefixes[1..].Select(prefix => new HomeNetworkPrefixOption { Prefix = prefix })] };
    }
}
