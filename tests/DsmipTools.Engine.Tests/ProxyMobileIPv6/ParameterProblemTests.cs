using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Over IPv6 a peer is told where the header of its message is wrong (RFC 6275, 9.2).</summary>
public sealed class ParameterProblemTests
{
    private static readonly Envelope From = FromGateway(transport: Transport.IPv6);

    private readonly LocalMobilityAnchor anchor = Anchor(AnchorOptions(Transport.IPv6) with { Protection = PeersByAddress.Of([GatewayAddress(Transport.IPv6, 1)]) });
    private readonly Probe probe;

    public ParameterProblemTests() => probe = new Probe(anchor);

    [Theory]
    [InlineData(58, 1, 5, 0)]
    [InlineData(6, 1, 16, 0)]
    [InlineData(59, 0, 5, 1)]
    [InlineData(59, 0, 16, 1)]
    [InlineData(59, 0, 13, 1)]
    [Trait("Rfc", "5846-6.2-01")]
    [Trait("Rfc", "5213-5.3.1-02")]
    public void The_field_is_pointed_at(byte payloadProto, byte headerLength, byte type, int field)
    {
        var message = Message(payloadProto, headerLength, type);
        Deliver(message, From);
        var packet = Assert.Single(probe.Packets);
        var header = Assert.IsType<IPv6Header>(packet.Layers[0].Structure);
        var problem = Assert.IsType<IcmpV6ParameterProblem>(packet.Layers[1].Structure);

        Assert.Null(packet.Error);
        Assert.Equal((From.Destination.Address, From.Source.Address), (header.Source, header.Destination));
        Assert.Equal((0, (uint)(40 + field)), (problem.Code, problem.Pointer));
        Assert.Equal(message, problem.Data.Span[40..].ToArray());
        Assert.Empty(probe.Sent);
        Assert.Equal(1, anchor.Counters[MessageKind.ParameterProblem, Direction.Sent, 0]);
    }

    [Fact]
    [Trait("Rfc", "5846-6.2-01")]
    public void Nobody_else_is_told_and_nobody_often_and_a_wrong_checksum_is_met_with_silence()
    {
        var message = Message(58, 1, 5);
        Deliver(message, FromGateway(2, Transport.IPv6));
        message[4] ^= 1;
        Deliver(Message(59, 1, 5, damaged: true), From);
        Assert.Empty(probe.Packets);
        for (var number = 0; number < 50; number++)
        {
            Deliver(Message(58, 1, 5), From);
            probe.Now += TimeSpan.FromMilliseconds(10);
        }

        Assert.Equal(5, probe.Packets.Count);
    }

    [Fact]
    public void Over_IPv4_there_is_no_ICMPv6()
    {
        var udp = Anchor();
        var silent = new Probe(udp);
        silent.Deliver(Message(58, 1, 5), FromGateway());

        Assert.Empty(silent.Packets);
        Assert.Equal(1, udp.Counters.Dropped(DropReason.BadPayloadProto));
    }

    private static byte[] Message(byte payloadProto, byte headerLength, byte type, bool damaged = false)
    {
        var message = new byte[(headerLength + 1) * 8];
        (message[0], message[1], message[2]) = (payloadProto, headerLength, type);
        message[6] = type == 16 ? (byte)1 : (byte)0;
        From.Seal(message);
        message[4] ^= damaged ? (byte)1 : (byte)0;
        return message;
    }

    private void Deliver(byte[] message, in Envelope envelope) => probe.Deliver(message, envelope);
}
