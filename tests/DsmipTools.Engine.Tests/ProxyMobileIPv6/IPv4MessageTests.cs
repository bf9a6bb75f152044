using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>What is said about IPv4 home addresses (RFC 5844, 3), and how messages travel over IPv4 (RFC 5844, 4).</summary>
public sealed class IPv4MessageTests
{
    private static readonly Prefix Assigned = "2001:db8:100::/64";

    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public IPv4MessageTests()
    {
        gateway = Gateway();
        probe = new Probe(gateway);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.6-03")]
    public void A_refusal_has_address_and_prefix_length_of_the_update()
    {
        var cell = new Probe(Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/28" }));
        var update = Update(cell);
        var asked = update with
        {
            Options = [.. update.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = "198.51.100.7", PrefixLength = 23 }],
        };
        var reply = Assert.Single(cell.Deliver(asked, FromGateway())).Option<IPv4HomeAddressReplyOption>();
        Assert.Equal(
            (IPv4HomeAddressReplyStatus.AdministrativelyProhibited, (Address)"198.51.100.7", 23), (reply.Status, reply.IPv4HomeAddress, reply.PrefixLength));
    }

    [Fact]
    [Trait("Rfc", "5844-3.2.3.1-02")]
    [Trait("Rfc", "5844-3.2.3.1-03")]
    [Trait("Rfc", "5844-3.2.3.3-01")]
    public void A_gateway_asks_for_an_address_by_value_and_names_it_to_the_end()
    {
        Attach("192.0.2.9", 28);
        Answer("192.0.2.9", IPv4HomeAddressReplyStatus.Success);
        probe.Advance(TimeSpan.FromSeconds(75.5));
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal([900, 900, 0], probe.Sent.Select(sent => (int)sent.Update.Lifetime));
        Assert.All(probe.Sent, sent => Assert.Equal(
            ((Address)"192.0.2.9", 28),
            (sent.Option<IPv4HomeAddressRequestOption>().IPv4HomeAddress, sent.Option<IPv4HomeAddressRequestOption>().PrefixLength)));
    }

    [Fact]
    [Trait("Rfc", "5844-3.2.3.1-04")]
    public void A_gateway_that_knows_no_address_asks_with_zeros()
    {
        Attach(Address.AnyIPv4);
        var option = probe.Last.Option<IPv4HomeAddressRequestOption>();
        Assert.Equal((Address.AnyIPv4, 0), (option.IPv4HomeAddress, option.PrefixLength));
    }

    [Fact]
    [Trait("Rfc", "5844-3.2.3.2-06")]
    public void A_reply_that_says_failure_gives_no_address()
    {
        var command = Attach(Address.AnyIPv4);
        Answer("192.0.2.9", IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        var outcome = probe.Outcome<AttachmentOutcome>(command);
        Assert.Equal((AttachmentResult.Accepted, (Address?)null, (Address?)null), (outcome.Result, outcome.IPv4HomeAddress, outcome.IPv4DefaultRouter));
        Assert.Null(Assert.Single(gateway.Bindings(probe.Now)).IPv4HomeAddress);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    [Trait("Rfc", "5844-3.2.3.2-12")]
    public void The_DHCP_mode_is_server_only_when_the_anchor_says_so(bool? isServer)
    {
        var command = Attach(Address.AnyIPv4);
        Answer("192.0.2.9", IPv4HomeAddressReplyStatus.Success, isServer is { } said ? [new IPv4DhcpSupportModeOption { DhcpSupportMode = said }] : []);
        Assert.Equal(isServer == true, probe.Outcome<AttachmentOutcome>(command).IsDhcpServer);
    }

    [Fact]
    [Trait("Rfc", "5844-4.1.3.1-02")]
    [Trait("Rfc", "5844-4.1.3.2-02")]
    [Trait("Rfc", "5844-4.2.2-03")]
    [Trait("Rfc", "5844-4.2.2.1-01")]
    public void Over_UDP_the_checksum_of_the_mobility_header_is_zero_and_does_not_matter()
    {
        var cell = new Probe(Anchor());
        var accepted = Assert.Single(cell.Deliver(Update(cell) with { Checksum = 0x1234 }, FromGateway()));
        Assert.Equal((BindingStatus.Accepted, (ushort?)0), (accepted.Acknowledgement.Status, accepted.Message.Checksum));

        var command = Attach(null);
        Assert.Equal((ushort?)0, probe.Last.Message.Checksum);
        probe.Deliver(Acknowledge(probe.Last, prefix: Assigned) with { Checksum = 0x1234 }, FromGateway().Reversed);
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    [Trait("Rfc", "5844-4.1.3.2-01")]
    public void An_answer_goes_to_the_port_that_the_update_came_from()
    {
        var cell = new Probe(Anchor());
        var envelope = Assert.Single(cell.Deliver(Update(cell), FromGateway(port: 7000))).Envelope;
        Assert.Equal((Transport.ProxyMobileIPv6Udp, (ushort)5436, (ushort)7000), (envelope.Transport, envelope.Source.Port, envelope.Destination.Port));
    }

    [Fact]
    [Trait("Rfc", "5844-4.2.2-01")]
    public void Renewals_and_the_end_travel_like_the_first_update()
    {
        Attach(null);
        probe.Deliver(Acknowledge(probe.Last, prefix: Assigned, lifetime: 25), FromGateway().Reversed);
        probe.Advance(TimeSpan.FromSeconds(75.5));
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal([FromGateway(), FromGateway(), FromGateway()], probe.Sent.Select(sent => sent.Envelope));
    }

    private long Attach(Address? address, byte prefixLength = 0) => probe.Do(now => gateway.Attach(
        new AttachmentRequest { Identifier = Node, IPv4HomeAddress = address, IPv4PrefixLength = prefixLength }, now));

    private void Answer(Address address, IPv4HomeAddressReplyStatus status, params MobilityOption[] more)
    {
        var answer = Acknowledge(probe.Last, prefix: Assigned, lifetime: 25);
        probe.Deliver(
            answer with
            {
                Options =
                [
                    .. answer.Options.Where(option => option is not IPv4HomeAddressRequestOption),
                    new IPv4HomeAddressReplyOption { Status = status, IPv4HomeAddress = address, PrefixLength = 28 },
                    new IPv4DefaultRouterAddressOption { IPv4DefaultRouterAddress = "192.0.2.1" },
                    .. more,
                ],
            },
            FromGateway().Reversed);
    }
}
