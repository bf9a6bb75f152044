using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>NAT detection and UDP tunnels at the home agent (RFC 3519, 4.6).</summary>
public class HomeAgentNatTraversalTests
{
    private static readonly Endpoint Nat = new("203.0.113.40", 61234);

    private readonly Network network = new();

    [Fact]
    [Trait("Rfc", "3519-3.2-01")]
    [Trait("Rfc", "3519-4.6-01")]
    [Trait("Rfc", "3519-4.6-02")]
    [Trait("Rfc", "3519-4.6-04")]
    [Trait("Rfc", "3519-4.7-01")]
    [Trait("Rfc", "5454-3.9-01")]
    public void A_source_that_is_not_the_care_of_address_is_a_NAT_and_becomes_the_end_of_a_UDP_tunnel()
    {
        var reply = Ask(new UdpTunnelRequestExtension(), Nat);
        Assert.Equal(RegistrationCode.Accepted, reply.Code);
        Assert.Equal((UdpTunnelReplyCode.WillDoTunnelling, false, (ushort)110), Said(reply));
        Assert.IsType<MobileHomeAuthenticationExtension>(reply.Extensions[^1]);
        var binding = Binding();
        Assert.Equal((UdpTunneling.NatDetected, Nat, Requests.CareOf), (binding.UdpTunneling, binding.TunnelEnd, binding.CareOfAddress));
        Assert.Equal(new TunnelEnds(Encapsulation.UdpMobileIPv4, network.HomeAgent.LocalEndpoint, Nat), network.Tunnels[0].Ends);
        Assert.Equal(["10.1.1.7/32 203.0.113.40", "2001:db8:7:1::/64 10.1.1.7"], network.Routes.Order());
    }

    [Fact]
    [Trait("Rfc", "3519-4.6-03")]
    [Trait("Rfc", "3519-4.6-06")]
    public void Without_a_NAT_the_home_agent_declines_and_packets_run_without_UDP()
    {
        var reply = Ask(new UdpTunnelRequestExtension(), Requests.Node);
        Assert.Equal((UdpTunnelReplyCode.TunnellingDeclined, false, (ushort)0), Said(reply));
        Assert.Equal(UdpTunneling.Declined, Binding().UdpTunneling);
        Assert.Equal(Encapsulation.IpInIp, network.Tunnels[0].Encapsulation);
    }

    [Fact]
    [Trait("Rfc", "3519-3.1.1-01")]
    public void With_F_there_is_a_UDP_tunnel_without_a_NAT()
    {
        var reply = Ask(new UdpTunnelRequestExtension { Force = true }, Requests.Node);
        Assert.Equal((UdpTunnelReplyCode.WillDoTunnelling, true, (ushort)110), Said(reply));
        Assert.Equal(new TunnelEnds(Encapsulation.UdpMobileIPv4, network.HomeAgent.LocalEndpoint, Requests.Node), network.Tunnels[0].Ends);
    }

    [Fact]
    public void Without_the_extension_nothing_is_said_of_UDP()
    {
        Assert.Empty(Ask(null, Nat).Extensions.OfType<UdpTunnelReplyExtension>());
        Assert.Equal(UdpTunneling.None, Binding().UdpTunneling);
    }

    [Fact]
    [Trait("Rfc", "3519-4.10-01")]
    public void A_renewal_through_another_port_of_the_NAT_moves_the_tunnel()
    {
        Ask(new UdpTunnelRequestExtension(), Nat);
        network.Run(1);
        var moved = Nat with { Port = 61235 };
        Assert.Equal((ushort)110, Said(Ask(new UdpTunnelRequestExtension(), moved)).KeepaliveInterval);
        Assert.Equal(moved, Binding().TunnelEnd);
        Assert.Equal(moved.Port, network.Tunnels.Single(tunnel => tunnel.Over is null).RemotePort);
    }

    [Theory]
    [InlineData("no D", 134)]
    [InlineData("of agent with D", 134)]
    [InlineData("GRE in UDP", 142)]
    [InlineData("minimal in UDP", 142)]
    [InlineData("G", 142)]
    [InlineData("unknown", 142)]
    [InlineData("not allowed", 129)]
    [InlineData("force not allowed", 129)]
    [Trait("Rfc", "3519-3.1.1-01")]
    [Trait("Rfc", "3519-3.1.4-01")]
    [Trait("Rfc", "3519-3.1.5-01")]
    [Trait("Rfc", "3519-3.5-01")]
    [Trait("Rfc", "3519-4.1-01")]
    [Trait("Rfc", "3519-4.6.1-01")]
    [Trait("Rfc", "3519-4.6.1-02")]
    [Trait("Rfc", "3519-4.6.1-03")]
    [Trait("Rfc", "3519-4.6.1-04")]
    [Trait("Rfc", "3519-4.6.1-06")]
    public void What_cannot_be_is_refused_with_its_code(string what, int code)
    {
        var at = new Network(Network.DefaultOptions with { AllowNatTraversal = what != "not allowed", AllowForcedUdpTunneling = what != "force not allowed" });
        at.Associate(Requests.Home);
        var extension = new UdpTunnelRequestExtension
        {
            Force = what == "force not allowed",
            Encapsulation = what switch { "GRE in UDP" => IpProtocol.Gre, "minimal in UDP" => IpProtocol.MinimalEncapsulation, "unknown" => IpProtocol.Tcp, _ => default },
        };
        var request = (what == "of agent with D" ? Requests.Make(at) : Requests.Make(at, extension)) with { DecapsulationByMobileNode = what != "no D", GreEncapsulation = what == "G" };
        var octets = Requests.Sign(request);
        var answer = Assert.Single(at.Inject(
            at.HomeAgent, what == "of agent with D" ? Requests.Append(octets, extension) : octets, what == "force not allowed" ? Requests.Node : Nat));
        Assert.Equal(code, (int)answer.Reply.Code);
        Assert.Equal(0, at.HomeAgent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "3519-3.1.3-01")]
    [Trait("Rfc", "3519-4.6.1-05")]
    public void With_its_last_reserved_field_set_the_extension_is_skipped_and_with_the_others_it_is_not()
    {
        Assert.Empty(Ask(new UdpTunnelRequestExtension { Reserved3 = 1 }, Nat).Extensions.OfType<UdpTunnelReplyExtension>());
        network.Run(1);
        Assert.Single(Ask(new UdpTunnelRequestExtension { Reserved1 = 1, Reserved2 = 1 }, Nat).Extensions.OfType<UdpTunnelReplyExtension>());
    }

    [Fact]
    [Trait("Rfc", "3519-4.5-01")]
    public void A_foreign_agent_behind_a_NAT_asks_for_itself_and_hears_the_answer_behind_the_node()
    {
        var octets = Requests.Append(Requests.Sign(Requests.MakeRelayed(network)), new UdpTunnelRequestExtension());
        var reply = network.Send(octets, Nat).Reply;
        Assert.IsType<UdpTunnelReplyExtension>(reply.Extensions[^1]);
        Assert.Equal(Nat, Binding().TunnelEnd);
    }

    [Fact]
    public void What_an_agent_asks_for_counts_only_under_the_key_that_it_shares()
    {
        network.Associations.Add(SecurityAssociation.BetweenAgents(300, Nat.Address, Requests.AgentKey));
        var signed = Requests.Sign(Requests.MakeRelayed(network));
        var behind = Requests.Append(Requests.SignAsAgent(signed), new UdpTunnelRequestExtension());
        Assert.Empty(network.Send(behind, Nat).Reply.Extensions.OfType<UdpTunnelReplyExtension>());
        network.Run(1);
        var under = Requests.SignAsAgent(Requests.Append(Requests.Sign(Requests.MakeRelayed(network)), new UdpTunnelRequestExtension()));
        Assert.Single(network.Send(under, Nat).Reply.Extensions.OfType<UdpTunnelReplyExtension>());
    }

    [Fact]
    [Trait("Rfc", "3519-4.9-01")]
    [Trait("Rfc", "3519-4.9-02")]
    public void A_keepalive_is_answered()
    {
        Ask(new UdpTunnelRequestExtension(), Nat);
        network.Packets.Clear();
        network.HomeAgent.ReceiveFromTunnel(network.Tunnels[0], Echo(Requests.Home), network.Now(network.HomeAgent));
        network.Drain(network.HomeAgent);
        Assert.True(IpPacketView.TryParse(Assert.Single(network.Packets), out var answer, out _));
        Assert.Equal((network.HomeAgent.Options.Address, Requests.Home, IpProtocol.Icmp), (answer.Source, answer.Destination, answer.Protocol));
        Assert.Equal((byte)IcmpV4Type.EchoReply, answer.Payload[0]);
        Assert.True(InternetChecksum.Verify(0, answer.Payload));
        Assert.Equal("alive"u8, answer.Payload[8..]);
    }

    [Fact]
    [Trait("Rfc", "3519-3.1.2-01")]
    [Trait("Rfc", "3519-4.6-05")]
    public void With_R_nothing_is_sent_until_a_keepalive_tells_the_port_from_the_same_address()
    {
        Ask(new UdpTunnelRequestExtension { RegistrationThroughForeignAgentRequired = true }, Nat);
        Assert.Empty(network.Routes);
        Assert.True(network.HomeAgent.ExpectsTunnelData);
        byte[] Keepalive(Address home) => [4, 4, 0, 0, .. Echo(home)];
        var port = Nat with { Port = 50001 };
        network.Inject(network.HomeAgent, Keepalive(Requests.Home), port with { Address = "203.0.113.41" });
        network.Inject(network.HomeAgent, Keepalive("10.1.1.9"), port);
        network.Inject(network.HomeAgent, [4, 4, 0, 0, 1, 2, 3], port);
        Assert.Empty(network.Routes);
        Assert.Equal(3, network.Events.Count(happened => happened is { Kind: EventKind.SecurityException, Message: MessageKind.DataPacket }));
        network.Packets.Clear();
        network.Inject(network.HomeAgent, Keepalive(Requests.Home), port);
        Assert.Equal(port, Binding().TunnelEnd);
        Assert.Contains("10.1.1.7/32 203.0.113.40", network.Routes);
        Assert.Single(network.Packets);
        Assert.False(network.HomeAgent.ExpectsTunnelData);
        // A renewal through the agent leaves the port as it is.
        network.Run(1);
        Ask(new UdpTunnelRequestExtension { RegistrationThroughForeignAgentRequired = true }, Nat with { Port = 777 });
        Assert.Equal(port, Binding().TunnelEnd);
    }

    private static byte[] Echo(Address home) => PacketComposer.Compose(
        new IPv4Header { Source = home, Destination = "192.0.2.1" }, new IcmpV4EchoRequest { Identifier = 7, SequenceNumber = 9 }, new Data { Octets = Octets.Create("alive"u8) }).ToArray();

    private static (UdpTunnelReplyCode Code, bool Forced, ushort KeepaliveInterval) Said(RegistrationReply reply) =>
        Assert.Single(reply.Extensions.OfType<UdpTunnelReplyExtension>()) is var said ? (said.ReplyCode, said.Forced, said.KeepaliveInterval) : default;

    private MobileIPv4Binding Binding() => network.HomeAgent.Find(Requests.Home, network.Now(network.HomeAgent))!;

    private RegistrationReply Ask(UdpTunnelRequestExtension? extension, Endpoint source) => network.Send(
        Requests.Sign(Requests.Make(network, extension is null ? [Requests.Prefix("2001:db8:7:1::/64")] : [extension, Requests.Prefix("2001:db8:7:1::/64")])), source).Reply;
}
