using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Packets;

public sealed class EnvelopeParametersTests
{
    private static readonly EnvelopeParameters overIPv4 = new() { Source = new("127.0.0.1", 0), Destination = new("127.0.0.2", 0) };
    private static readonly EnvelopeParameters overIPv6 = new() { Source = new("2001:db8::1", 9), Destination = new("2001:db8::2", 9) };

    [Fact]
    public void The_transport_follows_from_the_message_and_the_addresses()
    {
        Assert.Equal(Transport.MobileIPv4Udp, overIPv4.For(PacketForm.MobileIPv4).Transport);
        Assert.Equal(Transport.ProxyMobileIPv6Udp, overIPv4.For(PacketForm.MobilityHeader).Transport);
        Assert.Equal(Transport.IPv6, overIPv6.For(PacketForm.MobilityHeader).Transport);
        var inner = overIPv4 with { InnerSource = "2001:db8::10", InnerDestination = "2001:db8::11" };
        Assert.Equal(Transport.DualStackMobileIPv6Udp, inner.For(PacketForm.MobilityHeader).Transport);
    }

    [Fact]
    public void Ports_are_those_of_the_transport_unless_they_are_named()
    {
        Assert.Equal("MobileIPv4Udp 127.0.0.1:434 > 127.0.0.2:434", $"{overIPv4.For(PacketForm.MobileIPv4)}");
        Assert.Equal("ProxyMobileIPv6Udp 127.0.0.1:5436 > 127.0.0.2:5436", $"{overIPv4.For(PacketForm.MobilityHeader)}");
        Assert.Equal("ProxyMobileIPv6Udp 127.0.0.1:0 > 127.0.0.2:5436", $"{overIPv4.For(PacketForm.MobilityHeader, keepSourcePort: true)}");
        var named = overIPv4 with { Source = new("127.0.0.1", 7), Destination = new("127.0.0.2", 8) };
        Assert.Equal("ProxyMobileIPv6Udp 127.0.0.1:7 > 127.0.0.2:8", $"{named.For(PacketForm.MobilityHeader)}");
        Assert.Equal("IPv6 [2001:db8::1]:0 > [2001:db8::2]:0", $"{overIPv6.For(PacketForm.MobilityHeader)}");
    }

    [Fact]
    public void Home_address_and_routing_header_stand_inside()
    {
        var envelope = (overIPv6 with { HomeAddress = "2001:db8::10", RoutingHeader = "2001:db8::11" }).For(PacketForm.MobilityHeader);
        Assert.Equal<Address?>("2001:db8::10", envelope.InnerSource);
        Assert.Equal<Address?>("2001:db8::11", envelope.InnerDestination);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        EnvelopeParameters[] wrong =
        [
            new(),
            overIPv4 with { Destination = null },
            overIPv4 with { Destination = overIPv6.Destination },
            overIPv4 with { Transport = Transport.IPv6 },
            overIPv6 with { Transport = Transport.ProxyMobileIPv6Udp },
            overIPv4 with { HomeAddress = "2001:db8::10" },
            overIPv4 with { RoutingHeader = "2001:db8::10" },
            overIPv4 with { InnerSource = "2001:db8::10" },
            overIPv4 with { Transport = Transport.DualStackMobileIPv6Udp },
            overIPv4 with { Transport = Transport.ProxyMobileIPv6Udp, InnerSource = "2001:db8::10", InnerDestination = "2001:db8::11" },
            overIPv6 with { HomeAddress = "10.0.0.1" },
            overIPv6 with { RoutingHeader = "::" },
            overIPv6 with { InnerSource = "2001:db8::10", InnerDestination = "2001:db8::11" },
        ];
        Assert.All(wrong, parameters => Assert.Throws<ArgumentException>(() => parameters.For(PacketForm.MobilityHeader)));
        var overInner = overIPv4 with { Transport = Transport.DualStackMobileIPv6Udp, InnerSource = "2001:db8::10", InnerDestination = "2001:db8::11" };
        Assert.Throws<ArgumentException>(() => overInner.For(PacketForm.MobileIPv4));
        Assert.Throws<ArgumentException>(() => overIPv6.For(PacketForm.MobileIPv4));
    }

    [Fact]
    public void Nothing_said_is_empty()
    {
        Assert.True(new EnvelopeParameters().IsEmpty);
        Assert.False((new EnvelopeParameters() with { Transport = Transport.IPv6 }).IsEmpty);
    }
}
