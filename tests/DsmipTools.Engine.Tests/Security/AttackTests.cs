using System.Text;
using DsmipTools.Engine.Bindings;
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

/// <summary>
/// A domain at work, and somebody who has recorded every packet and sends what he likes (RFC 5213, 11; RFC 5846, 13): whatever he sends, both sides hold
/// the same bindings afterwards as before.
/// </summary>
public sealed class AttackTests
{
    private static readonly Address Stranger = "192.0.2.66";

    private readonly Network network = new(1);
    private readonly LocalMobilityAnchor anchor;
    private readonly MobileAccessGateway[] gateways;
    private readonly string before;

    public AttackTests()
    {
        anchor = network.Add(Anchor(AnchorOptions() with
        {
            Protection = PeersByAddress.Of([GatewayAddress(Transport.ProxyMobileIPv6Udp, 1), GatewayAddress(Transport.ProxyMobileIPv6Udp, 2)]),
            IPv4HomeNetwork = "192.0.2.0/28",
        }));
        gateways = [.. Enumerable.Range(1, 2).Select(number => network.Add(Gateway(GatewayOptions(number) with { Protection = null })))];
        // What he has recorded: attachments, a handover, a renewal, a departure and revocations.
        Attach(0, Node, "mn8@example.com", "mn9@foo.example.com", "mn10@EXAMPLE.com.example.org", "gone@example.com", "revoked@example.net");
        Attach(1, "mn11@example.com", "mn12@example.org");
        network.Do(gateways[1], now => gateways[1].Attach(Request("mn8@example.com") with { HandoffIndicator = HandoffIndicator.BetweenGateways }, now));
        network.Run(TimeSpan.FromMilliseconds(100));
        network.Do(gateways[0], now => gateways[0].Detach("mn8@example.com", now));
        network.Do(gateways[0], now => gateways[0].Detach("gone@example.com", now));
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.Realm("example.net"), now));
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode("mn12@example.org"), now));
        network.Run(TimeSpan.FromSeconds(60));
        before = View();
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    public void Replayed_packets_do_nothing()
    {
        var recorded = network.Sent.ToList();
        Assert.True(recorded.Count > 20);
        foreach (var sent in recorded)
        {
            network.Inject(sent.Envelope, sent.Octets.Span);
            Settle();
            Assert.Equal(before, View());
        }
    }

    [Fact]
    public void Replayed_packets_do_nothing_in_any_order_and_all_at_once()
    {
        foreach (var sent in network.Sent.ToList().OrderBy(_ => network.Below(1000)))
        {
            network.Inject(sent.Envelope, sent.Octets.Span);
        }

        Settle();
        Assert.Equal(before, View());
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    public void Reflected_packets_do_nothing()
    {
        // He turns every packet round: to whom it came from, as if the other side had sent it.
        foreach (var sent in network.Sent.ToList())
        {
            network.Inject(sent.Envelope.Reversed, sent.Octets.Span);
        }

        Settle();
        Assert.Equal(before, View());
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    public void Packets_from_a_stranger_do_nothing_and_are_security_exceptions()
    {
        var recorded = network.Sent.ToList();
        foreach (var sent in recorded)
        {
            network.Inject(sent.Envelope with { Source = sent.Envelope.Source with { Address = Stranger } }, sent.Octets.Span);
        }

        network.Sent.Clear();
        Settle();
        Assert.Equal(before, View());
        Assert.DoesNotContain(network.Sent, sent => sent.Envelope.Destination.Address == Stranger);
        Assert.Equal(recorded.Count, anchor.Counters.Dropped(DropReason.NotAPeer) + gateways.Sum(gateway => gateway.Counters.Dropped(DropReason.NotAPeer)));
        Assert.Equal(recorded.Count, network.Events.Count(happened => happened.Kind == EventKind.SecurityException && happened.Peer == Stranger));
    }

    [Theory]
    [InlineData(RevocationStatus.Success)]
    [InlineData(RevocationStatus.PartialSuccess)]
    [InlineData(RevocationStatus.BindingDoesNotExist)]
    [InlineData(RevocationStatus.GlobalRevocationNotAuthorized)]
    [Trait("Rfc", "5846-6.2.2-01")]
    public void A_forged_acknowledgement_ends_no_revocation(RevocationStatus status)
    {
        // The gateway of the mobile node says nothing for a while; the other gateway, and a stranger, answer for it with every number there is.
        network.SetLink(gateways[0], Link.Perfect with { Partitioned = true });
        var command = network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        for (var number = 0; number <= ushort.MaxValue; number++)
        {
            var answer = new BindingRevocationAcknowledgement { Status = status, SequenceNumber = (ushort)number, ProxyBinding = true }.ToOctets();
            network.Inject(FromGateway(2), answer.Span);
            network.Inject(FromGateway(2) with { Source = new Endpoint(Stranger, Envelope.ProxyMobileIPv6Port) }, answer.Span);
        }

        network.Run(TimeSpan.FromMilliseconds(500));
        Assert.Equal(BindingState.RevocationInProgress, Assert.Single(anchor.Bindings(Node, network.Now)).State);
        Assert.Equal(1, anchor.Counters.Dropped(DropReason.ForeignAcknowledgement));
        Assert.False(network.Outcomes.ContainsKey((anchor.Name, command)));
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    [Trait("Rfc", "5846-3.1-01")]
    public void A_gateway_revokes_nobody_elses_binding_in_any_way()
    {
        var own = anchor.Bindings(network.Now).Concat(gateways[1].Bindings(network.Now))
            .Where(binding => binding.CareOfAddress == gateways[1].LocalEndpoint.Address).Select(View).ToList();
        ushort number = 100;
        foreach (var victim in anchor.Bindings(network.Now).Where(binding => binding.Peer == gateways[0].LocalEndpoint.Address).ToList())
        {
            MobilityOption prefix = new HomeNetworkPrefixOption { Prefix = victim.Prefixes[0] };
            MobilityOption address = new IPv4HomeAddressRequestOption { IPv4HomeAddress = victim.IPv4HomeAddress ?? Address.AnyIPv4, PrefixLength = 28 };
            foreach (var trigger in Enum.GetValues<RevocationTrigger>())
            {
                Send(Indicate(trigger, number++, victim.Identifier));
                Send(Indicate(trigger, number++, victim.Identifier, prefix));
                Send(Indicate(trigger, number++, null, prefix));
                Send(Indicate(trigger, number++, "mn11@example.com", prefix));
                Send(Indicate(trigger, number++, victim.Identifier, address) with { IPv4HomeAddressBindingOnly = true });
                Send(Indicate(trigger, number++, gateways[0].Name));
                Send(Indicate(trigger, number++, "@" + victim.Identifier!.Split('@')[^1]));
                Send(Indicate(trigger, number++, victim.Identifier) with { Global = true });
            }
        }

        Settle();
        // What he names beside his own mobile node costs him his own alone.
        Assert.NotEmpty(own);
        Assert.Equal(before.Split('\n').Except(own), View().Split('\n').Except(own));

        void Send(BindingRevocationIndication indication) => network.Inject(FromGateway(2), indication.ToOctets().Span);
    }

    [Theory]
    [InlineData("@foo.example.com", 1)]
    [InlineData("@EXAMPLE.COM", 1)]
    [InlineData("@example.com", 1)]
    [InlineData("@", 0)]
    [InlineData("", 0)]
    [InlineData("example.com", 0)]
    [InlineData("@@example.com", 0)]
    [InlineData("@x@example.com", 0)]
    [InlineData("mn7@example.com", 0)]
    [InlineData("@.example.com", 0)]
    [InlineData("@com", 0)]
    [InlineData("@example.com.", 0)]
    [InlineData("@*", 0)]
    [InlineData("@example.com\0", 0)]
    [Trait("Rfc", "5846-8.1-05")]
    [Trait("Rfc", "5846-9.1-02")]
    public void A_realm_is_exactly_one_realm(string realm, int revoked)
    {
        Deliver(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 900, null, new MobileNodeIdentifierOption { Identifier = Encoding.UTF8.GetBytes(realm) }));

        Assert.Equal(revoked, Lost());
    }

    [Theory]
    [InlineData(253)]
    [InlineData(254)]
    public void A_realm_of_the_greatest_length_and_more_is_nobodys(int length)
    {
        Deliver(Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 901, "@" + new string('a', length - 1)));

        Assert.Equal(0, Lost());
    }

    [Fact]
    public void A_message_full_of_options_is_one_message()
    {
        // As many options as a Mobility Header holds (RFC 6275, 6.1.1): unknown ones, empty ones, prefixes of others.
        foreach (var option in new MobilityOption[] { new UnknownMobilityOption { OptionType = 200 }, new HomeNetworkPrefixOption { Prefix = "2001:db8:100::/64" } })
        {
            var options = Enumerable.Repeat(option, (2048 - 40) / (option.GetLength() + 7)).ToArray();
            network.Inject(FromGateway(2), Indicate(RevocationTrigger.AdministrativeReason, 902, "nobody@example.com", options).ToOctets().Span);
            Deliver(Indicate(RevocationTrigger.AdministrativeReason, 903, "nobody@example.com", options));
        }

        Settle();
        Assert.Equal(before, View());
    }

    private static AttachmentRequest Request(string node) => new() { Identifier = node, IPv4HomeAddress = Address.AnyIPv4 };

    private static string View(ProxyBindingSnapshot binding) =>
        $"{binding.Agent} {binding.Identifier} {binding.Prefixes} {binding.IPv4HomeAddress} {binding.CareOfAddress} {binding.State}";

    private void Attach(int gateway, params string[] nodes)
    {
        foreach (var node in nodes)
        {
            network.Do(gateways[gateway], now => gateways[gateway].Attach(Request(node), now));
            network.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>The anchor's own indication, with whatever name, to the first gateway.</summary>
    private void Deliver(BindingRevocationIndication indication)
    {
        network.Inject(FromGateway().Reversed, indication.ToOctets().Span);
        network.Run(TimeSpan.FromMilliseconds(50));
    }

    private int Lost() => before.Split('\n').Count(line => line.StartsWith("mag1", StringComparison.Ordinal)) - gateways[0].BindingCount;

    private void Settle() => network.Run(TimeSpan.FromSeconds(20));

    private string View() => string.Join('\n', anchor.Bindings(network.Now)
        .Concat(gateways.SelectMany(gateway => gateway.Bindings(network.Now)))
        .Select(View)
        .Order(StringComparer.Ordinal));
}
