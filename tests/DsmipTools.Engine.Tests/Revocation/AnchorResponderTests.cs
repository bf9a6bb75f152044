using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>A gateway tells the anchor which bindings of a mobile node to revoke (RFC 5846, 8.2).</summary>
public sealed class AnchorResponderTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;
    private ushort sequenceNumber;

    public AnchorResponderTests()
    {
        anchor = Anchor(AnchorOptions() with { PrefixesPerSession = 2 });
        probe = new Probe(anchor);
        // Sessions with the prefixes 0 and 1, 2 and 3, 4 and 5 at the first gateway, and 6 and 7 at the second one.
        Register(AccessTechnologyType.WirelessLan, 1);
        Register(AccessTechnologyType.Ethernet, 1);
        Register(AccessTechnologyType.WiMax, 1);
        Register(AccessTechnologyType.WirelessLan, 2);
    }

    public static TheoryData<int[], int[]> Named => new()
    {
        { [], [6] },
        { [0], [2, 4, 6] },
        { [0, 1], [2, 4, 6] },
        { [1, 4], [2, 6] },
        { [5, 2, 0], [6] },
    };

    [Theory]
    [MemberData(nameof(Named))]
    [Trait("Rfc", "5846-8.2-06")]
    [Trait("Rfc", "5846-8.2-01")]
    public void The_prefixes_say_which_and_none_says_all_of_that_gateway(int[] named, int[] left)
    {
        var answer = Ask(Indicate(RevocationTrigger.UserInitiatedSessionTermination, 9, Node, Prefixes(named)));
        Assert.Equal((RevocationStatus.Success, 9, true), (answer.Revoked.Status, answer.Revoked.SequenceNumber, answer.Revoked.ProxyBinding));
        Assert.Empty(answer.Options);
        Assert.Equal(left.Select(Number), anchor.Bindings(probe.Now).Select(binding => binding.Prefixes[0]));
        Assert.Contains(probe.Events, happened => happened is { Kind: EventKind.RevocationReceived, Code: 0 } && happened.Count == 4 - left.Length);
        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (anchor.Cache.IndexEntries, anchor.HeldBesideBindings));
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-05")]
    [Trait("Rfc", "5846-5.2-03")]
    public void What_was_released_before_is_named_in_a_partial_success()
    {
        Ask(Indicate(RevocationTrigger.AdministrativeReason, 1, Node, Prefixes(0)));
        var answer = Ask(Indicate(RevocationTrigger.AdministrativeReason, 2, Node, Prefixes(0, 2, 1)));
        Assert.Equal(RevocationStatus.PartialSuccess, answer.Revoked.Status);
        Assert.Equal(Node, answer.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal([Number(0), Number(1)], answer.Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix));
        Assert.Equal([Number(4), Number(6)], anchor.Bindings(probe.Now).Select(binding => binding.Prefixes[0]));
        Assert.Equal(1, anchor.Counters[MessageKind.BindingRevocationAcknowledgement, Direction.Sent, 1]);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-05")]
    public void The_most_that_an_indication_can_name_comes_back_as_far_as_it_fits()
    {
        var packed = Indicate(RevocationTrigger.AdministrativeReason, 1, Node) with { Verbatim = true };
        packed = packed with { Options = [.. packed.Options.Span, .. Prefixes([2, .. Enumerable.Range(100, 96)])] };
        var octets = packed.ToOctets().ToArray();
        Array.Resize(ref octets, (octets.Length + 7) / 8 * 8);
        octets[1] = (byte)((octets.Length / 8) - 1);
        var answer = Assert.Single(probe.Deliver(octets, FromGateway()));
        Assert.Equal(RevocationStatus.PartialSuccess, answer.Revoked.Status);
        Assert.InRange(answer.Options.OfType<HomeNetworkPrefixOption>().Count(), 80, 96);
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.1-04")]
    [Trait("Rfc", "5846-13-02")]
    [Trait("Rfc", "5846-3.1-01")]
    public void What_is_not_registered_with_the_gateway_does_not_exist_for_it()
    {
        RevocationStatus[] statuses =
        [
            Status("nobody@example.com"),
            Status(null),
            Status(Node, Prefixes(6)),
            Status(Node, Prefixes(99)),
            Status("other@example.com", Prefixes(0)),
            Status(Node, new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8::1" }),
        ];
        Assert.All(statuses, status => Assert.Equal(RevocationStatus.BindingDoesNotExist, status));
        Assert.Equal(
            RevocationStatus.BindingDoesNotExist,
            Assert.Single(probe.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 1, Node), FromGateway(3))).Revoked.Status);
        Assert.Equal(4, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-00")]
    [Trait("Rfc", "5846-8.2-01")]
    public void Without_P_or_for_a_realm_nothing_is_revoked()
    {
        RevocationStatus[] statuses =
        [
            Ask(Indicate(RevocationTrigger.AdministrativeReason, 1, Node) with { ProxyBinding = false }).Revoked.Status,
            Ask(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 2, "@example.com")).Revoked.Status,
        ];
        Assert.All(statuses, status => Assert.Equal(RevocationStatus.RevocationFunctionNotSupported, status));
        Assert.Equal(4, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-06")]
    public void A_binding_that_the_anchor_was_revoking_goes_and_its_indication_is_void()
    {
        var command = probe.Do(now => anchor.Revoke(Engine.Revocation.RevocationRequest.MobileNode(Node, Number(0)), now));
        Ask(Indicate(RevocationTrigger.UserInitiatedSessionTermination, 1, Node, Prefixes(0)));
        Assert.Equal(0, anchor.Initiator.Outstanding);
        Assert.Equal(new Engine.Revocation.RevocationFinished(1, 0), probe.Outcomes(command)[^1]);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-05")]
    public void A_deregistered_binding_is_released_already()
    {
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, lifetime: 0), FromGateway());
        Assert.Equal(RevocationStatus.PartialSuccess, Ask(Indicate(RevocationTrigger.AdministrativeReason, 1, Node, Prefixes(0, 2))).Revoked.Status);
        Assert.Equal(BindingState.Deregistered, anchor.Bindings(probe.Now).First().State);
    }

    private static Prefix Number(int number) => new(Pool.Bits + ((UInt128)number << 64), 64);

    private static MobilityOption[] Prefixes(params int[] numbers) =>
        [.. numbers.Select(number => new HomeNetworkPrefixOption { Prefix = Number(number) })];

    private void Register(AccessTechnologyType technology, int gateway)
    {
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, technology: technology), FromGateway(gateway));
    }

    private SentMessage Ask(BindingRevocationIndication indication) => Assert.Single(probe.Deliver(indication, FromGateway()));

    private RevocationStatus Status(string? identifier, params MobilityOption[] options) =>
        Ask(Indicate(RevocationTrigger.AdministrativeReason, ++sequenceNumber, identifier, options)).Revoked.Status;
}
