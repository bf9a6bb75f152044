using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Packets;

public sealed class BareMessageTests
{
    private static readonly BindingRevocationIndication indication = new() { SequenceNumber = 4711, ProxyBinding = true };
    private static readonly Envelope native = new(Transport.IPv6, new("2001:db8::1", 0), new("2001:db8::2", 0)) { InnerDestination = "2001:db8::10" };
    private static readonly Envelope overUdp = new(Transport.ProxyMobileIPv6Udp, new("127.0.0.1", 7001), new("127.0.0.2", 7002));

    [Fact]
    public void A_checksum_that_is_left_out_is_computed_and_nothing_else_changes()
    {
        foreach (var message in new[] { BareMessage.From(indication), BareMessage.From(indication.ToOctets()) })
        {
            var packet = message.Enclose(native);
            Assert.Null(packet.Error);
            var sent = Assert.IsType<BindingRevocationIndication>(packet.Message);
            Assert.NotEqual<ushort?>(0, sent.Checksum);
            Assert.Equal(indication.ToOctets().ToArray()[6..], sent.ToOctets().ToArray()[6..]);
            Assert.Equal<ushort?>(0, Assert.IsType<BindingRevocationIndication>(message.Enclose(overUdp).Message).Checksum);
        }
    }

    [Fact]
    public void A_checksum_that_is_given_stands_however_wrong()
    {
        var wrong = indication with { Checksum = 0xBEEF };
        foreach (var message in new[] { BareMessage.From(wrong), BareMessage.From(wrong.ToOctets()) })
        {
            var packet = message.Enclose(native);
            Assert.Contains("Checksum", $"{packet.Error}", StringComparison.Ordinal);
            Assert.Equal<ushort?>(0xBEEF, Assert.IsType<BindingRevocationIndication>(packet.Message).Checksum);
            Assert.Equal<ushort?>(0xBEEF, Assert.IsType<BindingRevocationIndication>(message.Enclose(overUdp).Message).Checksum);
        }

        Assert.Equal<ushort?>(0, ((BindingRevocationIndication)BareMessage.From(indication with { Checksum = 0 }).Enclose(native).Message!).Checksum);
    }

    [Fact]
    public void A_message_out_of_a_packet_gets_the_checksum_of_its_new_addresses()
    {
        var first = BareMessage.From(indication).Enclose(native);
        var second = BareMessage.From(first).Enclose(native with { Destination = new("2001:db8::3", 0), InnerDestination = null });
        Assert.Null(second.Error);
        Assert.NotEqual(((MobilityMessage)first.Message!).Checksum, ((MobilityMessage)second.Message!).Checksum);
    }

    [Fact]
    public void A_port_that_the_envelope_names_means_its_protocol()
    {
        Assert.IsType<BindingRevocationIndication>(BareMessage.From(indication).Enclose(overUdp).Message);
        var onTheOther = overUdp with { Destination = new("127.0.0.2", MobileIPv4Message.Port) };
        Assert.IsType<BindingRevocationIndication>(BareMessage.From(indication).Enclose(onTheOther).Message);
    }

    [Fact]
    public void What_is_no_message_is_refused()
    {
        Assert.Throws<ArgumentException>(() => BareMessage.From(new UdpHeader()));
        Assert.Throws<ArgumentException>(() => BareMessage.From(Octets.FromHex("45000014")));
        Assert.Throws<ArgumentException>(() => BareMessage.From(Octets.FromHex("3b00")));
        Assert.Throws<ArgumentException>(() => BareMessage.From(DsmipPacket.From(Octets.FromHex("4500"), new PacketDecoder())));
    }
}
