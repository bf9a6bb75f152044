using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using static DsmipTools.Wire.MobileIPv4.Extensions.PrefixReplyCode;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5454, 3.3, 3.7 and 3.8: IPv6 prefixes at the home agent.</summary>
public class HomeAgentPrefixTests
{
    private static readonly Extension CareOfMode = new IPv6TunnelingModeExtension();

    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5454-3.3-02")]
    [Trait("Rfc", "5454-3.3-05")]
    [Trait("Rfc", "5454-3.7-01")]
    public void Each_prefix_request_is_answered_by_its_own_reply_in_order()
    {
        var reply = Ask("2001:db8:7:1::/64", "2001:db8:ffff::/64", "2001:db8:7:2::/63", "2001:db8:7:9::9/128");
        Assert.Equal(RegistrationCode.Accepted, reply.Code);
        Assert.Equal(
            [
                ("2001:db8:7:1::/64", AcceptedHomeAddress),
                ("2001:db8:ffff::/64", RejectedProhibited),
                ("2001:db8:7:2::/63", AcceptedHomeAddress),
                ("2001:db8:7:9::9/128", AcceptedHomeAddress),
            ],
            reply.PrefixReplies());
        Assert.True(reply.IsAuthentic());
    }

    [Fact]
    [Trait("Rfc", "5454-3.3-03")]
    public void The_same_prefix_twice_gets_one_reply()
    {
        // The second one differs in bits that do not count.
        var reply = Ask("2001:db8:7:1::/64", "2001:db8:7:1::dead/64", "2001:db8:7:1::/64");
        Assert.Equal([("2001:db8:7:1::/64", AcceptedHomeAddress)], reply.PrefixReplies());
    }

    [Fact]
    [Trait("Rfc", "5454-3.3-05")]
    public void Bits_beyond_the_length_are_ignored_and_answered_as_zero()
    {
        Assert.Equal([("2001:db8:7:1::/64", AcceptedHomeAddress)], Ask("2001:db8:7:1:2:3:4:5/64").PrefixReplies());
    }

    [Fact]
    public void No_prefix_request_gets_no_prefix_reply()
    {
        Assert.Empty(Ask().PrefixReplies());
    }

    [Theory]
    [Trait("Rfc", "5454-3.3-04")]
    [Trait("Rfc", "5454-3.3.2-01")]
    [Trait("Rfc", "5454-3.3.2-09")]
    [InlineData(true, 1, true, AcceptedCareOfAddress)]
    [InlineData(true, 2, true, AcceptedCareOfAddress)]
    [InlineData(true, 0, true, AcceptedHomeAddress)]
    [InlineData(true, 1, false, AcceptedHomeAddress)]
    public void The_code_says_the_tunneling_mode(bool isCoLocated, int extensions, bool isAllowed, PrefixReplyCode code)
    {
        var configured = new Network(Network.DefaultOptions with { AllowCareOfAddressTunneling = isAllowed });
        var request = Requests.Make(configured, [.. Enumerable.Repeat(CareOfMode, extensions), Requests.Prefix("2001:db8:7:1::/64")]);
        Assert.Equal([("2001:db8:7:1::/64", code)], configured.Ask(request with { DecapsulationByMobileNode = isCoLocated }).PrefixReplies());
        var binding = configured.HomeAgent.Find(Requests.Home, configured.Now(configured.HomeAgent))!;
        var mode = code == AcceptedCareOfAddress ? TunnelingMode.CareOfAddress : TunnelingMode.HomeAddress;
        Assert.Equal([new RegisteredPrefix("2001:db8:7:1::/64", code, mode)], binding.RegisteredPrefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-14")]
    public void A_tunneling_mode_extension_without_D_means_the_home_address()
    {
        var request = Requests.Make(network, CareOfMode, Requests.Prefix("2001:db8:7:1::/64")) with { DecapsulationByMobileNode = false };
        Assert.Equal([("2001:db8:7:1::/64", AcceptedHomeAddress)], network.Ask(request).PrefixReplies());
    }

    [Theory]
    [Trait("Rfc", "5454-3.3.2-15")]
    [InlineData(129)]
    [InlineData(200)]
    [InlineData(254)]
    public void A_length_that_means_nothing_is_rejected_with_code_8(byte length)
    {
        var asked = new Prefix(((Prefix)"2001:db8:7:1::/64").Bits, length);
        var reply = network.Ask(Requests.Make(network, Requests.Prefix(asked)));
        Assert.Equal([(asked, RejectedUnspecified)], reply.PrefixReplies());
        Assert.Empty(Binding()!.Prefixes);
    }

    [Fact]
    public void Length_255_registers_a_link_local_address_and_nothing_else()
    {
        var reply = network.Ask(Requests.Make(network, CareOfMode, Requests.Prefix("fe80::a01:107/255"), Requests.Prefix("2001:db8:7:1::/255")));
        // RFC 5454, 3.7.1: in the tunnel to the home address, whatever mode was asked for.
        Assert.Equal([("fe80::a01:107/255", AcceptedHomeAddress), ("2001:db8:7:1::/255", RejectedUnspecified)], reply.PrefixReplies());
        Assert.True(Assert.Single(Binding()!.Prefixes).IsLinkLocalAddress);
        // Another node may have the same one.
        var other = network.Ask(Requests.Make(network, Requests.Prefix("fe80::a01:107/255")) with { HomeAddress = "10.1.1.8" });
        Assert.Equal([("fe80::a01:107/255", AcceptedHomeAddress)], other.PrefixReplies());
        Assert.Null(network.HomeAgent.FindByPrefix("fe80::a01:107", network.Now(network.HomeAgent)));
    }

    [Theory]
    [Trait("Rfc", "5454-3.3-07")]
    [InlineData("2001:db8:7:10::/60")]
    [InlineData("2001:db8:7:10::/61")]
    [InlineData("2001:db8:7:1f::/64")]
    [InlineData("2001:db8:7:1f::1/128")]
    [InlineData("2001:db8:7::/48")]
    [InlineData("2001:db8:7::/56")]
    public void A_prefix_that_overlaps_one_of_another_node_is_rejected_until_that_one_goes(string overlapping)
    {
        Ask("2001:db8:7:10::/60");
        Assert.Equal([(overlapping, RejectedUnspecified)], AskOther(overlapping).PrefixReplies());
        Assert.Equal([(overlapping, RejectedUnspecified)], AskOther(overlapping).PrefixReplies());
        Assert.Equal([("2001:db8:7:20::/60", AcceptedHomeAddress)], AskOther("2001:db8:7:20::/60").PrefixReplies());
        network.Run(1);
        Ask();
        Assert.Equal([(overlapping, AcceptedHomeAddress)], AskOther(overlapping).PrefixReplies());
    }

    [Fact]
    public void Prefixes_of_one_node_may_lie_inside_one_another()
    {
        var reply = Ask("2001:db8:7:10::/60", "2001:db8:7:11::/64");
        Assert.All(reply.PrefixReplies(), answer => Assert.Equal(AcceptedHomeAddress, answer.Code));
        Assert.Equal([("2001:db8:7:11:8000::/65", RejectedUnspecified)], AskOther("2001:db8:7:11:8000::/65").PrefixReplies());
    }

    [Fact]
    [Trait("Rfc", "5454-3.3-06")]
    [Trait("Rfc", "5454-3.8-01")]
    public void Prefixes_live_as_long_as_the_binding()
    {
        Ask("2001:db8:7:1::/64", "2001:db8:7:2::/64");
        network.Run(599);
        Assert.Equal(Requests.Home, network.HomeAgent.FindByPrefix("2001:db8:7:2::5", network.Now(network.HomeAgent))!.HomeAddress);
        network.Run(1);
        Assert.Null(network.HomeAgent.FindByPrefix("2001:db8:7:2::5", network.Now(network.HomeAgent)));
        Assert.Equal([("2001:db8:7::/48", AcceptedHomeAddress)], AskOther("2001:db8:7::/48").PrefixReplies());
    }

    [Fact]
    [Trait("Rfc", "5454-3.8-03")]
    public void A_prefix_that_is_left_out_is_deregistered()
    {
        Ask("2001:db8:7:1::/64", "2001:db8:7:2::/64");
        network.Run(1);
        Ask("2001:db8:7:2::/64");
        Assert.Equal(["2001:db8:7:2::/64"], Binding()!.Prefixes);
        Assert.Null(network.HomeAgent.FindByPrefix("2001:db8:7:1::5", network.Now(network.HomeAgent)));
    }

    [Fact]
    public void When_all_prefixes_are_rejected_the_registration_stands()
    {
        var reply = Ask("2001:db8:ffff::/64");
        Assert.Equal((RegistrationCode.Accepted, (ushort)600), (reply.Code, reply.Lifetime));
        Assert.Equal(1, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void A_refusal_answers_no_prefix()
    {
        var request = Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64"));
        Assert.Empty(network.Ask(request with { HomeAgent = "192.0.2.9" }).PrefixReplies());
        // What an earlier request left behind must not show up in a later refusal.
        Ask("2001:db8:7:1::/64");
        Assert.Empty(network.Ask(request).PrefixReplies());
    }

    [Fact]
    [Trait("Rfc", "5454-4-03")]
    public void What_stands_after_the_authentication_counts_for_nothing()
    {
        network.Associate(Requests.Home);
        byte[] octets =
        [
            .. Requests.Sign(Requests.Make(network)),
            152, 18, 1, 64, 0x20, 1, 0xd, 0xb8, 0, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        var reply = Assert.Single(network.Inject(network.HomeAgent, octets)).Reply;
        Assert.Equal(RegistrationCode.Accepted, reply.Code);
        Assert.Empty(reply.PrefixReplies());
        Assert.Empty(Binding()!.Prefixes);
    }

    [Fact]
    public void More_prefixes_than_allowed_are_rejected_and_more_than_256_not_answered()
    {
        var few = new Network(Network.DefaultOptions with { MaximumPrefixes = 2 });
        var asked = Enumerable.Range(0, 300).Select(number => Requests.Prefix(new Prefix(((Prefix)"2001:db8:7::/48").Bits | ((UInt128)number << 64), 64)));
        var replies = few.Ask(Requests.Make(few, [.. asked])).PrefixReplies().ToList();
        Assert.Equal(HomeAgent.MaximumPrefixRequests, replies.Count);
        Assert.Equal(2, replies.Count(answer => answer.Code == AcceptedHomeAddress));
        Assert.Equal(254, replies.Count(answer => answer.Code == RejectedUnspecified));
    }

    [Fact]
    public void A_policy_may_bind_prefixes_to_home_addresses()
    {
        var policy = new ConfiguredPrefixes(
            ["2001:db8:7::/48"],
            [new(Requests.Home, "2001:db8:7:1::/64"), new("10.1.1.8", "2001:db8:8::/48"), new("10.1.1.8", "2001:db8:8:1::/64")]);
        Assert.True(policy.Authorizes(Requests.Home, "2001:db8:7:1::/64"));
        Assert.True(policy.Authorizes(Requests.Home, "2001:db8:7:1:8000::/65"));
        Assert.True(policy.Authorizes(Requests.Home, "2001:db8:7:2::/64"));
        Assert.False(policy.Authorizes("10.1.1.8", "2001:db8:7:1::/64"));
        Assert.False(policy.Authorizes("10.1.1.8", "2001:db8:7::/63"));
        Assert.True(policy.Authorizes("10.1.1.8", "2001:db8:8:1::/64"));
        Assert.False(policy.Authorizes("10.1.1.9", "2001:db8:8:1::/64"));
        Assert.False(policy.Authorizes("10.1.1.8", "2001:db8::/32"));
        Assert.False(ConfiguredPrefixes.None.Authorizes(Requests.Home, "2001:db8:7::/48"));
        Assert.Throws<ArgumentException>(() => new ConfiguredPrefixes(["2001:db8:7::1/48"]));
        Assert.Throws<ArgumentException>(() => new ConfiguredPrefixes([], [new(Requests.Home, "2001:db8::/48"), new("10.1.1.8", "2001:db8::/64")]));
    }

    private MobileIPv4Binding? Binding() => network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent));

    private RegistrationReply Ask(params string[] prefixes) =>
        network.Ask(Requests.Make(network, [.. prefixes.Select(prefix => Requests.Prefix(prefix))]));

    private RegistrationReply AskOther(params string[] prefixes)
    {
        network.Run(0.001);
        return network.Ask(Requests.Make(network, [.. prefixes.Select(prefix => Requests.Prefix(prefix))]) with { HomeAddress = "10.1.1.8" });
    }
}
