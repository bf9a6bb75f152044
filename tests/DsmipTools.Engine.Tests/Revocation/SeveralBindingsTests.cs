using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>One, several and all bindings of a mobile node, each with several prefixes, from the anchor to the gateway (RFC 5846, 8.1 and 9.1).</summary>
public sealed class SeveralBindingsTests
{
    private readonly Network network = new(8);
    private readonly LocalMobilityAnchor anchor;
    private readonly MobileAccessGateway gateway;

    public SeveralBindingsTests()
    {
        anchor = network.Add(Anchor(AnchorOptions() with { PrefixesPerSession = 2 }));
        gateway = network.Add(Gateway());
        // Three interfaces with the prefixes 0 and 1, 2 and 3, 4 and 5.
        for (byte number = 1; number <= 3; number++)
        {
            network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = new[] { number } }, now));
            network.Run(TimeSpan.FromSeconds(1));
        }
    }

    public static TheoryData<int[], int[], string> Requests => new()
    {
        { [0], [0, 1], "02 03" },
        { [3], [2, 3], "01 03" },
        { [4, 5], [4, 5], "01 02" },
        { [0, 5], [0, 1, 4, 5], "02" },
        { [1, 2, 4], [0, 1, 2, 3, 4, 5], "" },
        { [], [0, 1, 2, 3, 4, 5], "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("Rfc", "5846-8.1-02")]
    [Trait("Rfc", "5846-8.1-07")]
    [Trait("Rfc", "5846-5.1-05")]
    public void Prefixes_name_the_sessions_that_have_them_and_all_prefixes_of_those_are_listed(int[] asked, int[] listed, string left)
    {
        var command = network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node, ValueList.From(asked.Select(Number))), now));
        network.Run(TimeSpan.FromMilliseconds(100));
        var indication = network.Sent.Single(sent => sent.Message is BindingRevocationIndication);
        Assert.Equal(listed.Select(Number), indication.Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix));
        Assert.False(indication.Indication.Global);
        Assert.Equal(RevocationStatus.Success, network.Sent[^1].Revoked.Status);
        Assert.Equal(left, Interfaces(anchor.Bindings(network.Now)));
        Assert.Equal(left, Interfaces(gateway.Bindings(network.Now)));
        Assert.Equal(new RevocationFinished(1, listed.Length / 2), network.Outcome<RevocationFinished>(anchor, command));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-07")]
    [Trait("Rfc", "5846-8.1-02")]
    public void A_part_of_many_bindings_is_always_listed_and_all_of_many_are_the_identifier_alone()
    {
        for (byte number = 4; number <= 8; number++)
        {
            network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = new[] { number } }, now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        var some = ValueList.From(Enumerable.Range(0, 7).Select(number => Number(2 * number)));
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node, some), now));
        Assert.Equal(14, network.Sent[^1].Options.OfType<HomeNetworkPrefixOption>().Count());
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal("08", Interfaces(gateway.Bindings(network.Now)));

        for (byte number = 1; number <= 4; number++)
        {
            network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = new[] { number } }, now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        Assert.Equal(Node, Assert.IsType<MobileNodeIdentifierOption>(Assert.Single(network.Sent[^1].Options)).Text);
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (anchor.BindingCount, gateway.BindingCount));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-02")]
    public void The_most_prefixes_that_can_be_asked_for_fit_one_indication_with_the_longest_identifier()
    {
        var many = Anchor(AnchorOptions() with { PrefixesPerSession = 16, SessionsPerNode = 64 });
        var cell = new Probe(many);
        var identifier = new string('a', 253);
        for (byte number = 1; number <= 64; number++)
        {
            cell.Now += TimeSpan.FromSeconds(1);
            var update = Update(cell, identifier);
            cell.Deliver(
                update with { Options = [.. update.Options.Span, new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = new[] { number } }] },
                FromGateway());
        }

        Prefix[] one = [.. many.Bindings(cell.Now).Select(binding => binding.Prefixes[7])];
        cell.Do(now => many.Revoke(RevocationRequest.MobileNode(identifier, one), now));
        Assert.Equal(one, cell.Last.Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix));
        Assert.All(many.Bindings(cell.Now), binding => Assert.Equal(BindingState.RevocationInProgress, binding.State));
        Assert.Throws<ArgumentException>(() => RevocationRequest.MobileNode(identifier, [.. one, "2001:db8::/64"]));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void Only_the_session_that_is_named_is_being_revoked()
    {
        network.SetLink(gateway, Link.Perfect with { Partitioned = true });
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node, Number(0)), now));
        Assert.Equal(
            [BindingState.RevocationInProgress, BindingState.Active, BindingState.Active], anchor.Bindings(network.Now).Select(binding => binding.State));
        network.Run(TimeSpan.FromSeconds(4));
        Assert.Equal("02 03", Interfaces(anchor.Bindings(network.Now)));
    }

    private static Prefix Number(int number) => new(Pool.Bits + ((UInt128)number << 64), 64);

    private static string Interfaces(IEnumerable<ProxyBindingSnapshot> bindings) => string.Join(' ', bindings.Select(binding => binding.LinkLayerIdentifier));
}
