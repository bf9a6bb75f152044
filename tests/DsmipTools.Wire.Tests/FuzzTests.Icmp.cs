using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>ICMP and ICMPv6.</content>
public partial class FuzzTests
{
    [Fact]
    public void Mutated_ICMPv6_messages() =>
        AssertAll(4443, Share(0.1), [.. Samples.IcmpV6Messages.Select(message => message.ToOctets().ToArray())], octets =>
        {
            var message = IcmpV6Message.From(octets, out var error);
            AssertWritable(message, octets, error);
            Assert.False(error.IsError && message is not (null or UnknownIcmpV6Message));
            Assert.Equal(message is RouterAdvertisement, RouterAdvertisementView.TryParse(octets, out _, out _));
            Assert.Equal(message is NeighborSolicitation, NeighborSolicitationView.TryParse(octets, out _, out _));
            Assert.Equal(message is MulticastListenerReportV2, MulticastListenerReportV2View.TryParse(octets, out _, out _));
            return message is not (null or UnknownIcmpV6Message);
        });

    [Fact]
    public void Mutated_ICMP_messages() =>
        AssertAll(792, Share(0.1), [.. Samples.IcmpV4Messages.Select(message => message.ToOctets().ToArray())], octets =>
        {
            var message = IcmpV4Message.From(octets, out var error);
            AssertWritable(message, octets, error);
            Assert.False(error.IsError && message is not (null or UnknownIcmpV4Message));
            return !error.IsError;
        });

    private static void AssertWritable(IcmpMessage? message, byte[] octets, WireError error)
    {
        Assert.InRange(error.Offset, 0, octets.Length);
        Assert.Equal(octets.Length < 4, message is null);
        Assert.True(message is null || message.ToOctets().Span.SequenceEqual(octets));
    }
}
