using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using static DsmipTools.Engine.MobileIPv4.PrefixRegistrationState;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.6.2 and RFC 5454, 3.2 and 3.5: which replies a mobile node believes, and what it concludes from them.</summary>
public class MobileNodeReplyTests
{
    private const string First = "2001:db8:7:1::/64";
    private const string Second = "2001:db8:7:2::/64";

    private readonly Network network = new();
    private readonly MobileNode node;
    private readonly long command;

    public MobileNodeReplyTests()
    {
        node = network.AddMobileNode(Requests.Home, options => options with { IPv6Prefixes = [First, Second] });
        command = network.Begin(node, (mn, now) => mn.Register(now));
        network.ClearLink();
    }

    private RegistrationReply Right => new()
    {
        Lifetime = 600,
        HomeAddress = Requests.Home,
        HomeAgent = network.HomeAgent.Options.Address,
        Identification = network.Sent[0].Request.Identification,
    };

    [Fact]
    [Trait("Rfc", "5454-3.2-01")]
    [Trait("Rfc", "5454-3.5-01")]
    [Trait("Rfc", "5454-3.5-09")]
    public void No_prefix_reply_means_that_the_home_agent_does_not_support_it_and_the_node_goes_on()
    {
        var outcome = Answer(Right)!;
        Assert.Equal(RegistrationResult.Accepted, outcome.Result);
        Assert.Equal([new(First, NotSupported), new(Second, NotSupported)], outcome.Prefixes);
        Assert.Equal(1, node.BindingCount);
        Assert.Empty(node.Binding(network.Now(node))!.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.2-02")]
    public void A_refusal_in_the_header_rejects_every_prefix()
    {
        var outcome = Answer(With(Right with { Code = RegistrationCode.AdministrativelyProhibited }, (First, 0), (Second, 1)))!;
        Assert.Equal(RegistrationResult.Refused, outcome.Result);
        Assert.Equal([new(First, RejectedWithRegistration), new(Second, RejectedWithRegistration)], outcome.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.2-03")]
    [Trait("Rfc", "5454-3.5-03")]
    public void A_rejecting_prefix_reply_rejects_that_prefix_alone()
    {
        var outcome = Answer(With(Right, (First, 9), (Second, 0)))!;
        Assert.Equal([new(First, RejectedProhibited), new(Second, AcceptedHomeAddress)], outcome.Prefixes);
        Assert.Equal([Second], node.Binding(network.Now(node))!.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.2-04")]
    [Trait("Rfc", "5454-3.5-02")]
    public void A_missing_prefix_reply_counts_as_rejected()
    {
        var outcome = Answer(With(Right, (Second, 0)))!;
        Assert.Equal([new(First, NotAnswered), new(Second, AcceptedHomeAddress)], outcome.Prefixes);
        Assert.Equal([Second], node.Binding(network.Now(node))!.Prefixes);
    }

    [Theory]
    [Trait("Rfc", "5454-3.5-03")]
    [InlineData(0, AcceptedHomeAddress)]
    [InlineData(1, AcceptedCareOfAddress)]
    [InlineData(2, AcceptedHomeAddress)]
    [InlineData(7, AcceptedHomeAddress)]
    [InlineData(8, RejectedUnspecified)]
    [InlineData(9, RejectedProhibited)]
    [InlineData(10, RejectedUnspecified)]
    [InlineData(255, RejectedUnspecified)]
    public void Codes_are_understood_reserved_ones_too(byte code, PrefixRegistrationState state)
    {
        Assert.Equal([new(First, state), new(Second, NotAnswered)], Answer(With(Right, (First, code)))!.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-3.5-06")]
    public void Code_1_without_a_co_located_care_of_address_counts_as_code_0()
    {
        var octets = Requests.Sign(With(Right, (First, 1)));
        Assert.True(RegistrationReplyView.TryParse(octets, out var reply, out _));
        var conclusions = PrefixConclusions.Conclude([First], reply, octets.Length, isCoLocated: false, out _);
        Assert.Equal([new(First, AcceptedHomeAddress)], conclusions);
    }

    [Fact]
    [Trait("Rfc", "5454-3.5-09")]
    public void When_every_prefix_is_rejected_the_node_goes_on_with_IPv4()
    {
        Assert.Equal(RegistrationResult.Accepted, Answer(With(Right, (First, 8), (Second, 9)))!.Result);
        Assert.Equal(1, node.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5454-3.5-10")]
    public void A_prefix_reply_that_matches_no_request_is_ignored_and_counted()
    {
        var outcome = Answer(With(Right, ("2001:db8:7:9::/64", 0), (First, 0), (First, 9), ("2001:db8:7:2::/65", 0)))!;
        Assert.Equal([new(First, AcceptedHomeAddress), new(Second, NotAnswered)], outcome.Prefixes);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.UnmatchedPrefixReply, Detail: "3 prefix replies" });
    }

    [Fact]
    public void Bits_beyond_the_length_of_a_replied_prefix_are_ignored()
    {
        Assert.Equal(new PrefixRegistration(First, AcceptedHomeAddress), Answer(With(Right, ("2001:db8:7:1::77/64", 0)))!.Prefixes[0]);
    }

    [Fact]
    public void A_prefix_reply_after_the_authentication_counts_for_nothing()
    {
        var extension = new byte[22];
        new IPv6PrefixReplyExtension { Code = 0, Prefix = First }.Write(extension);
        Assert.Equal([new(First, NotSupported), new(Second, NotSupported)], Answer([.. Requests.Sign(Right), .. extension])!.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5454-2-01")]
    public void Unknown_subtypes_and_skippable_extensions_are_skipped()
    {
        var reply = Right with
        {
            Extensions = [new UnknownExtension { ExtensionType = 152, Data = [77] }, new UnknownExtension { ExtensionType = 255, Data = [] }],
        };
        Assert.Equal(RegistrationResult.Accepted, Answer(reply)!.Result);
    }

    [Theory]
    [Trait("Rfc", "5944-3.4-02")]
    [InlineData(599, 599)]
    [InlineData(1800, 1800)]
    [InlineData(1801, 1800)]
    [InlineData(65535, 1800)]
    [InlineData(0, 0)]
    public void A_lifetime_is_never_longer_than_the_one_asked_for(ushort said, int granted)
    {
        var outcome = Answer(Right with { Lifetime = said })!;
        Assert.Equal(TimeSpan.FromSeconds(granted), outcome.LifetimeGranted);
        Assert.Equal(granted == 0 ? 0 : 1, node.BindingCount);
    }

    [Fact]
    public void An_answer_from_another_endpoint_does_not_count()
    {
        Ignored(Requests.Sign(Right), DropReason.NotAPeer, new Endpoint("192.0.2.2", 434));
        Ignored(Requests.Sign(Right), DropReason.NotAPeer, new Endpoint("192.0.2.1", 435));
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.2.1-02")]
    public void The_low_half_of_the_identification_has_to_match()
    {
        Ignored(Requests.Sign(Right with { Identification = Right.Identification ^ 1 }), DropReason.NoMatchingRequest);
        // The upper half is the home agent's business.
        Assert.NotNull(Answer(Right with { Identification = Right.Identification ^ (1UL << 40) }));
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.2.1-02")]
    public void An_answer_to_an_earlier_request_does_not_count()
    {
        var first = Requests.Sign(Right);
        network.Run(1);
        Assert.Equal(2, network.Sent.Count);
        network.ClearLink();
        Ignored(first, DropReason.NoMatchingRequest);
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.2.1-03")]
    [Trait("Rfc", "5944-3.6.2.1-06")]
    public void A_reply_without_authentication_does_not_count() =>
        Ignored(Right.ToOctets().ToArray(), DropReason.MissingAuthentication);

    [Fact]
    [Trait("Rfc", "5944-3.6.2.1-06")]
    public void A_forged_reply_does_not_count() => Ignored(Requests.Sign(Right, key: [1]), DropReason.BadAuthenticator);

    [Fact]
    public void A_reply_with_another_SPI_does_not_count() => Ignored(Requests.Sign(Right, 300), DropReason.NoSecurityAssociation);

    [Fact]
    [Trait("Rfc", "5944-3.6.2.1-06")]
    public void Two_authentication_extensions_do_not_count()
    {
        var octets = Requests.Sign(Right);
        Ignored([.. octets, .. octets.AsSpan(20)], DropReason.BadAuthenticator);
        Ignored([.. octets, .. octets.AsSpan(20), .. octets.AsSpan(20)], DropReason.BadAuthenticator);
    }

    [Fact]
    public void An_unknown_extension_below_128_drops_the_reply() => Ignored([.. Requests.Sign(Right), 40, 0], DropReason.UnknownExtension);

    [Fact]
    public void Another_home_address_or_home_agent_does_not_count()
    {
        Ignored(Requests.Sign(Right with { HomeAddress = "10.1.1.8" }), DropReason.Mismatch);
        Ignored(Requests.Sign(Right with { HomeAgent = "192.0.2.9" }), DropReason.Mismatch);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(193)]
    public void A_code_that_is_no_home_agents_does_not_count(byte code) =>
        Ignored((Right with { Code = (RegistrationCode)code }).ToOctets().ToArray(), DropReason.Mismatch);

    [Fact]
    public void Its_own_request_thrown_back_does_not_count() =>
        Ignored(network.Sent[0].Octets, DropReason.UnexpectedMessage);

    [Fact]
    public void Code_136_tells_the_right_home_agent()
    {
        var outcome = Answer(Right with { Code = RegistrationCode.UnknownHomeAgentAddress, HomeAgent = "192.0.2.9" })!;
        Assert.Equal((RegistrationResult.Refused, "192.0.2.9"), (outcome.Result, outcome.HomeAgent.ToString()));
    }

    [Fact]
    public void An_authenticated_131_is_a_refusal_and_a_security_exception()
    {
        Assert.Equal(RegistrationResult.Refused, Answer(Right with { Code = RegistrationCode.MobileNodeFailedAuthentication })!.Result);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.SecurityException, Code: 131 });
    }

    [Fact]
    public void Every_flipped_bit_of_a_reply_is_noticed()
    {
        var octets = Requests.Sign(With(Right, (First, 0), (Second, 0)));
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            var forged = octets.ToArray();
            forged[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Assert.Null(Answer(forged));
            Assert.True(node.IsRegistering);
        }

        Assert.NotNull(Answer(octets));
    }

    [Fact]
    public void A_reply_cut_off_anywhere_does_not_count()
    {
        var octets = Requests.Sign(With(Right, (First, 0), (Second, 0)));
        for (var length = 0; length < octets.Length; length++)
        {
            Assert.Null(Answer(octets[..length]));
        }

        Assert.NotNull(Answer(octets));
    }

    private static RegistrationReply With(RegistrationReply reply, params (string Prefix, byte Code)[] prefixes) => reply with
    {
        Extensions = ValueList.From(prefixes.Select(prefix =>
            (Extension)new IPv6PrefixReplyExtension { Prefix = prefix.Prefix, Code = (PrefixReplyCode)prefix.Code })),
    };

    private RegistrationOutcome? Answer(RegistrationReply reply) => Answer(Requests.Sign(reply));

    private RegistrationOutcome? Answer(byte[] octets)
    {
        network.Inject(node, octets, network.HomeAgent.LocalEndpoint);
        return network.Outcomes.GetValueOrDefault((node, command));
    }

    private void Ignored(byte[] octets, DropReason reason, Endpoint? source = null)
    {
        var before = node.Counters.Dropped(reason);
        Assert.Empty(network.Inject(node, octets, source ?? network.HomeAgent.LocalEndpoint));
        Assert.Equal(before + 1, node.Counters.Dropped(reason));
        Assert.Empty(network.Outcomes);
        Assert.True(node.IsRegistering);
        Assert.Equal(reason.IsSecurityException() ? EventKind.SecurityException : EventKind.Dropped, network.Events[^1].Kind);
    }
}
