using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>What one peer, or one mobile node, can take from the others.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_mobile_node_gets_no_more_sessions_than_the_anchor_allows()
    {
        var anchor = Anchor(AnchorOptions() with { SessionsPerNode = 3 });
        var probe = new Probe(anchor);
        var answers = Enumerable.Range(1, 5).Select(number => Register(probe, (byte)number)).ToList();
        Assert.Equal(
            [0, 0, 0, (int)BindingStatus.InsufficientResources, (int)BindingStatus.InsufficientResources],
            answers.Select(answer => (int)answer.Acknowledgement.Status));
        Assert.Equal(3, anchor.BindingCount);

        // What is there goes on, and others are not concerned.
        Assert.Equal(BindingStatus.Accepted, Register(probe, 2).Acknowledgement.Status);
        Assert.Equal(BindingStatus.Accepted, Register(probe, 9, "mn8@example.com").Acknowledgement.Status);
        Assert.Throws<ArgumentException>(() => Anchor(AnchorOptions() with { SessionsPerNode = 0 }));
    }

    [Fact]
    public void A_delayed_copy_does_not_take_the_place_of_the_update_that_waits()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(60);
        var first = Update(probe, indicator: HandoffIndicator.Unknown, sequenceNumber: 10);
        var indication = Assert.Single(probe.Deliver(first, FromGateway(2)));
        probe.Now += TimeSpan.FromMilliseconds(100);
        probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, sequenceNumber: 11), FromGateway(2));
        probe.Now += TimeSpan.FromMilliseconds(100);
        probe.Deliver(first, FromGateway(2));
        Assert.Equal(1, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
        var answer = Assert.Single(probe.Deliver(Answer(indication), FromGateway()));
        Assert.Equal(11, answer.Acknowledgement.SequenceNumber);
    }

    [Fact]
    public void An_indication_for_an_IPv4_home_address_that_overtakes_its_grant_ends_it()
    {
        var gateway = Gateway();
        var probe = new Probe(gateway);
        probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, IPv4HomeAddress = Address.AnyIPv4 }, now));
        var update = probe.Last;
        var indication = Indicate(
            RevocationTrigger.AdministrativeReason, 1, Node, new IPv4HomeAddressRequestOption { PrefixLength = 24, IPv4HomeAddress = "192.0.2.7" }) with
        {
            IPv4HomeAddressBindingOnly = true,
        };
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication, FromGateway().Reversed)).Revoked.Status);

        var acknowledgement = Acknowledge(update, prefix: "2001:db8:100:5::/64");
        probe.Deliver(
            acknowledgement with
            {
                Options =
                [
                    .. acknowledgement.Options.Where(option => option is not IPv4HomeAddressRequestOption),
                    new IPv4HomeAddressReplyOption { PrefixLength = 24, IPv4HomeAddress = "192.0.2.7" },
                ],
            },
            FromGateway().Reversed);
        var binding = gateway.Find(Node, probe.Now)!;
        Assert.Equal((1, null), (binding.Prefixes.Count, binding.IPv4HomeAddress));
    }

    [Fact]
    public void A_peer_that_sends_many_indications_does_not_have_the_answers_to_others_forgotten()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        var indication = Indicate(RevocationTrigger.AdministrativeReason, 1, Node);
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication, FromGateway())).Revoked.Status);
        for (ushort number = 0; number < 1000; number++)
        {
            probe.Deliver(Indicate(RevocationTrigger.AdministrativeReason, number, "noise@example.com"), FromGateway(2));
        }

        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication, FromGateway())).Revoked.Status);
    }

    [Fact]
    public void An_answer_is_kept_for_the_very_place_that_asked_and_many_ports_are_one_peer()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        var indication = Indicate(RevocationTrigger.AdministrativeReason, 1, Node);
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication, FromGateway())).Revoked.Status);
        Assert.Equal(RevocationStatus.BindingDoesNotExist, Assert.Single(probe.Deliver(indication, FromGateway(port: 20000))).Revoked.Status);
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication, FromGateway())).Revoked.Status);

        // As many answers are kept for one address, whatever the ports.
        for (ushort port = 20001; port < 20257; port++)
        {
            probe.Deliver(indication, FromGateway(port: port));
        }

        Assert.Equal(RevocationStatus.BindingDoesNotExist, Assert.Single(probe.Deliver(indication, FromGateway())).Revoked.Status);
    }

    [Theory]
    [Trait("Rfc", "5846-6.2-02")]
    [InlineData(Transport.IPv6)]
    [InlineData(Transport.ProxyMobileIPv6Udp)]
    [Trait("Rfc", "5213-5.3.1-02")]
    [Trait("Rfc", "5213-6.9.1.2-02")]
    [Trait("Rfc", "5847-3-06")]
    public void A_type_that_nobody_knows_gets_a_Binding_Error_ten_times_a_second(Transport transport)
    {
        var anchor = Anchor(AnchorOptions(transport));
        var probe = new Probe(anchor);
        var from = FromGateway(transport: transport);
        byte[] unknown = [59, 0, 99, 0, 0, 0, 0, 0];
        from.Seal(unknown);
        var error = Assert.IsType<BindingError>(Assert.Single(probe.Deliver(unknown, from)).Message);
        Assert.Equal((BindingErrorStatus.UnrecognizedMobilityHeaderType, Address.Parse("::")), (error.Status, error.HomeAddress));
        Assert.Equal(from.Reversed, probe.Last.Envelope);
        Assert.Empty(probe.Deliver(unknown, from));
        probe.Now += TimeSpan.FromMilliseconds(100);
        Assert.Single(probe.Deliver(unknown, from));
        Assert.Equal(3, anchor.Counters.Dropped(DropReason.UnexpectedMessage));
        Assert.Equal(2, anchor.Counters[MessageKind.BindingError, Direction.Sent, 2]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_Binding_Error_and_what_the_RFCs_know_get_none(bool isError)
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        Assert.Empty(probe.Deliver(
            isError ? new BindingError { Status = BindingErrorStatus.UnrecognizedMobilityHeaderType } : new BindingAcknowledgement { ProxyRegistration = true }, FromGateway()));
    }

    private static SentMessage Register(Probe probe, byte link, string identifier = Node)
    {
        probe.Now += TimeSpan.FromMilliseconds(1);
        var update = Update(probe, identifier, sequenceNumber: (ushort)(probe.Sent.Count + 1));
        return Assert.Single(probe.Deliver(
            update with { Options = [.. update.Options, new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = new[] { link } }] }, FromGateway()));
    }
}
