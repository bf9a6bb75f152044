using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Mobile nodes that are known by their Network Access Identifier and get a home address (RFC 2794; RFC 5944, 3.8.1 and 3.8.3.2).</summary>
public class HomeAgentIdentifierTests
{
    private const string Alice = "alice@example.com";
    private const string Bob = "bob@example.com";
    private static readonly byte[] Key = [8, 8, 8];

    private readonly Network network = new(Network.DefaultOptions with { DynamicHomeAddresses = "10.1.1.128/30" });

    public HomeAgentIdentifierTests() => Array.ForEach(
        [Alice, Bob, "carol@example.com", "dave@example.com", "erin@example.com"],
        name => network.Associations.Add(SecurityAssociation.Of(256, NetworkAccessIdentifier.Parse(name), Key)));

    [Fact]
    [Trait("Rfc", "5944-3.8.1-03")]
    [Trait("Rfc", "5944-3.8.3.2-03")]
    public void A_node_without_a_home_address_gets_one_with_its_identifier_in_the_reply()
    {
        var reply = Ask(Alice);
        Assert.Equal((RegistrationCode.Accepted, "10.1.1.128"), (reply.Code, reply.HomeAddress.ToString()));
        Assert.Equal(Alice, Assert.Single(reply.Extensions.OfType<MobileNodeNaiExtension>()).Text);
        Assert.Equal("10.1.1.129", Ask(Bob).HomeAddress.ToString());
        // It asks again, or names what it has: the address stays.
        Assert.Equal("10.1.1.128", Ask(Alice).HomeAddress.ToString());
        Assert.Equal("10.1.1.128", Ask(Alice, home: "10.1.1.128").HomeAddress.ToString());
        Assert.Equal(2, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void Its_key_does_not_open_the_home_addresses_of_others()
    {
        Ask(Alice);
        network.Ask(Requests.Make(network));
        Assert.Equal(RegistrationCode.AdministrativelyProhibited, Ask(Bob, home: "10.1.1.128").Code);
        Assert.Equal(RegistrationCode.MobileNodeFailedAuthentication, Ask(Bob, home: Requests.Home).Code);
        Assert.Equal(RegistrationCode.AdministrativelyProhibited, Ask(Bob, home: "10.1.1.200").Code);
        Assert.Equal(2, network.HomeAgent.BindingCount);
    }

    [Fact]
    public void With_no_address_left_the_code_is_130_and_one_that_is_given_back_is_free()
    {
        network.Associate("10.1.1.131");
        Assert.Equal(["10.1.1.128", "10.1.1.129", "10.1.1.130"], new[] { Alice, Bob, "carol@example.com" }.Select(name => Ask(name).HomeAddress.ToString()));
        Assert.Equal(RegistrationCode.InsufficientResources, Ask("dave@example.com").Code);
        Assert.Equal((RegistrationCode.Accepted, "10.1.1.129"), Ask(Bob, lifetime: 0) is var gone ? (gone.Code, gone.HomeAddress.ToString()) : default);
        Assert.Equal("10.1.1.129", Ask("dave@example.com").HomeAddress.ToString());
        Assert.Equal(RegistrationCode.InsufficientResources, Ask(Bob).Code);
    }

    [Fact]
    public void Who_comes_back_gets_the_address_of_before_when_it_is_free()
    {
        Ask(Alice);
        Ask(Bob);
        network.Run(601);
        Assert.Equal(0, network.HomeAgent.BindingCount);
        Assert.Equal("10.1.1.129", Ask(Bob).HomeAddress.ToString());
        Assert.Equal("10.1.1.130", Ask("carol@example.com").HomeAddress.ToString());
    }

    [Fact]
    public void A_request_is_good_once_though_it_names_no_home_address()
    {
        var octets = Sign(Alice, Address.AnyIPv4, 600);
        Assert.Equal(RegistrationCode.Accepted, Assert.Single(network.Inject(network.HomeAgent, octets)).Reply.Code);
        Assert.Equal(RegistrationCode.IdentificationMismatch, Assert.Single(network.Inject(network.HomeAgent, octets)).Reply.Code);
    }

    [Fact]
    public void A_refused_or_failed_registration_keeps_no_address()
    {
        network.Failure = effect => effect.Kind == EffectKind.TunnelUp ? "no more tunnels" : null;
        Assert.Equal(RegistrationCode.InsufficientResources, Ask(Alice).Code);
        network.Failure = _ => null;
        Assert.Equal(4, new[] { Bob, "carol@example.com", "dave@example.com", "erin@example.com" }.Count(name => Ask(name).Code == RegistrationCode.Accepted));
    }

    [Fact]
    public void Without_addresses_to_give_the_code_is_129()
    {
        var other = new Network();
        other.Associations.Add(SecurityAssociation.Of(256, NetworkAccessIdentifier.Parse(Alice), Key));
        Assert.Equal(RegistrationCode.AdministrativelyProhibited, Assert.Single(other.Inject(other.HomeAgent, Sign(Alice, Address.AnyIPv4, 600))).Reply.Code);
    }

    private RegistrationReply Ask(string name, Address? home = null, ushort lifetime = 600)
    {
        network.Run(1);
        return Assert.Single(network.Inject(network.HomeAgent, Sign(name, home ?? Address.AnyIPv4, lifetime))).Reply;
    }

    private byte[] Sign(string name, Address home, ushort lifetime) => Requests.Sign(
        Requests.Make(network, MobileNodeNaiExtension.Create(name)) with { HomeAddress = home, Lifetime = lifetime }, key: Key);
}
