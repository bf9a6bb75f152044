using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Security;

/// <summary>ESP between an anchor and its gateways: what is protected, what is dropped, and what an attacker gets.</summary>
public sealed class IPsecProtectionTests
{
    public static TheoryData<Transport, int> Forms => new(
        from transport in Transports.Select(row => row.Data) from key in (int[])[0, 16, 32] select (transport, key));

    public static TheoryData<Transport> Transports => [Transport.IPv6, Transport.ProxyMobileIPv6Udp];

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Rfc", "5846-6.1-01")]
    [Trait("Rfc", "5846-8.1-04")]
    [Trait("Rfc", "5846-13-03")]
    [Trait("Rfc", "5213-4-01")]
    [Trait("Rfc", "5213-4-02")]
    [Trait("Rfc", "5213-5.3.6-15")]
    [Trait("Rfc", "5213-6.9.1.5-06")]
    [Trait("Rfc", "5844-4.1.3.2-04")]
    [Trait("Rfc", "5844-4.2.2.1-04")]
    [Trait("Rfc", "5844-4.2.2-02")]
    public void Registration_and_revocation_go_through_one_association_each_way(Transport transport, int encryptionKeyLength)
    {
        var associations = Associations(transport, encryptionKeyLength);
        var network = new Network(1);
        var anchor = network.Add(ProtectedAnchor(associations, transport));
        var gateway = network.Add(ProtectedGateway(associations, transport));
        var attached = network.Do(gateway, now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(AttachmentResult.Accepted, network.Outcome<AttachmentOutcome>(gateway, attached).Result);
        network.Run(TimeSpan.FromHours(1));
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.Realm("example.com"), now));
        network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 0), (anchor.BindingCount, gateway.BindingCount));
        Assert.Equal(["BindingUpdate", "BindingAcknowledgement", "BindingUpdate", "BindingAcknowledgement", "BindingRevocationIndication", "BindingRevocationAcknowledgement"], network.Sent.Select(sent => sent.Message.GetType().Name));
        Assert.All(network.Sent, sent => Assert.True(sent.Envelope.IsProtected));
        // Whatever it is, it goes to an address that an association is keyed for (8.1).
        Assert.All(
            network.Sent, sent => Assert.NotEmpty(associations.Between(sent.Envelope.Source.Address, sent.Envelope.Destination.Address)));
        Assert.DoesNotContain(network.Events, happened => happened.Kind is EventKind.Unprotected or EventKind.SecurityException or EventKind.Dropped or EventKind.EffectFailed);
        Assert.Equal("ESP (1 peer)", anchor.Protection);
        Assert.All(associations.List(), association => Assert.Equal(association.LastSent, association.HighestReceived));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    [Trait("Rfc", "5847-4-01")]
    [Trait("Rfc", "5847-6-01")]
    public void Heartbeats_go_through_the_associations_in_both_directions(Transport transport)
    {
        var associations = Associations(transport);
        var network = new Network(1);
        var anchor = network.Add(ProtectedAnchor(associations, transport, new HeartbeatOptions()));
        var gateway = network.Add(ProtectedGateway(associations, transport, new HeartbeatOptions()));
        network.Do(gateway, now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromMinutes(10));

        foreach (Agent agent in (Agent[])[anchor, gateway])
        {
            Assert.Equal(9, agent.Counters[MessageKind.HeartbeatRequest, Direction.Sent]);
            Assert.Equal(9, agent.Counters[MessageKind.HeartbeatResponse, Direction.Received]);
        }

        Assert.DoesNotContain(network.Events, happened => happened.Kind is EventKind.PeerUnreachable or EventKind.Dropped);
    }

    [Fact]
    public void A_peer_that_is_watched_stays_the_same_when_protection_begins()
    {
        var associations = new IPsecSecurityAssociations();
        var network = new Network(1);
        var heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromSeconds(10), RemovesUnreachable = true };
        var anchor = network.Add(ProtectedAnchor(associations, Transport.IPv6, heartbeat));
        var gateway = network.Add(ProtectedGateway(associations, Transport.IPv6, heartbeat));
        network.Do(gateway, now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(15));
        associations.Add(Association(Transport.IPv6, 1, true, 0));
        associations.Add(Association(Transport.IPv6, 1, false, 0));
        network.Run(TimeSpan.FromSeconds(600));
        Assert.Equal((1, 1), (anchor.BindingCount, gateway.BindingCount));
        network.Run(TimeSpan.FromHours(2));
        Assert.Equal((1, 1), (anchor.BindingCount, gateway.BindingCount));
        Assert.DoesNotContain(network.Events, happened => happened.Kind is EventKind.PeerUnreachable or EventKind.Dropped);
        Assert.Equal(anchor.Counters[MessageKind.HeartbeatRequest, Direction.Sent], anchor.Counters[MessageKind.HeartbeatResponse, Direction.Received]);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    [Trait("Rfc", "5846-6.2-03")]
    [Trait("Rfc", "5213-5.3.1-01")]
    [Trait("Rfc", "5213-6.9.1.2-01")]
    public void Whatever_comes_bare_from_a_peer_with_an_association_is_dropped(Transport transport)
    {
        var (anchor, gateway) = (new Probe(ProtectedAnchor(Associations(transport), transport)), new Probe(ProtectedGateway(Associations(transport), transport)));
        var (fromGateway, fromAnchor) = (FromGateway(1, transport), FromGateway(1, transport).Reversed);
        Assert.Empty(anchor.Deliver(Update(anchor), fromGateway));
        Assert.Empty(anchor.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 1, "mag1"), fromGateway));
        Assert.Empty(anchor.Deliver(new BindingRevocationAcknowledgement { ProxyBinding = true }, fromGateway));
        Assert.Equal(3, anchor.Agent.Counters.Dropped(DropReason.Unprotected));

        Assert.Empty(gateway.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 1, "@example.com"), fromAnchor));
        Assert.Empty(gateway.Deliver(new BindingAcknowledgement { ProxyRegistration = true }, fromAnchor));
        Assert.Equal(2, gateway.Agent.Counters.Dropped(DropReason.Unprotected));
        Assert.All(gateway.Events.Where(happened => happened.Drop != DropReason.None), happened => Assert.Equal(EventKind.SecurityException, happened.Kind));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    [Trait("Rfc", "5846-6.2-03")]
    [Trait("Rfc", "5846-6.1-02")]
    public void An_association_of_another_gateway_proves_nothing(Transport transport)
    {
        var anchor = new Probe(ProtectedAnchor(Associations(transport, gateways: 2), transport));
        var own = new Sealer(Associations(transport, gateways: 2), transport, 1);
        var bound = Assert.Single(anchor.Deliver(own.Seal(Update(anchor), FromGateway(1, transport), anchor.Now)));
        Assert.Equal(BindingStatus.Accepted, bound.Acknowledgement.Status);
        var command = anchor.Do(now => ((LocalMobilityAnchor)anchor.Agent).Revoke(RevocationRequest.MobileNode(Node), now));
        var indication = anchor.Last;

        // Gateway 2 has keys of its own, and puts the address of gateway 1 on what it protects with them.
        var other = new Sealer(Associations(transport, gateways: 2), transport, 2);
        var acknowledged = other.Seal(Answer(indication), FromGateway(1, transport), anchor.Now, FromGateway(2, transport));
        Assert.Empty(anchor.Deliver(acknowledged));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.NoSecurityAssociation));
        Assert.Empty(anchor.Outcomes(command));

        // With its own address it is somebody else; with its own SPI and the key of another one it proves nothing.
        anchor.Deliver(other.Seal(Answer(indication), FromGateway(2, transport), anchor.Now));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.ForeignAcknowledgement));
        var confused = new IPsecSecurityAssociations();
        confused.Add(Association(transport, 1, false, 0, key: 77));
        Assert.Empty(anchor.Deliver(new Sealer(confused, transport, 1).Seal(Answer(indication), FromGateway(1, transport), anchor.Now + TimeSpan.FromMinutes(1))));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.BadAuthenticator));
        Assert.Empty(anchor.Outcomes(command));

        anchor.Deliver(own.Seal(Answer(indication), FromGateway(1, transport), anchor.Now));
        Assert.Equal(RevocationResult.Acknowledged, Assert.IsType<RevocationOutcome>(anchor.Outcomes(command)[0]).Result);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Rfc", "5846-6.1-02")]
    public void A_replayed_packet_is_dropped_and_counted_and_makes_nothing(Transport transport, int encryptionKeyLength)
    {
        var anchor = new Probe(ProtectedAnchor(Associations(transport, encryptionKeyLength), transport));
        var gateway = new Sealer(Associations(transport, encryptionKeyLength), transport, 1);
        var update = gateway.Seal(Update(anchor), FromGateway(1, transport), anchor.Now);
        Assert.Single(anchor.Deliver(update));
        Assert.Empty(anchor.Deliver(update));
        Assert.Empty(anchor.Deliver(update));
        Assert.Equal(2, anchor.Agent.Counters.Dropped(DropReason.Replayed));
        Assert.Equal(2, anchor.Events.Count(happened => happened is { Kind: EventKind.SecurityException, Drop: DropReason.Replayed }));
        Assert.Equal(1, anchor.Agent.BindingCount);
    }

    [Fact]
    public void Packets_that_overtake_each_other_are_taken()
    {
        var anchor = new Probe(ProtectedAnchor(Associations(Transport.IPv6), Transport.IPv6));
        var gateway = new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1);
        var packets = Enumerable.Range(1, 5).Select(number => gateway.Seal(Update(anchor, $"mn{number}@example.com"), FromGateway(1, Transport.IPv6), anchor.Now)).ToArray();
        Assert.Single(anchor.Deliver(packets[0]));
        Assert.Single(anchor.Deliver(packets[3]));
        Assert.Single(anchor.Deliver(packets[1]));
        Assert.Single(anchor.Deliver(packets[4]));
        Assert.Single(anchor.Deliver(packets[2]));
        Assert.Equal(0, anchor.Agent.Counters.Dropped(DropReason.Replayed));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Rfc", "5846-6.1-02")]
    [Trait("Rfc", "5213-4-01")]
    [Trait("Rfc", "5213-5.3.1-01")]
    [Trait("Rfc", "5844-4.1.3.1-01")]
    public void A_packet_that_was_changed_or_cut_makes_nothing_and_does_not_move_the_window(Transport transport, int encryptionKeyLength)
    {
        var anchor = new Probe(ProtectedAnchor(Associations(transport, encryptionKeyLength), transport)) { KeepsEvents = false };
        var gateway = new Sealer(Associations(transport, encryptionKeyLength), transport, 1);
        Assert.Single(anchor.Deliver(gateway.Seal(Update(anchor, "first@example.com"), FromGateway(1, transport), anchor.Now)));
        var good = gateway.Seal(Update(anchor), FromGateway(1, transport), anchor.Now);
        Assert.True(PacketFrame.TryRead(good, default, out var envelope, out var whole, out _));
        var octets = whole.ToArray();
        for (var at = 0; at < octets.Length; at++)
        {
            Assert.Empty(anchor.Deliver(octets.AsSpan(0, at), envelope));
            var changed = octets.ToArray();
            changed[at] ^= 0x81;
            Assert.Empty(anchor.Deliver(changed, envelope));
        }

        Assert.Equal(1, anchor.Agent.BindingCount);
        Assert.Single(anchor.Deliver(good));
        Assert.Equal(2, anchor.Agent.BindingCount);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    [Trait("Rfc", "5846-13-03")]
    [Trait("Rfc", "5847-6-01")]
    public void Every_type_of_mobility_header_is_protected(Transport transport)
    {
        var protection = new IPsecProtection(Associations(transport), AnchorAddress(transport), PeersByAddress.Anyone);
        for (var type = 0; type <= byte.MaxValue; type++)
        {
            ReadOnlySpan<byte> octets = [59, 0, (byte)type, 0, 0, 0, 0, 0];
            var envelope = FromGateway(1, transport).Reversed;
            Assert.True(protection.TryProtect(ref octets, ref envelope, default, new SeededRandom(1), out _));
            Assert.True(envelope.IsProtected);
            octets = [59, 0, (byte)type, 0, 0, 0, 0, 0];
            envelope = FromGateway(1, transport);
            Assert.Equal(DropReason.Unprotected, protection.Admit(ref octets, ref envelope, out _));
        }
    }

    [Fact]
    [Trait("Rfc", "5846-6.2-03")]
    public void To_take_a_key_away_locks_the_door_and_opens_none()
    {
        var associations = Associations(Transport.IPv6);
        var anchor = new Probe(ProtectedAnchor(associations, Transport.IPv6));
        var gateway = new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1);
        Assert.Single(anchor.Deliver(gateway.Seal(Update(anchor), FromGateway(1, Transport.IPv6), anchor.Now)));
        Assert.All(associations.List(), association => Assert.True(associations.Remove(association.Destination, association.SecurityParametersIndex)));

        Assert.Empty(anchor.Deliver(Update(anchor), FromGateway(1, Transport.IPv6)));
        Assert.Empty(anchor.Deliver(Update(anchor, "mn9@example.com"), FromGateway(2, Transport.IPv6)));
        Assert.Empty(anchor.Deliver(gateway.Seal(Update(anchor), FromGateway(1, Transport.IPv6), anchor.Now)));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.Unprotected));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.NotAPeer));
        Assert.Equal(1, anchor.Agent.Counters.Dropped(DropReason.NoSecurityAssociation));

        var sent = anchor.Sent.Count;
        anchor.Do(now => ((LocalMobilityAnchor)anchor.Agent).Revoke(RevocationRequest.MobileNode(Node), now));
        Assert.Equal(sent, anchor.Sent.Count);
        Assert.Contains(anchor.Events, happened => happened.Kind == EventKind.EffectFailed && happened.Detail!.Contains("no security association to 2001:db8:b::1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_open_door_closes_with_the_first_association_and_named_peers_stay()
    {
        var associations = Associations(Transport.IPv6);
        var open = new IPsecProtection(associations, AnchorAddress(Transport.IPv6), PeersByAddress.Anyone);
        var named = new IPsecProtection(associations, AnchorAddress(Transport.IPv6), PeersByAddress.Of([GatewayAddress(Transport.IPv6, 1), GatewayAddress(Transport.IPv6, 2)]));
        Assert.Equal((true, "ESP (1 peer)"), (open.IsProtected, open.Description));
        Assert.Equal((false, "ESP (1 peer), none (peers by address)"), (named.IsProtected, named.Description));
        Assert.Equal(DropReason.NotAPeer, Judge(open, 2));
        Assert.Equal(DropReason.None, Judge(named, 2));
        Assert.Equal(DropReason.Unprotected, Judge(named, 1));
        Assert.Equal(DropReason.NotAPeer, Judge(named, 3));

        static DropReason Judge(IPsecProtection protection, int gateway)
        {
            ReadOnlySpan<byte> octets = [59, 0, 5, 0, 0, 0, 0, 0];
            var envelope = FromGateway(gateway, Transport.IPv6);
            return protection.Admit(ref octets, ref envelope, out _);
        }
    }

    [Fact]
    public void A_new_association_replaces_the_old_one_without_a_gap()
    {
        var associations = Associations(Transport.IPv6);
        var network = new Network(3);
        var anchor = network.Add(ProtectedAnchor(associations, Transport.IPv6));
        var gateway = network.Add(ProtectedGateway(associations, Transport.IPv6));
        network.Do(gateway, now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
        associations.Add(Association(Transport.IPv6, 1, true, 16, key: 50, spi: 9000));
        network.Run(TimeSpan.FromHours(1));
        associations.Add(Association(Transport.IPv6, 1, false, 16, key: 51, spi: 9001));
        network.Run(TimeSpan.FromHours(1));
        Assert.All(associations.List().Where(association => association.SecurityParametersIndex < 9000), old => Assert.True(associations.Remove(old.Destination, old.SecurityParametersIndex)));
        network.Run(TimeSpan.FromHours(2));
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (anchor.BindingCount, gateway.BindingCount));
        Assert.DoesNotContain(network.Events, happened => happened.Kind is EventKind.SecurityException or EventKind.EffectFailed or EventKind.RevocationRetransmitted);
        Assert.All(associations.List(), association => Assert.NotEqual(0u, association.LastSent));
    }

    [Fact]
    [Trait("Rfc", "5846-6.1-02")]
    public void A_sender_that_starts_again_sends_higher_numbers_and_a_receiver_that_starts_again_takes_nothing_old()
    {
        var anchor = new Probe(ProtectedAnchor(Associations(Transport.IPv6), Transport.IPv6));
        var before = new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1);
        var old = before.Seal(Update(anchor), FromGateway(1, Transport.IPv6), anchor.Now);
        var older = before.Seal(Update(anchor, "mn9@example.com"), FromGateway(1, Transport.IPv6), anchor.Now);
        Assert.Single(anchor.Deliver(old));

        // The gateway's process is another one: nothing of the counter is left.
        anchor.Now += TimeSpan.FromSeconds(30);
        var after = new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1);
        Assert.Single(anchor.Deliver(after.Seal(Update(anchor), FromGateway(1, Transport.IPv6), anchor.Now)));

        // And now the anchor's.
        var restarted = new Probe(ProtectedAnchor(Associations(Transport.IPv6), Transport.IPv6)) { Now = anchor.Now };
        Assert.Single(restarted.Deliver(after.Seal(Update(restarted, "mn8@example.com"), FromGateway(1, Transport.IPv6), anchor.Now)));
        Assert.Empty(restarted.Deliver(old));
        Assert.Empty(restarted.Deliver(older));
        Assert.Equal(2, restarted.Agent.Counters.Dropped(DropReason.Replayed));
    }

    [Fact]
    public void Without_anti_replay_a_peer_may_begin_at_one_again()
    {
        var associations = new IPsecSecurityAssociations();
        associations.Add(Association(Transport.IPv6, 1, true, 0));
        associations.Add(Association(Transport.IPv6, 1, false, 0, antiReplay: false));
        var anchor = new Probe(ProtectedAnchor(associations, Transport.IPv6));
        var early = anchor.Now with { WallClock = DateTimeOffset.UnixEpoch };
        Assert.Single(anchor.Deliver(new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1).Seal(Update(anchor, "mn1@example.com"), FromGateway(1, Transport.IPv6), early)));
        Assert.Single(anchor.Deliver(new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1).Seal(Update(anchor, "mn2@example.com"), FromGateway(1, Transport.IPv6), early)));
    }

    [Fact]
    public void Sequence_numbers_never_come_round()
    {
        var associations = new IPsecSecurityAssociations();
        var outbound = Association(Transport.IPv6, 1, true, 0, inUseSince: new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero));
        associations.Add(outbound);
        associations.Add(Association(Transport.IPv6, 1, false, 0));
        var anchor = new Probe(ProtectedAnchor(associations, Transport.IPv6));
        var gateway = new Sealer(Associations(Transport.IPv6), Transport.IPv6, 1);
        Assert.Empty(anchor.Deliver(gateway.Seal(Update(anchor), FromGateway(1, Transport.IPv6), anchor.Now)));
        Assert.Contains(anchor.Events, happened => happened.Kind == EventKind.EffectFailed && happened.Detail!.Contains("replace its key", StringComparison.Ordinal));
        Assert.Equal(uint.MaxValue, outbound.LastSent);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_renewal_under_esp_allocates_nothing(Transport transport, int encryptionKeyLength)
    {
        var anchor = ProtectedAnchor(Associations(transport, encryptionKeyLength), transport);
        var probe = new Probe(anchor);
        var gateway = new Sealer(Associations(transport, encryptionKeyLength), transport, 1);
        Assert.Single(probe.Deliver(gateway.Seal(Update(probe), FromGateway(1, transport), probe.Now)));
        const int Count = 1000;
        var now = probe.Now;
        var packets = new byte[5 * Count][];
        var times = new Instant[packets.Length];
        for (var at = 0; at < packets.Length; at++)
        {
            probe.Now += TimeSpan.FromSeconds(1);
            times[at] = probe.Now;
            packets[at] = gateway.Seal(Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged), FromGateway(1, transport), probe.Now);
        }

        Assert.Equal(2 * Count, Renew(0, 2 * Count));
        // The runtime may still be at work on the code in one round, and not in all of them.
        Assert.Equal(0, Enumerable.Range(2, 3).Min(Allocated));

        long Allocated(int round)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var sent = Renew(round * Count, Count);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(Count, sent);
            return allocated;
        }

        int Renew(int first, int count)
        {
            var protectedAnswers = 0;
            for (var at = first; at < first + count; at++)
            {
                _ = PacketFrame.TryRead(packets[at], default, out var envelope, out var octets, out _);
                anchor.Receive(octets, envelope, times[at]);
                while (anchor.Outbox.TryTake(out var effect))
                {
                    var isAnswer = effect.Kind == EffectKind.Send && anchor.Outbox.MessageOf(effect)[6] == 0;
                    protectedAnswers += isAnswer && anchor.TryPrepare(effect, times[at], out var sending, out _, out _) && sending.IsProtected ? 1 : 0;
                }
            }

            return protectedAnswers;
        }
    }

    [Fact]
    public void Associations_say_what_they_are_and_never_a_key()
    {
        var association = Association(Transport.IPv6, 1, true, 32, key: 0xAB);
        Assert.Equal("2001:db8:a::1 > 2001:db8:b::1 SPI 1001 AES-CBC-256 HMAC-SHA-256-128", association.ToString());
        Assert.DoesNotContain(
            typeof(IPsecSecurityAssociation).GetProperties(),
            property => property.PropertyType == typeof(Octets) || property.PropertyType == typeof(byte[]));
        var associations = new IPsecSecurityAssociations();
        Assert.True(associations.TryAdd(association));
        Assert.False(associations.TryAdd(Association(Transport.IPv6, 1, true, 0)));
        Assert.Same(association, associations.Find(association.Destination, 1001));
        Assert.Equal([association.Destination], associations.PeersOf(association.Source));
        Assert.True(associations.Remove(association.Destination, 1001));
        Assert.False(associations.Remove(association.Destination, 1001));
        Assert.Empty(associations.List());
        Assert.Throws<ArgumentException>(() => new IPsecSecurityAssociation(255, "2001:db8::1", "2001:db8::2", new byte[32]));
        Assert.Throws<ArgumentException>(() => new IPsecSecurityAssociation(256, "2001:db8::1", "192.0.2.1", new byte[32]));
        Assert.Throws<ArgumentException>(() => new IPsecSecurityAssociation(256, "2001:db8::1", "ff02::1", new byte[32]));
        Assert.Throws<ArgumentException>(() => new IPsecSecurityAssociation(256, "2001:db8::1", "2001:db8::2", new byte[16]));
    }

    private static LocalMobilityAnchor ProtectedAnchor(IPsecSecurityAssociations associations, Transport transport, HeartbeatOptions? heartbeat = null) => Anchor(
        AnchorOptions(transport) with { Heartbeat = heartbeat ?? NoHeartbeats, Protection = new IPsecProtection(associations, AnchorAddress(transport), PeersByAddress.Anyone) });

    private static MobileAccessGateway ProtectedGateway(IPsecSecurityAssociations associations, Transport transport, HeartbeatOptions? heartbeat = null) => Gateway(
        GatewayOptions(1, transport) with
        {
            Heartbeat = heartbeat ?? NoHeartbeats,
            Protection = new IPsecProtection(associations, GatewayAddress(transport, 1), PeersByAddress.Of([AnchorAddress(transport)])),
        });

    private static IPsecSecurityAssociations Associations(Transport transport, int encryptionKeyLength = 0, int gateways = 1)
    {
        var associations = new IPsecSecurityAssociations();
        for (var gateway = 1; gateway <= gateways; gateway++)
        {
            associations.Add(Association(transport, gateway, true, encryptionKeyLength));
            associations.Add(Association(transport, gateway, false, encryptionKeyLength));
        }

        return associations;
    }

    private static IPsecSecurityAssociation Association(
        Transport transport, int gateway, bool toGateway, int encryptionKeyLength, int? key = null, uint? spi = null, bool antiReplay = true, DateTimeOffset? inUseSince = null)
    {
        var (anchor, other) = (AnchorAddress(transport), GatewayAddress(transport, gateway));
        var number = key ?? (gateway * 2) + (toGateway ? 1 : 0);
        var association = new IPsecSecurityAssociation(
            spi ?? (uint)((gateway * 1000) + (toGateway ? 1 : 0)),
            toGateway ? anchor : other,
            toGateway ? other : anchor,
            Enumerable.Repeat((byte)number, 32).ToArray(),
            Enumerable.Repeat((byte)(number + 100), encryptionKeyLength).ToArray())
        {
            AntiReplay = antiReplay,
            InUseSince = inUseSince ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        return association;
    }

    /// <summary>A gateway that sends whatever a test wants.</summary>
    private sealed class Sealer(IPsecSecurityAssociations associations, Transport transport, int gateway)
    {
        private readonly IPsecProtection protection = new(associations, GatewayAddress(transport, gateway), PeersByAddress.Anyone);
        private readonly SeededRandom random = new(5);

        /// <summary>Protects a message; the packet may show other addresses than those that it was protected for.</summary>
        public byte[] Seal(MobilityMessage message, Envelope shown, Instant now, Envelope? protectedFor = null)
        {
            var envelope = protectedFor ?? shown;
            var sealedMessage = message.ToOctets().ToArray();
            shown.Seal(sealedMessage);
            ReadOnlySpan<byte> octets = sealedMessage;
            Assert.True(protection.TryProtect(ref octets, ref envelope, now, random, out var refused), refused);
            envelope = shown with { IsProtected = true };
            var packet = new byte[PacketFrame.Overhead(envelope) + octets.Length];
            PacketFrame.Write(envelope, octets, packet);
            return packet;
        }
    }
}
