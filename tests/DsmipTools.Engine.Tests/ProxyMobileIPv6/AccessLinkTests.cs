using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>A mobile access gateway on its access links: home network emulation and detachment (RFC 5213, 6.7 to 6.9.3, 6.12 and 6.13).</summary>
public sealed class AccessLinkTests
{
    private const uint Link = 7;

    private static readonly Prefix Assigned = "2001:db8:100:5::/64";
    private static readonly Address Neighbour = "fe80::aa:ff:fe00:1";

    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public AccessLinkTests()
    {
        gateway = Gateway(GatewayOptions() with
        {
            AccessLink = new AccessLinkOptions { ReachabilityInterval = TimeSpan.FromSeconds(30), Mtu = 1400 },
        });
        probe = new Probe(gateway);
    }

    private RouterAdvertisement Told => Assert.IsType<RouterAdvertisement>(probe.OnLink[^1].Packet.Message);

    [Fact]
    [Trait("Rfc", "5213-6.7-02")]
    [Trait("Rfc", "5213-6.9.1.2-15")]
    [Trait("Rfc", "5213-6.9.2-01")]
    [Trait("Rfc", "5213-6.9.2-02")]
    public void Nothing_is_advertised_before_the_anchor_has_accepted()
    {
        Attach();
        Solicit(Neighbour);
        probe.Deliver(Acknowledge(probe.Last, BindingStatus.ReasonUnspecified), FromGateway().Reversed);

        Assert.Empty(probe.OnLink);
        Assert.Equal(1, gateway.Counters[MessageKind.RouterSolicitation, Direction.Received]);
    }

    [Fact]
    [Trait("Rfc", "5213-6.4-01")]
    [Trait("Rfc", "5213-6.7-01")]
    [Trait("Rfc", "5213-6.7-03")]
    [Trait("Rfc", "5213-6.8-02")]
    [Trait("Rfc", "5213-6.9.1.2-19")]
    [Trait("Rfc", "5213-6.9.2-03")]
    [Trait("Rfc", "5213-6.9.3-01")]
    [Trait("Rfc", "5213-9.3-03")]
    [Trait("Rfc", "5213-9.3-04")]
    public void The_prefix_is_advertised_by_the_fixed_router_for_as_long_as_it_is_registered()
    {
        Attach();
        probe.Now += TimeSpan.FromSeconds(1);
        Accept(lifetime: 100);
        var (link, packet) = Assert.Single(probe.OnLink);
        var header = Assert.IsType<IPv6Header>(packet.Layers[0].Structure);
        var information = Assert.Single(Told.Options.OfType<PrefixInformationOption>());

        Assert.Equal(Link, link);
        Assert.Null(packet.Error);
        Assert.Equal((Address.Parse("fe80::1"), Address.Parse("ff02::1"), (byte)255), (header.Source, header.Destination, header.HopLimit));
        // The lifetime is counted from the update.
        Assert.Equal((399u, 399u, (ushort)399), (information.ValidLifetime, information.PreferredLifetime, Told.RouterLifetime));
        Assert.Equal(Assigned, information.AdvertisedPrefix);
        Assert.True(information.OnLink && information.AutonomousAddressConfiguration);
        Assert.Equal(1400u, Assert.Single(Told.Options.OfType<MtuOption>()).MaximumTransmissionUnit);
        Assert.Equal("020000521301", Assert.Single(Told.Options.OfType<SourceLinkLayerAddressOption>()).LinkLayerAddress.ToString());
    }

    [Fact]
    [Trait("Rfc", "5213-6.13-03")]
    public void A_revocation_withdraws_the_prefix_with_lifetime_zero()
    {
        Register();
        probe.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 5, Node, new Wire.MobilityHeader.Options.HomeNetworkPrefixOption { Prefix = Assigned }), FromGateway().Reversed);
        AssertWithdrawn();
        probe.OnLink.Clear();
        Solicit(Neighbour);
        probe.Advance(TimeSpan.FromHours(2));

        Assert.Empty(probe.OnLink);
        Assert.Equal(0, gateway.BindingCount);
        Assert.Equal(0, gateway.HeldBesideAttachments);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.4-07")]
    public void The_end_of_the_lifetime_and_a_detachment_withdraw_it_too()
    {
        Register();
        probe.Do(now => gateway.Detach(Node, now));
        AssertWithdrawn();
        // The link has gone with the mobile node, also where no event says so.
        Assert.Equal(0, gateway.AccessLinkCount);
        Accept();
        probe.OnLink.Clear();
        Register();
        Stay(TimeSpan.FromSeconds(400));

        Assert.Equal(0, gateway.BindingCount);
        AssertWithdrawn();
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.2-01")]
    public void A_solicitation_is_answered_to_its_sender_and_one_without_an_address_not_too_often()
    {
        Register();
        probe.OnLink.Clear();
        Solicit(Neighbour);
        Assert.Equal(Neighbour, Destination);
        for (var number = 0; number < 50; number++)
        {
            Solicit("::");
        }

        Assert.Single(probe.OnLink);
        probe.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, probe.OnLink.Count);
        Assert.Equal("ff02::1", Destination);
    }

    [Fact]
    public void Advertisements_come_at_their_interval()
    {
        Register(lifetime: 900);
        probe.OnLink.Clear();
        Stay(TimeSpan.FromSeconds(580));
        Assert.Empty(probe.OnLink);
        Stay(TimeSpan.FromSeconds(20));

        Assert.Equal(1800, Told.RouterLifetime);
        Assert.Equal(3000u, Assert.Single(Told.Options.OfType<PrefixInformationOption>()).ValidLifetime);
    }

    [Fact]
    [Trait("Rfc", "5213-6.13-01")]
    [Trait("Rfc", "5213-6.13-02")]
    [Trait("Rfc", "5213-6.13-03")]
    public void Who_does_not_answer_three_probes_has_left()
    {
        Register();
        Hear();
        probe.OnLink.Clear();
        var sent = probe.Sent.Count;
        probe.Advance(TimeSpan.FromSeconds(32.9));

        Assert.Equal(3, probe.OnLink.Count(packet => packet.Packet.Message is NeighborSolicitation { TargetAddress: var target } && target == Neighbour));
        Assert.Equal(sent, probe.Sent.Count);
        probe.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, probe.Sent[^1].Update.Lifetime);
        Assert.Equal(BindingState.Deregistered, Assert.Single(gateway.Bindings(probe.Now)).State);
        Assert.Contains(probe.Events, happened => happened.Kind == EventKind.NodeUnreachable && happened.Peer == Neighbour);
        Assert.Equal(0, gateway.AccessLinkCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.13-01")]
    public void An_answer_keeps_the_mobile_node_attached()
    {
        Register(lifetime: 900);
        for (var round = 0; round < 20; round++)
        {
            Hear();
            probe.Advance(TimeSpan.FromSeconds(31));
            Assert.IsType<NeighborSolicitation>(probe.OnLink[^1].Packet.Message);
        }

        Assert.Equal(BindingState.Active, Assert.Single(gateway.Bindings(probe.Now)).State);
    }

    [Fact]
    [Trait("Rfc", "5213-6.6-03")]
    [Trait("Rfc", "5213-6.9.1.4-07")]
    [Trait("Rfc", "5213-6.9.4-04")]
    [Trait("Rfc", "5213-6.13-03")]
    public void A_link_that_goes_down_deregisters_at_once_and_nothing_is_said_on_it()
    {
        Register();
        probe.OnLink.Clear();
        probe.Do(now =>
        {
            gateway.LinkDown(Link, now);
            gateway.LinkDown(99, now);
            return 0;
        });

        Assert.Equal(0, probe.Sent[^1].Update.Lifetime);
        Assert.Empty(probe.OnLink);
        Assert.Equal(0, gateway.AccessLinkCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.8-02")]
    public void The_router_answers_for_its_address_and_for_no_other()
    {
        Register();
        probe.OnLink.Clear();
        Say("::", new NeighborSolicitation { TargetAddress = "fe80::1" });
        Say(Neighbour, new NeighborSolicitation { TargetAddress = "fe80::2" });
        var answer = Assert.IsType<NeighborAdvertisement>(Assert.Single(probe.OnLink).Packet.Message);

        Assert.Equal((true, false, true), (answer.Router, answer.Solicited, answer.Override));
        Assert.Equal("fe80::1", answer.TargetAddress);
    }

    [Theory]
    [InlineData(64, false, DropReason.Malformed)]
    [InlineData(255, true, DropReason.BadChecksum)]
    public void What_a_router_may_have_forwarded_or_is_damaged_is_dropped(byte hopLimit, bool damaged, DropReason reason)
    {
        Register();
        probe.OnLink.Clear();
        Say(Neighbour, new RouterSolicitation { Checksum = damaged ? (ushort)1 : null }, hopLimit);

        Assert.Empty(probe.OnLink);
        Assert.Equal(1, gateway.Counters.Dropped(reason));
    }

    [Fact]
    public void No_packet_of_any_length_does_harm()
    {
        Register();
        var packet = Packet(Neighbour, new NeighborSolicitation
        {
            TargetAddress = "fe80::1", Options = [new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("0200000000aa") }],
        });
        probe.OnLink.Clear();
        for (var length = 0; length < packet.Length; length++)
        {
            probe.DeliverOnLink(Link, Octets.Create(packet.Span[..length]));
            Assert.Empty(probe.OnLink);
        }

        probe.DeliverOnLink(99, packet);
        Assert.Empty(probe.OnLink);
        probe.DeliverOnLink(Link, packet);
        Assert.Single(probe.OnLink);
    }

    [Fact]
    [Trait("Rfc", "5213-6.1-03")]
    [Trait("Rfc", "5213-6.3-01")]
    [Trait("Rfc", "5213-6.6-03")]
    public void A_link_has_one_mobile_node()
    {
        Register();

        Assert.Throws<InvalidOperationException>(() => gateway.Attach(new AttachmentRequest { Identifier = "other@example.com", AccessLink = Link }, probe.Now));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.12-01")]
    public void Prefixes_that_a_session_loses_are_withdrawn_alone()
    {
        Register();
        probe.OnLink.Clear();
        Renew("2001:db8:100:6::/64");
        var told = Told.Options.OfType<PrefixInformationOption>().ToDictionary(option => option.AdvertisedPrefix, option => option.ValidLifetime);

        Assert.Equal(0u, told[Assigned]);
        Assert.Equal(400u, told["2001:db8:100:6::/64"]);
    }

    [Fact]
    public void An_attachment_that_is_refused_for_its_link_leaves_the_deregistration_that_it_would_follow()
    {
        Register();
        var leaving = probe.Do(now => gateway.Detach(Node, now));
        probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = "mn8@example.com", AccessLink = 8 }, now));
        Assert.Throws<InvalidOperationException>(() => gateway.Attach(new AttachmentRequest { Identifier = Node, AccessLink = 8 }, probe.Now));
        probe.Do(_ => 0);
        Assert.Equal(BindingState.Deregistered, gateway.Find(Node, probe.Now)?.State);
        Assert.Empty(probe.Outcomes(leaving));
    }

    [Fact]
    public void What_mobile_nodes_are_told_changes_and_how_their_leaving_is_noticed()
    {
        Register(lifetime: 900);
        Hear();
        var options = GatewayOptions() with { AccessLink = new AccessLinkOptions { ReachabilityInterval = TimeSpan.FromSeconds(30), Mtu = 1400 } };
        gateway.Configure(options with { AccessLink = options.AccessLink with { ReachabilityInterval = null, Mtu = 1300, UsesDhcp = true } }, probe.Now);
        probe.OnLink.Clear();
        probe.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(probe.OnLink);
        Solicit(Neighbour);
        Assert.True(Told.ManagedAddressConfiguration);
        Assert.Equal(1300u, Assert.Single(Told.Options.OfType<MtuOption>()).MaximumTransmissionUnit);

        gateway.Configure(options, probe.Now);
        probe.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, gateway.Counters[MessageKind.NeighborSolicitation, Direction.Sent]);
        probe.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, gateway.Counters[MessageKind.NeighborSolicitation, Direction.Sent]);
        Assert.Throws<ArgumentException>(() => gateway.Configure(options with { AccessLink = options.AccessLink with { RouterAddress = "fe80::2" } }, probe.Now));
    }

    private Address Destination => Assert.IsType<IPv6Header>(probe.OnLink[^1].Packet.Layers[0].Structure).Destination;

    private static Octets Packet(Address source, IcmpV6Message message, byte hopLimit = 255) => PacketComposer.Compose(
        new IPv6Header { Source = source, Destination = message is RouterSolicitation ? "ff02::2" : "fe80::1", HopLimit = hopLimit }, message);

    private void AssertWithdrawn()
    {
        var information = Assert.Single(Told.Options.OfType<PrefixInformationOption>());

        Assert.Equal(Assigned, information.AdvertisedPrefix);
        Assert.Equal((0u, 0u, (ushort)0), (information.ValidLifetime, information.PreferredLifetime, Told.RouterLifetime));
    }

    private void Attach() => probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, AccessLink = Link }, now));

    private void Accept(ushort? lifetime = null, Prefix? prefix = null) =>
        probe.Deliver(Acknowledge(probe.Last, prefix: prefix ?? Assigned, lifetime: lifetime), FromGateway().Reversed);

    private void Register(ushort lifetime = 100)
    {
        Attach();
        Accept(lifetime);
    }

    private void Renew(Prefix prefix)
    {
        var sent = probe.Sent.Count;
        while (probe.Sent.Count == sent)
        {
            Hear();
            probe.Advance(TimeSpan.FromSeconds(20));
        }

        probe.OnLink.Clear();
        Accept(100, prefix);
    }

    private void Hear() => Say(Neighbour, new NeighborAdvertisement { Solicited = true, TargetAddress = Neighbour });

    /// <summary>Time passes, and the mobile node is heard of.</summary>
    private void Stay(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += TimeSpan.FromSeconds(20))
        {
            Hear();
            probe.Advance(TimeSpan.FromSeconds(20));
        }
    }

    private void Solicit(Address source) => Say(source, new RouterSolicitation());

    private void Say(Address source, IcmpV6Message message, byte hopLimit = 255) => probe.DeliverOnLink(Link, Packet(source, message, hopLimit));
}
