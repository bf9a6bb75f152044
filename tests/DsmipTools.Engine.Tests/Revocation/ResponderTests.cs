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

/// <summary>A mobile access gateway is told to revoke (RFC 5846, 6.1.2, 6.2.1 and 9.1), and a local mobility anchor too (8.2).</summary>
public sealed class ResponderTests
{
    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;
    private ushort sequenceNumber = 4000;

    public ResponderTests()
    {
        gateway = Gateway();
        probe = new Probe(gateway);
    }

    private static Envelope FromAnchor => FromGateway().Reversed;

    [Theory]
    [InlineData(RevocationTrigger.Unspecified)]
    [InlineData(RevocationTrigger.AdministrativeReason)]
    [InlineData(RevocationTrigger.UserInitiatedSessionTermination)]
    [InlineData(RevocationTrigger.AccessNetworkSessionTermination)]
    [InlineData(RevocationTrigger.PossibleOutOfSyncBceState)]
    [Trait("Rfc", "5846-6.1.2-01")]
    [Trait("Rfc", "5846-6.1.2-03")]
    [Trait("Rfc", "5846-5.2-02")]
    [Trait("Rfc", "5846-4-02")]
    public void One_mobile_node_is_revoked_and_the_answer_copies_the_indication(RevocationTrigger trigger)
    {
        Attach(Node, "2001:db8:100:7::/64");
        Attach("other@example.com", "2001:db8:100:8::/64");
        var answer = Ask(Indicate(trigger, 0xBEEF, Node, new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64" }));

        Assert.Equal(FromGateway(), answer.Envelope);
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.Equal(0xBEEF, answer.Revoked.SequenceNumber);
        Assert.Equal((true, false, false), (answer.Revoked.ProxyBinding, answer.Revoked.IPv4HomeAddressBindingOnly, answer.Revoked.Global));
        Assert.Equal("other@example.com", Assert.Single(gateway.Bindings(probe.Now)).Identifier);
        Assert.Contains(probe.Events, happened => happened is { Kind: EventKind.RevocationReceived, Code: 0, Count: 1 });
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, true, true)]
    [Trait("Rfc", "5846-5.2-02")]
    [Trait("Rfc", "5846-6.1.2-01")]
    public void The_flags_of_a_rejected_indication_are_copied_too(bool proxy, bool only, bool global)
    {
        var answer = Ask(Indicate(RevocationTrigger.AdministrativeReason, 1, "nobody@example.com") with
        {
            ProxyBinding = proxy, IPv4HomeAddressBindingOnly = only, Global = global,
        });
        Assert.Equal((proxy, only, global), (answer.Revoked.ProxyBinding, answer.Revoked.IPv4HomeAddressBindingOnly, answer.Revoked.Global));
        Assert.True((byte)answer.Revoked.Status >= 128);
    }

    [Fact]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5.1-11")]
    public void Reserved_bits_are_ignored_and_sent_as_zero()
    {
        Attach(Node);
        var answer = Ask(Indicate(RevocationTrigger.AdministrativeReason, 9, Node) with { Reserved = 0xFF, ReservedFlags = 0x1FFF });
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.Equal((0, 0), (answer.Revoked.Reserved, answer.Revoked.ReservedFlags));
        Assert.Equal(16, answer.Octets.Length);
        Assert.Equal(1, answer.Octets[1]);
        Assert.Equal([1, 2, 0, 0], answer.Octets.Span[12..].ToArray());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(127)]
    [InlineData(130)]
    [InlineData(249)]
    [InlineData(250)]
    [InlineData(255)]
    [Trait("Rfc", "5846-6.2.1-02")]
    public void An_unassigned_trigger_is_not_supported(int trigger)
    {
        Attach(Node);
        var answer = Ask(Indicate((RevocationTrigger)trigger, 1, Node) with { Global = trigger is >= 128 and < 250 });
        Assert.Equal(RevocationStatus.RevocationTriggerNotSupported, answer.Revoked.Status);
        Assert.Equal(1, gateway.BindingCount);
    }

    [Theory]
    [InlineData(RevocationTrigger.AdministrativeReason, true)]
    [InlineData(RevocationTrigger.InterMagHandoverUnknown, true)]
    [InlineData(RevocationTrigger.PerPeerPolicy, false)]
    [InlineData(RevocationTrigger.RevokingMobilityNodeLocalPolicy, false)]
    [Trait("Rfc", "5846-6.2.1-03")]
    public void A_trigger_of_the_other_kind_than_G_is_not_supported(RevocationTrigger trigger, bool global)
    {
        Attach(Node);
        var answer = Ask(Indicate(trigger, 1, Node) with { Global = global });
        Assert.Equal(RevocationStatus.RevocationFunctionNotSupported, answer.Revoked.Status);
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.1-04")]
    [Trait("Rfc", "5846-6.2.1-01")]
    public void What_identifies_no_binding_does_not_exist()
    {
        Attach(Node, "2001:db8:100:7::/64");
        RevocationStatus[] statuses =
        [
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 1, "nobody@example.com")),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 2, "MN7@example.com")),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 3, "@example.com")),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 4, null)),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 5, null, new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64" })),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 6, Node, new HomeNetworkPrefixOption { Prefix = "2001:db8:100:8::/64" })),
            AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 7, Node,
                new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8::9" })),
        ];
        Assert.All(statuses, status => Assert.Equal(RevocationStatus.BindingDoesNotExist, status));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-04")]
    [Trait("Rfc", "5846-5.1-06")]
    public void Unknown_options_and_other_subtypes_are_skipped()
    {
        Attach(Node);
        var odd = Indicate(RevocationTrigger.AdministrativeReason, 1, null) with
        {
            Options =
            [
                new UnknownMobilityOption { OptionType = 222, Data = new byte[] { 1, 2, 3, 4, 5 } },
                new MobileNodeIdentifierOption { Subtype = (MobileNodeIdentifierSubtype)2, Identifier = new byte[] { 1 } },
                new Pad1Option(),
                MobileNodeIdentifierOption.Create("mn7@EXAMPLE.COM"),
            ],
        };
        Assert.Equal(RevocationStatus.Success, AskStatus(odd));
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-01")]
    [Trait("Rfc", "5846-5.1-12")]
    [Trait("Rfc", "5846-5.1-13")]
    public void All_bindings_of_the_peer_go_by_an_indication_without_options()
    {
        Attach("a@example.com");
        Attach("b@example.org");
        var pending = probe.Do(now => gateway.Attach("pending@example.com", null, HandoffIndicator.NewInterface, now));
        var answer = Ask(Indicate(RevocationTrigger.PerPeerPolicy, 1, null));
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.True(answer.Revoked.Global);
        Assert.Equal(0, gateway.BindingCount);
        Assert.Equal(AttachmentResult.Cancelled, probe.Outcome<AttachmentOutcome>(pending).Result);
        Assert.Empty(probe.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(RevocationStatus.Success, AskStatus(Indicate(RevocationTrigger.PerPeerPolicy, 2, null)));
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-01")]
    public void A_revocation_of_the_peer_with_options_or_without_P_is_no_function_of_ours()
    {
        Attach(Node);
        Assert.Equal(RevocationStatus.RevocationFunctionNotSupported, AskStatus(Indicate(RevocationTrigger.PerPeerPolicy, 1, Node)));
        Assert.Equal(
            RevocationStatus.RevocationFunctionNotSupported,
            AskStatus(Indicate(RevocationTrigger.PerPeerPolicy, 2, null) with { ProxyBinding = false }));
        Assert.Equal(
            RevocationStatus.RevocationFunctionNotSupported,
            AskStatus(Indicate(RevocationTrigger.PerPeerPolicy, 3, null) with { IPv4HomeAddressBindingOnly = true }));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-02")]
    [Trait("Rfc", "5846-8.1-05")]
    public void A_realm_is_revoked_and_its_sub_realms_stay()
    {
        Attach("1234abdelta@example.com");
        Attach("axxxyzd@EXAMPLE.com");
        Attach("two@signs@example.com");
        Attach("1234abdelta@foo.example.com");
        Attach("plain");
        Attach("empty@");
        Attach("x@myexample.com");
        var answer = Ask(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 1, "@Example.com"));
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.Equal(
            ["1234abdelta@foo.example.com", "plain", "empty@", "x@myexample.com"],
            gateway.Bindings(probe.Now).Select(binding => binding.Identifier));
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-03")]
    public void A_realm_that_identifies_nobody_needs_an_identity()
    {
        Attach(Node);
        Attach("empty@");
        Attach("plain");
        RevocationStatus[] statuses =
        [
            AskStatus(Realm(null)),
            AskStatus(Realm("@example.org")),
            AskStatus(Realm("example.com")),
            AskStatus(Realm(Node)),
            AskStatus(Realm("@")),
            AskStatus(Realm("@@example.com")),
            AskStatus(Realm(null, new MobileNodeIdentifierOption { Subtype = (MobileNodeIdentifierSubtype)2, Identifier = "@example.com"u8.ToArray() })),
            AskStatus(Realm("@example.com", new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8::9" })),
        ];
        Assert.All(statuses, status => Assert.Equal(RevocationStatus.RevokedMobileNodesIdentityRequired, status));
        Assert.Equal(3, gateway.BindingCount);

        BindingRevocationIndication Realm(string? identifier, params MobilityOption[] options) =>
            Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, ++sequenceNumber, identifier, options);
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-10")]
    public void A_subgroup_is_told_by_the_proxy_care_of_address()
    {
        var native = Gateway(GatewayOptions(1, Transport.IPv6));
        var cell = new Probe(native);
        var envelope = FromGateway(1, Transport.IPv6).Reversed;
        cell.Do(now => native.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var own = new AlternateCareOfAddressOption { AlternateCareOfAddress = native.LocalEndpoint.Address };
        var answer = Assert.Single(cell.Deliver(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 1, "@example.com", own), envelope));
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.Equal(0, native.BindingCount);
    }

    [Theory]
    [InlineData(RevocationTrigger.InterMagHandoverSameAccessType)]
    [InlineData(RevocationTrigger.InterMagHandoverDifferentAccessType)]
    [InlineData(RevocationTrigger.InterMagHandoverUnknown)]
    [Trait("Rfc", "5846-9.1-04")]
    public void A_handover_is_refused_while_the_mobile_node_is_attached(RevocationTrigger trigger)
    {
        Attach(Node);
        Assert.Equal(RevocationStatus.MobileNodeIsAttached, AskStatus(Indicate(trigger, 1, Node)));
        Assert.Equal(1, gateway.BindingCount);

        var detach = probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal(RevocationStatus.Success, AskStatus(Indicate(trigger, 2, Node)));
        Assert.Equal(0, gateway.BindingCount);
        Assert.Equal(AttachmentResult.Cancelled, probe.Outcome<AttachmentOutcome>(detach).Result);
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-06")]
    [Trait("Rfc", "5846-5.2-03")]
    public void An_indication_that_names_released_prefixes_too_is_accepted()
    {
        Attach(Node, "2001:db8:100:7::/64");
        var both = Indicate(
            RevocationTrigger.AdministrativeReason, 1, Node,
            new HomeNetworkPrefixOption { Prefix = "2001:db8:100:6::/64" },
            new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::1/64" });
        var answer = Ask(both);
        Assert.Equal(RevocationStatus.PartialSuccess, answer.Revoked.Status);
        Assert.Equal(Node, answer.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal((Prefix)"2001:db8:100:6::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(0, gateway.BindingCount);

        // The retransmission gets all of it again.
        Assert.Equal(answer.Octets, Ask(both).Octets);
    }

    [Fact]
    public void An_attachment_that_does_not_know_its_prefix_yet_is_identified_by_any()
    {
        var command = probe.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var answer = Ask(Indicate(
            RevocationTrigger.AdministrativeReason, 1, Node, new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64" }));
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.Equal(AttachmentResult.Cancelled, probe.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    [Trait("Rfc", "5846-6.3-01")]
    public void A_retransmitted_indication_gets_the_same_answer_and_takes_nothing_more()
    {
        Attach(Node);
        var indication = Indicate(RevocationTrigger.AdministrativeReason, 7, Node);
        var first = Ask(indication);
        Attach(Node);
        probe.Now += TimeSpan.FromSeconds(2);
        Assert.Equal(first.Octets, Ask(indication).Octets);
        Assert.Equal(1, gateway.BindingCount);
        // The same octets later are another indication.
        probe.Now += TimeSpan.FromSeconds(60);
        Assert.Equal(RevocationStatus.Success, AskStatus(indication));
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    public void Answers_are_remembered_for_a_bounded_number_of_indications()
    {
        Attach(Node);
        var first = Indicate(RevocationTrigger.AdministrativeReason, 0, Node);
        Ask(first);
        for (ushort number = 1; number <= 256; number++)
        {
            Ask(Indicate(RevocationTrigger.AdministrativeReason, number, Node));
        }

        Assert.Equal(RevocationStatus.BindingDoesNotExist, AskStatus(first));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rfc", "5846-3.1-01")]
    [Trait("Rfc", "5846-13-02")]
    public void Nobody_but_the_anchor_can_revoke(bool admitted)
    {
        var own = admitted ? Gateway() : Gateway(GatewayOptions() with { Protection = null });
        var cell = new Probe(own);
        cell.Do(now => own.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var stranger = FromAnchor with { Source = new Endpoint("198.51.100.66", 5436) };
        Assert.Empty(cell.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 1, null), stranger));
        Assert.Empty(cell.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 2, Node), stranger));
        Assert.Equal(1, own.BindingCount);
        Assert.Equal(2, own.Counters[MessageKind.BindingRevocationIndication, Direction.Received, drop: DropReason.NotAPeer]);
        Assert.Equal(2, cell.Events.Count(happened => happened.Kind == EventKind.SecurityException));
    }

    [Theory]
    [InlineData(false, false, false, DropReason.None)]
    [InlineData(true, false, false, DropReason.BadChecksum)]
    [InlineData(false, true, false, DropReason.BadPayloadProto)]
    [InlineData(false, false, true, DropReason.Malformed)]
    [Trait("Rfc", "5846-6.2-01")]
    [Trait("Rfc", "5846-6.1.2-01")]
    [Trait("Rfc", "5846-5-03")]
    public void A_discarded_indication_is_not_answered(bool checksum, bool proto, bool shortened, DropReason reason)
    {
        var native = Gateway(GatewayOptions(1, Transport.IPv6));
        var cell = new Probe(native);
        var envelope = FromGateway(1, Transport.IPv6).Reversed;
        cell.Do(now => native.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var octets = Indicate(RevocationTrigger.AdministrativeReason, 1, Node).ToOctets().ToArray();
        octets[0] = proto ? (byte)58 : octets[0];
        envelope.Seal(octets);
        octets[4] ^= checksum ? (byte)1 : (byte)0;
        var sent = cell.Deliver(shortened ? octets[..^8] : octets, envelope);

        Assert.Equal(reason == DropReason.None ? 1 : 0, sent.Count);
        Assert.Equal(reason == DropReason.None ? 0 : 1, native.BindingCount);
        Assert.NotEqual(0, native.Counters.Dropped(reason));
    }

    [Fact]
    [Trait("Rfc", "5846-4-03")]
    public void Over_UDP_the_checksum_of_the_mobility_header_is_sent_as_zero_and_ignored()
    {
        Attach(Node);
        var answer = Ask(Indicate(RevocationTrigger.AdministrativeReason, 1, Node) with { Checksum = 0x1234 });
        Assert.Equal(RevocationStatus.Success, answer.Revoked.Status);
        Assert.All(probe.Sent, sent => Assert.Equal((ushort)0, sent.Message.Checksum));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    [Trait("Rfc", "5846-5-01")]
    public void Unassigned_types_of_binding_revocation_messages_are_dropped(byte type)
    {
        Attach(Node);
        var octets = Indicate(RevocationTrigger.AdministrativeReason, 1, Node).ToOctets().ToArray();
        octets[6] = type;
        Assert.Empty(probe.Deliver(octets, FromAnchor));
        Assert.Equal(1, gateway.Counters.Dropped(DropReason.Malformed));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-03")]
    [Trait("Rfc", "5846-13-01")]
    public void No_gateway_may_revoke_everything_at_an_anchor_because_nothing_authorises_it()
    {
        var anchor = Anchor();
        var cell = new Probe(anchor);
        cell.Deliver(Update(cell), FromGateway());
        SentMessage[] answers =
        [
            .. cell.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 1, "mag1.example.com"), FromGateway()),
            .. cell.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 2, null), FromGateway()),
            .. cell.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 3, null) with { ProxyBinding = false }, FromGateway()),
        ];
        Assert.Equal(
            [(1, 130, true), (2, 130, true), (3, 130, true)],
            answers.Select(answer => ((int)answer.Revoked.SequenceNumber, (int)answer.Revoked.Status, answer.Revoked.Global)));
        Assert.Equal(BindingState.Active, Assert.Single(anchor.Bindings(cell.Now)).State);
    }

    [Theory]
    [InlineData(RevocationTrigger.RevokingMobilityNodeLocalPolicy, true, RevocationStatus.RevocationFunctionNotSupported)]
    [InlineData(RevocationTrigger.AdministrativeReason, true, RevocationStatus.RevocationFunctionNotSupported)]
    [InlineData(RevocationTrigger.PerPeerPolicy, false, RevocationStatus.RevocationFunctionNotSupported)]
    [InlineData((RevocationTrigger)99, false, RevocationStatus.RevocationTriggerNotSupported)]
    [Trait("Rfc", "5846-8.2-00")]
    public void An_anchor_answers_other_indications_without_doing_anything(RevocationTrigger trigger, bool global, RevocationStatus status)
    {
        var anchor = Anchor();
        var cell = new Probe(anchor);
        cell.Deliver(Update(cell), FromGateway());
        var answer = Assert.Single(cell.Deliver(Indicate(trigger, 1, Node) with { Global = global }, FromGateway()));
        Assert.Equal(status, answer.Revoked.Status);
        Assert.Equal(FromGateway().Reversed, answer.Envelope);
        Assert.Equal(1, anchor.BindingCount);
    }

    [Theory]
    [InlineData("2001:db8:100:7::/64", 1)]
    [InlineData("2001:db8:100:8::/64", 1)]
    [Trait("Rfc", "5846-9.1-06")]
    [Trait("Rfc", "5846-8.1-02")]
    public void A_prefix_that_one_interface_has_is_not_that_of_another_one_which_waits_for_its_own(string prefix, int left)
    {
        Attach(Node, "2001:db8:100:7::/64");
        var pending = probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = new byte[] { 2 } }, now));
        var update = probe.Last;
        Assert.Equal(
            RevocationStatus.Success, AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 1, Node, new HomeNetworkPrefixOption { Prefix = prefix })));
        Assert.Equal(left, gateway.BindingCount);
        var isNamed = prefix != "2001:db8:100:7::/64";
        Assert.Equal(isNamed ? BindingState.Active : BindingState.Pending, Assert.Single(gateway.Bindings(probe.Now)).State);
        probe.Deliver(Acknowledge(update, prefix: "2001:db8:100:8::/64"), FromAnchor);
        Assert.Equal(isNamed ? AttachmentResult.Cancelled : AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(pending).Result);
    }

    [Theory]
    [InlineData(MobilityOptionType.HomeNetworkPrefix)]
    [InlineData(MobilityOptionType.AlternateCareOfAddress)]
    [Trait("Rfc", "5846-6.2.1-04")]
    public void An_option_that_cannot_be_read_does_not_make_an_indication_mean_more(MobilityOptionType type)
    {
        Attach(Node);
        var unreadable = new UnknownMobilityOption { OptionType = (byte)type, Data = new byte[] { 0, 64, 1 } };
        Assert.Equal(RevocationStatus.BindingDoesNotExist, AskStatus(Indicate(RevocationTrigger.AdministrativeReason, 1, Node, unreadable)));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.1-04")]
    public void An_address_that_cannot_be_read_does_not_make_a_subgroup_the_whole_realm()
    {
        Attach(Node);
        var unreadable = new UnknownMobilityOption { OptionType = (byte)MobilityOptionType.AlternateCareOfAddress, Data = new byte[] { 0, 64, 1 } };
        Assert.Equal(
            RevocationStatus.RevokedMobileNodesIdentityRequired,
            AskStatus(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 2, "@example.com", unreadable)));
        Assert.Equal(1, gateway.BindingCount);
    }

    private void Attach(string identifier, Prefix? prefix = null)
    {
        probe.Do(now => gateway.Attach(identifier, null, HandoffIndicator.NewInterface, now));
        probe.Deliver(Acknowledge(probe.Last, prefix: prefix ?? Pool with { Length = 64, Bits = Pool.Bits + ((UInt128)gateway.BindingCount << 64) }), FromAnchor);
        Assert.Equal(BindingState.Active, gateway.Find(identifier, probe.Now)?.State);
    }

    private SentMessage Ask(BindingRevocationIndication indication) => Assert.Single(probe.Deliver(indication, FromAnchor));

    private RevocationStatus AskStatus(BindingRevocationIndication indication) => Ask(indication).Revoked.Status;
}
