using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 3.8.2.1: what a home agent answers, refuses or drops before it looks at what is asked.</summary>
[Trait("Rfc", "5454-4-03")]
public class HomeAgentAuthenticationTests
{
    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-03")]
    public void Without_security_association_the_request_is_dropped()
    {
        Dropped(Requests.Sign(Requests.Make(network)), DropReason.NoSecurityAssociation, isException: true);
    }

    [Fact]
    public void With_an_unknown_SPI_the_request_is_dropped()
    {
        network.Associate(Requests.Home);
        Dropped(Requests.Sign(Requests.Make(network), index: 257), DropReason.NoSecurityAssociation, isException: true);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-02")]
    public void Without_authentication_extension_the_request_is_dropped()
    {
        network.Associate(Requests.Home);
        Dropped(Requests.Make(network).ToOctets().ToArray(), DropReason.MissingAuthentication, isException: true);
    }

    [Fact]
    public void With_two_authentication_extensions_the_request_is_dropped()
    {
        network.Associate(Requests.Home);
        var once = Requests.Sign(Requests.Make(network));
        Dropped([.. once, .. once.AsSpan(24)], DropReason.BadAuthenticator, isException: true);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-08")]
    public void A_foreign_home_authentication_extension_without_association_drops_the_request()
    {
        network.Associate(Requests.Home);
        Dropped([.. Requests.Sign(Requests.Make(network)), 34, 4, 0, 0, 1, 0], DropReason.NoSecurityAssociation, isException: true);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-05")]
    public void A_wrong_key_is_answered_with_131_and_a_valid_authenticator()
    {
        network.Associate(Requests.Home);
        var octets = Requests.Sign(Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64")), key: [1, 2, 3]);
        var reply = Assert.Single(network.Inject(network.HomeAgent, octets, Requests.Node));
        Assert.Equal(RegistrationCode.MobileNodeFailedAuthentication, reply.Reply.Code);
        Assert.True(reply.Reply.IsAuthentic());
        Assert.Empty(reply.Reply.PrefixReplies());
        Assert.Equal(Requests.Node, reply.Envelope.Destination);
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.SecurityException, Code: 131, Drop: DropReason.BadAuthenticator });
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed_and_no_reply_is_longer_than_the_request()
    {
        network.Associate(Requests.Home);
        var octets = Requests.Sign(Requests.Make(network, Requests.Prefix("2001:db8:7:1::/64")));
        var refused = 0;
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            var forged = octets.ToArray();
            forged[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            foreach (var reply in network.Inject(network.HomeAgent, forged))
            {
                Assert.Equal(RegistrationCode.MobileNodeFailedAuthentication, reply.Reply.Code);
                Assert.True(reply.Octets.Length <= forged.Length);
                refused++;
            }
        }

        // Most flips are answered: those in a length, a type, the SPI or the home address are dropped.
        Assert.InRange(refused, octets.Length * 4, octets.Length * 8);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        // Nothing of this has used up the Identification.
        Assert.Equal(RegistrationCode.Accepted, Assert.Single(network.Inject(network.HomeAgent, octets, Requests.Node)).Reply.Code);
    }

    [Fact]
    public void A_short_forgery_gets_no_longer_answer()
    {
        network.Associate(Requests.Home);
        byte[] forged = [.. Requests.Make(network).ToOctets(), 32, 4, 0, 0, 1, 0];
        Dropped(forged, DropReason.BadAuthenticator, isException: true);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(33)]
    [InlineData(127)]
    public void An_unknown_extension_below_128_drops_the_request_wherever_it_stands(byte type)
    {
        network.Associate(Requests.Home);
        var request = Requests.Make(network, new UnknownExtension { ExtensionType = type, Data = [1, 2] });
        Dropped(Requests.Sign(request), DropReason.UnknownExtension, isException: false);
        Dropped([.. Requests.Sign(Requests.Make(network)), type, 1, 0], DropReason.UnknownExtension, isException: false);
    }

    [Fact]
    [Trait("Rfc", "5454-2-01")]
    public void An_unknown_extension_from_128_and_an_unknown_subtype_of_152_are_skipped()
    {
        var reply = network.Ask(Requests.Make(
            network,
            new UnknownExtension { ExtensionType = 200, Data = [1] },
            new UnknownExtension { ExtensionType = 152, Data = [9, 1, 2] },
            new PaddingExtension(),
            Requests.Prefix("2001:db8:7:1::/64")));
        Assert.Equal(RegistrationCode.Accepted, reply.Code);
        Assert.Equal([("2001:db8:7:1::/64", PrefixReplyCode.AcceptedHomeAddress)], reply.PrefixReplies());
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-06")]
    [Trait("Rfc", "5944-3.8.2.2-08")]
    [Trait("Rfc", "5944-5.7.1-02")]
    public void The_same_octets_again_are_refused_with_133_and_change_nothing()
    {
        network.Associate(Requests.Home);
        var octets = Requests.Sign(Requests.Make(network));
        network.Inject(network.HomeAgent, octets, Requests.Node);
        var bound = network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent));
        var again = Assert.Single(network.Inject(network.HomeAgent, octets, new Endpoint("203.0.113.66", 1))).Reply;
        Assert.Equal(RegistrationCode.IdentificationMismatch, again.Code);
        Assert.True(again.IsAuthentic());
        Assert.Equal(bound, network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent)));
        Assert.Contains(network.Events, happened => happened is { Kind: EventKind.SecurityException, Code: 133 });
    }

    [Fact]
    public void A_registration_replayed_after_the_deregistration_is_refused()
    {
        network.Associate(Requests.Home);
        var first = Requests.Make(network);
        var octets = Requests.Sign(first);
        network.Inject(network.HomeAgent, octets, Requests.Node);
        network.Ask(first with { Lifetime = 0, Identification = first.Identification + 1 });
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Equal(RegistrationCode.IdentificationMismatch, Assert.Single(network.Inject(network.HomeAgent, octets)).Reply.Code);
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Theory]
    [InlineData(-7, RegistrationCode.Accepted)]
    [InlineData(7, RegistrationCode.Accepted)]
    [InlineData(-7.01, RegistrationCode.IdentificationMismatch)]
    [InlineData(7.01, RegistrationCode.IdentificationMismatch)]
    [InlineData(-3600, RegistrationCode.IdentificationMismatch)]
    [InlineData(3600, RegistrationCode.IdentificationMismatch)]
    [Trait("Rfc", "5944-3.8.2.1-06")]
    [Trait("Rfc", "5944-5.7-01")]
    [Trait("Rfc", "5944-5.7.1-01")]
    [Trait("Rfc", "5944-5.7.1-03")]
    public void A_timestamp_has_to_be_within_seven_seconds(double seconds, RegistrationCode code)
    {
        var now = network.Now(network.HomeAgent).WallClock;
        var identification = NtpTimestamp.From(now + TimeSpan.FromSeconds(seconds));
        var reply = network.Ask(Requests.Make(network) with { Identification = identification });
        Assert.Equal(code, reply.Code);
        Assert.Equal((uint)identification, (uint)reply.Identification);
        // RFC 5944, 5.7.1: copied when it is valid, otherwise the upper half is the home agent's time.
        Assert.Equal((code == RegistrationCode.Accepted ? identification : NtpTimestamp.From(now)) >> 32, reply.Identification >> 32);
    }

    [Fact]
    [Trait("Rfc", "5944-5.7.1-02")]
    public void An_older_timestamp_than_the_last_accepted_one_is_refused_within_the_tolerance()
    {
        var request = Requests.Make(network);
        network.Ask(request);
        Assert.Equal(RegistrationCode.IdentificationMismatch, network.Ask(request with { Identification = request.Identification - 1 }).Code);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(request with { Identification = request.Identification + 1 }).Code);
    }

    [Fact]
    public void A_request_that_was_refused_for_another_reason_cannot_be_replayed()
    {
        var request = Requests.Make(network) with { HomeAgent = "192.0.2.9" };
        Assert.Equal(RegistrationCode.UnknownHomeAgentAddress, network.Ask(request).Code);
        Assert.Equal(RegistrationCode.IdentificationMismatch, network.Ask(request).Code);
    }

    [Fact]
    public void Its_own_reply_thrown_back_is_dropped()
    {
        network.Ask(Requests.Make(network));
        Assert.Empty(network.Inject(network.HomeAgent, network.Replies.Last().Octets, network.HomeAgent.LocalEndpoint));
        Assert.Equal(1, network.HomeAgent.Counters[MessageKind.RegistrationReply, Direction.Received, drop: DropReason.UnexpectedMessage]);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.11")]
    [InlineData("255.255.255.255")]
    public void A_source_that_is_no_unicast_address_gets_no_answer(string source)
    {
        network.Associate(Requests.Home);
        Assert.Empty(network.Inject(network.HomeAgent, Requests.Sign(Requests.Make(network)), new Endpoint(source, 434)));
        Assert.Equal(0, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void Two_associations_work_side_by_side_and_a_removed_one_at_once_no_more()
    {
        network.Associate(Requests.Home);
        network.Associations.Add(new SecurityAssociation(300, Requests.Home, [9, 9, 9]));
        var request = Requests.Make(network);
        var octets = Requests.Sign(request, 300, [9, 9, 9]);
        Assert.Equal(300u, Assert.Single(network.Inject(network.HomeAgent, octets)).Reply.Extensions.OfType<MobileHomeAuthenticationExtension>().Single().SecurityParameterIndex);
        Assert.Equal(RegistrationCode.Accepted, network.Ask(request with { Identification = request.Identification + 1 }).Code);
        network.Associations.Remove(Requests.Home, 300);
        Dropped(Requests.Sign(request with { Identification = request.Identification + 2 }, 300, [9, 9, 9]), DropReason.NoSecurityAssociation, true);
    }

    private void Dropped(byte[] octets, DropReason reason, bool isException)
    {
        var before = network.HomeAgent.Counters.Dropped(reason);
        var bindings = network.HomeAgent.BindingCount;
        Assert.Empty(network.Inject(network.HomeAgent, octets, Requests.Node));
        Assert.Equal(before + 1, network.HomeAgent.Counters.Dropped(reason));
        Assert.Equal(isException ? EventKind.SecurityException : EventKind.Dropped, network.Events[^1].Kind);
        Assert.Equal(bindings, network.HomeAgent.BindingCount);
    }
}
