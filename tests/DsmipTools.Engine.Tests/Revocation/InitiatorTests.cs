using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>A local mobility anchor revokes (RFC 5846, 5.1, 6 and 8.1).</summary>
public sealed class InitiatorTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public InitiatorTests()
    {
        anchor = Anchor();
        probe = new Probe(anchor);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-01")]
    [Trait("Rfc", "5846-6.1.1-01")]
    [Trait("Rfc", "5846-6.1.1-03")]
    [Trait("Rfc", "5846-5.1-05")]
    [Trait("Rfc", "5846-5.1-06")]
    [Trait("Rfc", "5846-5.1-02")]
    public void One_binding_is_named_by_the_identifier_of_its_update_and_its_prefix()
    {
        Register("Mn7@Example.COM");
        var (indication, _) = Revoke(RevocationRequest.MobileNode("Mn7@example.com", trigger: RevocationTrigger.UserInitiatedSessionTermination));

        Assert.True(indication.Indication.ProxyBinding);
        Assert.False(indication.Indication.Global);
        Assert.False(indication.Indication.IPv4HomeAddressBindingOnly);
        Assert.Equal(RevocationTrigger.UserInitiatedSessionTermination, indication.Indication.Trigger);
        Assert.Equal([MobilityOptionType.MobileNodeIdentifier, MobilityOptionType.HomeNetworkPrefix], indication.Options.Select(option => option.Type));
        Assert.Equal("Mn7@Example.COM", indication.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal((Prefix)"2001:db8:100::/64", indication.Option<HomeNetworkPrefixOption>().Prefix);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-02")]
    [Trait("Rfc", "5846-3.1-01")]
    public void One_of_several_bindings_is_told_by_its_prefix_and_the_others_stay()
    {
        Register();
        Register(gateway: 2);
        var (indication, command) = Revoke(RevocationRequest.MobileNode(Node, "2001:db8:100:1::/64"));

        Assert.Equal(FromGateway(2).Reversed, indication.Envelope);
        Assert.Equal((Prefix)"2001:db8:100:1::/64", indication.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(
            [BindingState.Active, BindingState.RevocationInProgress], anchor.Bindings(probe.Now).Select(binding => binding.State));
        probe.Deliver(Answer(indication), FromGateway(2));
        Assert.Equal([(Prefix)"2001:db8:100::/64"], Assert.Single(anchor.Bindings(probe.Now)).Prefixes);
        Assert.Equal(1, Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).BindingsRevoked);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-07")]
    public void All_bindings_of_a_mobile_node_at_one_peer_are_listed()
    {
        Register();
        Register(technology: AccessTechnologyType.Ethernet);
        Register(gateway: 2);
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        var indications = probe.Sent.TakeLast(2).ToArray();

        Assert.Equal([FromGateway().Reversed, FromGateway(2).Reversed], indications.Select(sent => sent.Envelope));
        Assert.Equal(
            [(Prefix)"2001:db8:100::/64", "2001:db8:100:1::/64"],
            indications[0].Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix));
        probe.Deliver(Answer(indications[0]), FromGateway());
        Assert.Single(probe.Outcomes(command));
        probe.Deliver(Answer(indications[1]), FromGateway(2));
        Assert.Equal(new RevocationFinished(2, 3), probe.Outcomes(command)[2]);
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-07")]
    public void More_bindings_than_can_be_listed_are_meant_by_the_identifier_alone()
    {
        for (byte technology = 1; technology <= 9; technology++)
        {
            Register(technology: (AccessTechnologyType)technology);
        }

        var (indication, _) = Revoke(RevocationRequest.MobileNode(Node));
        Assert.Single(indication.Options);
        Assert.Equal(9, anchor.Bindings(probe.Now).Count(binding => binding.State == BindingState.RevocationInProgress));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-03")]
    [Trait("Rfc", "5846-5.1-11")]
    [Trait("Rfc", "5846-5.1-12")]
    [Trait("Rfc", "5846-5.1-13")]
    [Trait("Rfc", "5846-6.1.1-02")]
    public void All_bindings_of_a_peer_go_by_a_global_indication_without_options()
    {
        Register();
        Register("a@example.org");
        Register("b@example.net", gateway: 2);
        var (indication, command) = Revoke(RevocationRequest.Peer(FromGateway().Source.Address));

        Assert.True(indication.Indication.ProxyBinding);
        Assert.True(indication.Indication.Global);
        Assert.Equal(RevocationTrigger.PerPeerPolicy, indication.Indication.Trigger);
        Assert.Empty(indication.Options);
        Assert.Equal(16, indication.Octets.Length);
        Assert.Equal(1, indication.Octets[1]);
        Assert.Equal([1, 2, 0, 0], indication.Octets.Span[12..].ToArray());
        probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal("b@example.net", Assert.Single(anchor.Bindings(probe.Now)).Identifier);
        Assert.Equal(new RevocationFinished(1, 2), probe.Outcomes(command)[1]);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("@EXAMPLE.com")]
    [Trait("Rfc", "5846-8.1-05")]
    [Trait("Rfc", "5846-6.1.1-02")]
    public void A_realm_is_revoked_at_every_peer_and_no_other_realm_with_it(string realm)
    {
        Register("1234abdelta@example.com");
        Register("axxxyzd@Example.Com");
        Register("two@signs@example.com", gateway: 2);
        Register("1234abdelta@foo.example.com");
        Register("suffix@myexample.com");
        Register("prefix@example.com.org");
        Register("example.com");
        Register("empty@");
        Register("example.com@other", gateway: 2);

        Assert.Equal([(FromGateway(1).Source.Address, 2), (FromGateway(2).Source.Address, 1)],
            anchor.Preview(RevocationRequest.Realm(realm)).Select(preview => (preview.Peer, preview.Bindings)));
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.Realm(realm), now));
        var indications = probe.Sent.TakeLast(2).ToArray();
        Assert.Equal([FromGateway(1).Reversed, FromGateway(2).Reversed], indications.Select(sent => sent.Envelope));
        Assert.Equal(
            [(true, true, RevocationTrigger.RevokingMobilityNodeLocalPolicy), (true, true, RevocationTrigger.RevokingMobilityNodeLocalPolicy)],
            indications.Select(sent => (sent.Indication.ProxyBinding, sent.Indication.Global, sent.Indication.Trigger)));
        Assert.Equal(
            ["@" + realm.TrimStart('@'), "@" + realm.TrimStart('@')],
            indications.Select(sent => Assert.IsType<MobileNodeIdentifierOption>(Assert.Single(sent.Options)).Text));
        Assert.Equal(3, anchor.Bindings(probe.Now).Count(binding => binding.State == BindingState.RevocationInProgress));

        probe.Deliver(Answer(indications[0]), FromGateway());
        probe.Deliver(Answer(indications[1], RevocationStatus.PartialSuccess), FromGateway(2));
        Assert.Equal(6, anchor.BindingCount);
        Assert.Equal(
            [typeof(RevocationOutcome), typeof(RevocationOutcome), typeof(RevocationFinished)],
            probe.Outcomes(command).Select(outcome => outcome.GetType()));
        Assert.Equal(new RevocationFinished(2, 3), probe.Outcomes(command)[2]);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-05")]
    public void Realms_that_are_no_UTF8_are_kept_apart()
    {
        RegisterOctets([(byte)'a', (byte)'@', 0xC3, 0x28]);
        RegisterOctets([(byte)'a', (byte)'@', 0xE3, 0x28]);
        RegisterOctets([(byte)'a', (byte)'@', 0xFF]);
        Assert.Equal(3, anchor.BindingCount);
        Assert.Empty(anchor.Preview(RevocationRequest.Realm("\u00c3(")));
        Assert.Single(anchor.Cache.FindRealm([0xC3, 0x28]));
        // An upper-case letter of Latin-1 is no ASCII letter.
        Assert.Empty(anchor.Cache.FindRealm([0xC3, 0x08]));
    }

    [Fact]
    public void A_realm_that_nobody_has_finishes_at_once()
    {
        Register();
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.Realm("nobody.example"), now));
        Assert.Equal([new RevocationFinished(0, 0)], probe.Outcomes(command));
        Assert.Single(probe.Sent);
        var gone = probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode("nobody@example.com"), now));
        Assert.Equal([new RevocationFinished(0, 0)], probe.Outcomes(gone));
        var none = probe.Do(now => anchor.Revoke(RevocationRequest.Peer("192.0.2.99"), now));
        Assert.Equal([new RevocationFinished(0, 0)], probe.Outcomes(none));
    }

    [Fact]
    public void A_deregistered_binding_is_not_revoked()
    {
        Register();
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", lifetime: 0), FromGateway());
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.Realm("example.com"), now));
        Assert.Equal([new RevocationFinished(0, 0)], probe.Outcomes(command));
    }

    [Fact]
    public void Requests_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RevocationRequest.Realm(""));
        Assert.Throws<ArgumentException>(() => RevocationRequest.Realm("@"));
        Assert.Throws<ArgumentException>(() => RevocationRequest.Realm("a@b"));
        Assert.Throws<ArgumentException>(() => RevocationRequest.Realm(new string('r', 253)));
        Assert.Throws<ArgumentException>(() => RevocationRequest.MobileNode(Node, trigger: RevocationTrigger.PerPeerPolicy));
        Assert.Throws<ArgumentException>(() => RevocationRequest.MobileNode(Node, trigger: (RevocationTrigger)250));
        Assert.Equal("realm example.com", RevocationRequest.Realm("@example.com").ToString());
        Assert.Equal(252, RevocationRequest.Realm(new string('r', 252)).Identifier?.Length);
    }

    [Theory]
    [InlineData(Transport.ProxyMobileIPv6Udp, 5436)]
    [InlineData(Transport.ProxyMobileIPv6Udp, 40_000)]
    [InlineData(Transport.IPv6, 0)]
    [Trait("Rfc", "5846-4-01")]
    [Trait("Rfc", "5846-4-02")]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5846-8.1-04")]
    public void An_indication_travels_like_the_latest_update_in_the_opposite_direction(Transport transport, int port)
    {
        var own = Anchor(AnchorOptions(transport));
        var cell = new Probe(own);
        var envelope = FromGateway(1, transport, (ushort)port);
        cell.Deliver(Update(cell), envelope);
        cell.Do(now => own.Revoke(RevocationRequest.Realm("example.com"), now));

        Assert.Equal(envelope.Reversed, cell.Last.Envelope);
        Assert.Equal(envelope.Source.Address, cell.Last.Envelope.Destination.Address);
        Assert.Equal(port, cell.Last.Envelope.Destination.Port);
        Assert.Equal(transport == Transport.IPv6, cell.Last.Message.Checksum != 0);
        Assert.True(MobilityHeaderView.TryParse(cell.Last.Octets.Span, out var header, out _));
        Assert.True(cell.Last.Envelope.IsChecksumRight(header));
        cell.Deliver(Answer(cell.Last), envelope);
        Assert.Equal(0, own.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-6.3-01")]
    [Trait("Rfc", "5846-6.3-02")]
    [Trait("Rfc", "5846-6.3-03")]
    [Trait("Rfc", "5846-11-01")]
    public void By_default_the_same_indication_goes_once_more_after_one_second_and_is_given_up_two_seconds_later()
    {
        Register();
        var start = probe.Now.Elapsed;
        var (indication, command) = Revoke(RevocationRequest.Realm("example.com"));
        probe.Advance(TimeSpan.FromSeconds(2.999));
        Assert.Equal([0, 1], probe.Sent.Skip(1).Select(sent => (sent.At - start).TotalSeconds));
        Assert.Equal(indication.Octets, probe.Last.Octets);
        Assert.Equal(indication.Envelope, probe.Last.Envelope);
        Assert.Equal(1, anchor.BindingCount);
        Assert.Empty(probe.Outcomes(command));

        probe.Advance(TimeSpan.FromSeconds(0.001));
        var outcome = Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]);
        Assert.Equal(RevocationResult.TimedOut, outcome.Result);
        Assert.Null(outcome.Status);
        Assert.Equal(2, outcome.Attempts);
        Assert.Equal(1, outcome.BindingsRevoked);
        Assert.Equal(new RevocationFinished(1, 1), probe.Outcomes(command)[1]);
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(0, anchor.Cache.IndexEntries);
        Assert.Equal(0, anchor.Initiator.Outstanding);
        Assert.Equal(1, anchor.Pool.Released);
        Assert.Contains(probe.Events, happened => happened.Kind == EventKind.RevocationTimedOut);
    }

    [Fact]
    [Trait("Rfc", "5846-6.3-02")]
    [Trait("Rfc", "5846-11-01")]
    public void The_variables_of_the_initiator_set_the_waits()
    {
        var own = Anchor(AnchorOptions() with
        {
            Revocation = new() { MaximumRetries = 5, InitialDelay = TimeSpan.FromSeconds(0.5), MaximumDelay = TimeSpan.FromSeconds(3) },
        });
        var cell = new Probe(own);
        cell.Deliver(Update(cell), FromGateway());
        var start = cell.Now.Elapsed;
        cell.Do(now => own.Revoke(RevocationRequest.Realm("example.com"), now));
        cell.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([0, 0.5, 1.5, 3.5, 6.5, 9.5], cell.Sent.Skip(1).Select(sent => (sent.At - start).TotalSeconds));
        Assert.Single(cell.Sent.Skip(1).Select(sent => sent.Octets).Distinct());
    }

    [Fact]
    [Trait("Rfc", "5846-11-01")]
    public void Variables_out_of_their_range_are_refused()
    {
        var good = new RevocationVariables();
        Assert.Equal((1, 1.0, 2.0), (good.MaximumRetries, good.InitialDelay.TotalSeconds, good.MaximumDelay.TotalSeconds));
        Assert.Throws<ArgumentException>(() => (good with { MaximumRetries = -1 }).ToPolicy());
        Assert.Throws<ArgumentException>(() => (good with { InitialDelay = TimeSpan.FromSeconds(0.499) }).ToPolicy());
        Assert.Throws<ArgumentException>(() => (good with { MaximumDelay = TimeSpan.FromSeconds(0.9) }).ToPolicy());
        Assert.Equal(0, (good with { MaximumRetries = 0 }).ToPolicy().MaximumRetries);
    }

    [Theory]
    [InlineData(0, RevocationResult.Acknowledged)]
    [InlineData(1, RevocationResult.Acknowledged)]
    [InlineData(2, RevocationResult.Acknowledged)]
    [InlineData(127, RevocationResult.Acknowledged)]
    [InlineData(128, RevocationResult.AlreadyGone)]
    [InlineData(131, RevocationResult.AlreadyGone)]
    [InlineData(129, RevocationResult.Rejected)]
    [InlineData(130, RevocationResult.Rejected)]
    [InlineData(132, RevocationResult.Rejected)]
    [InlineData(133, RevocationResult.Rejected)]
    [InlineData(134, RevocationResult.Rejected)]
    [InlineData(135, RevocationResult.Rejected)]
    [InlineData(255, RevocationResult.Rejected)]
    [Trait("Rfc", "5846-6.2.2-02")]
    [Trait("Rfc", "5846-6.2.2-03")]
    [Trait("Rfc", "5846-6.2.2-05")]
    [Trait("Rfc", "5846-5.2-01")]
    public void The_status_decides_what_becomes_of_the_binding(int status, RevocationResult result)
    {
        Register();
        var (indication, command) = Revoke(RevocationRequest.Realm("example.com"));
        probe.Now += TimeSpan.FromMilliseconds(40);
        probe.Deliver(Answer(indication, (RevocationStatus)status), FromGateway());

        var kept = result == RevocationResult.Rejected ? 1 : 0;
        var outcome = Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]);
        Assert.Equal((result, (RevocationStatus?)status, 1 - kept, kept),
            (outcome.Result, outcome.Status, outcome.BindingsRevoked, outcome.BindingsKept));
        Assert.Equal(TimeSpan.FromMilliseconds(40), outcome.RoundTripTime);
        Assert.Equal(indication.Indication.SequenceNumber, outcome.SequenceNumber);
        Assert.Equal(new RevocationFinished(1, 1 - kept), probe.Outcomes(command)[1]);
        Assert.Equal(2, probe.Outcomes(command).Count);
        Assert.Equal(Enumerable.Repeat(BindingState.Active, kept), anchor.Bindings(probe.Now).Select(binding => binding.State));
        Assert.Equal(1, anchor.Counters[MessageKind.BindingRevocationAcknowledgement, Direction.Received, status]);
        Assert.Single(probe.Events, happened =>
            happened.Kind == (kept == 1 ? EventKind.RevocationRejected : EventKind.RevocationAcknowledged) && happened.Code == status);
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.2-03")]
    public void What_the_peer_names_with_another_status_is_reported()
    {
        Register();
        var (indication, command) = Revoke(RevocationRequest.Realm("example.com"));
        var answer = Answer(
            indication, RevocationStatus.PartialSuccess,
            MobileNodeIdentifierOption.Create(Node), new HomeNetworkPrefixOption { Prefix = "2001:db8:100::/64" });
        probe.Deliver(answer, FromGateway());
        Assert.Equal([Node, "2001:db8:100::/64"], Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).NamedByPeer);
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.2-01")]
    public void An_acknowledgement_that_matches_nothing_is_dropped()
    {
        Register();
        var (indication, command) = Revoke(RevocationRequest.Realm("example.com"));
        var wrong = Answer(indication) with { SequenceNumber = (ushort)(indication.Indication.SequenceNumber + 1) };
        Assert.Empty(probe.Deliver(wrong, FromGateway()));
        Assert.Equal(1, anchor.Counters[MessageKind.BindingRevocationAcknowledgement, Direction.Received, drop: DropReason.NoMatchingRequest]);
        Assert.Equal(BindingState.RevocationInProgress, Assert.Single(anchor.Bindings(probe.Now)).State);
        Assert.Empty(probe.Outcomes(command));

        // A second copy of the right one, and one that comes after the end.
        probe.Deliver(Answer(indication), FromGateway());
        probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal(2, probe.Outcomes(command).Count);
        Assert.Equal(2, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    [Trait("Rfc", "5846-6.2.2-01")]
    public void An_acknowledgement_from_somebody_else_is_a_security_exception()
    {
        Register();
        var (indication, _) = Revoke(RevocationRequest.Realm("example.com"));
        probe.Deliver(Answer(indication), FromGateway(2));
        probe.Deliver(Answer(indication), FromGateway(port: 9));
        Assert.Equal(1, anchor.BindingCount);
        Assert.Equal(2, anchor.Counters.Dropped(DropReason.ForeignAcknowledgement));
        Assert.Equal(2, probe.Events.Count(happened => happened.Kind == EventKind.SecurityException));
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-03")]
    public void Sequence_numbers_of_outstanding_indications_differ_and_old_ones_are_skipped()
    {
        Register("first@example.com");
        Register("second@example.com");
        var (first, _) = Revoke(RevocationRequest.MobileNode("first@example.com"));
        // Once round and on: every number but the outstanding one is used and answered, and the first of them again.
        var numbers = new HashSet<ushort>();
        probe.KeepsEvents = false;
        for (var round = 0; round <= ushort.MaxValue; round++)
        {
            var (next, _) = Revoke(RevocationRequest.MobileNode("second@example.com", trigger: RevocationTrigger.Unspecified));
            numbers.Add(next.Indication.SequenceNumber);
            probe.Deliver(Answer(next, RevocationStatus.RevocationFunctionNotSupported), FromGateway());
            probe.Sent.Clear();
            probe.Completions.Clear();
        }

        Assert.Equal(ushort.MaxValue, numbers.Count);
        Assert.DoesNotContain(first.Indication.SequenceNumber, numbers);
    }

    [Fact]
    [Trait("Rfc", "5846-11-02")]
    [Trait("Rfc", "5846-5.1-03")]
    public void When_every_sequence_number_is_outstanding_a_revocation_is_refused_and_nothing_is_half_done()
    {
        probe.KeepsEvents = false;
        for (var number = 0; number < 65_537; number++)
        {
            probe.Sent.Clear();
            Register($"mn{number}@example.com");
            if (number < 65_535)
            {
                Revoke(RevocationRequest.MobileNode($"mn{number}@example.com"));
            }
        }

        Assert.Equal(1, anchor.Initiator.FreeSequenceNumbers);
        // Two indications are needed and one number is left.
        Register("mn65535@example.com", gateway: 2);
        var before = anchor.Bindings(probe.Now).ToArray();
        Assert.Throws<InvalidOperationException>(() => anchor.Revoke(RevocationRequest.MobileNode("mn65535@example.com"), probe.Now));
        Assert.True(anchor.Outbox.IsEmpty);
        Assert.True(before.SequenceEqual(anchor.Bindings(probe.Now)));
        Assert.Equal(1, anchor.Initiator.FreeSequenceNumbers);

        Revoke(RevocationRequest.MobileNode("mn65536@example.com"));
        Assert.Equal(0, anchor.Initiator.FreeSequenceNumbers);
        Assert.Throws<InvalidOperationException>(() => anchor.Revoke(RevocationRequest.MobileNode("mn65535@example.com", "2001:db8:100:ffff::/64"), probe.Now));

        probe.Sent.Clear();
        probe.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(65_536, probe.Sent.Select(sent => sent.Indication.SequenceNumber).Distinct().Count());
        Assert.Equal(2, anchor.BindingCount);
        Assert.Equal(65_536, anchor.Initiator.FreeSequenceNumbers);
    }

    [Fact]
    public void A_new_revocation_of_the_same_binding_takes_the_place_of_the_old_one()
    {
        Register();
        var (first, old) = Revoke(RevocationRequest.MobileNode(Node, trigger: RevocationTrigger.Unspecified));
        var (second, command) = Revoke(RevocationRequest.Realm("example.com"));
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(probe.Outcomes(old)[0]).Result);
        Assert.Equal(new RevocationFinished(1, 0), probe.Outcomes(old)[1]);

        probe.Deliver(Answer(first), FromGateway());
        Assert.Equal(1, anchor.BindingCount);
        probe.Deliver(Answer(second), FromGateway());
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(2, probe.Outcomes(command).Count);
        Assert.Equal(2, probe.Outcomes(old).Count);
    }

    private void Register(string identifier = Node, int gateway = 1, AccessTechnologyType technology = AccessTechnologyType.WirelessLan)
    {
        probe.Now += TimeSpan.FromMilliseconds(0.1);
        var answer = Assert.Single(probe.Deliver(Update(probe, identifier, technology: technology), FromGateway(gateway)));
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
    }

    private void RegisterOctets(byte[] identifier)
    {
        var update = Update(probe);
        var octets = update with { Options = [new MobileNodeIdentifierOption { Identifier = identifier }, .. update.Options.Span[1..]] };
        var answer = Assert.Single(probe.Deliver(octets, FromGateway()));
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
    }

    private (SentMessage Indication, long Command) Revoke(RevocationRequest request)
    {
        var command = probe.Do(now => anchor.Revoke(request, now));
        return (probe.Last, command);
    }
}
