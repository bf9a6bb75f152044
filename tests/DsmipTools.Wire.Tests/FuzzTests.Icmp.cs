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
    public void Mutated_ICMPv6_messages()
    {
        var random = new Random(4443);
        byte[][] samples = [.. Samples.IcmpV6Messages.Select(message => message.ToOctets().ToArray())];
        int known = 0, unknown = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Mutate(random, samples);
            var message = IcmpV6Message.From(octets, out var error);
            IsWritable(message, octets, error);
            Assert.False(error.IsError && message is not (null or UnknownIcmpV6Message));
            Assert.Equal(message is RouterAdvertisement, RouterAdvertisementView.TryParse(octets, out _, out _));
            Assert.Equal(message is NeighborSolicitation, NeighborSolicitationView.TryParse(octets, out _, out _));
            Assert.Equal(message is MulticastListenerReportV2, MulticastListenerReportV2View.TryParse(octets, out _, out _));
            known += message is UnknownIcmpV6Message ? 0 : 1;
            unknown += message is UnknownIcmpV6Message ? 1 : 0;
        }

        Assert.InRange(known, Rounds / 20, Rounds);
        Assert.InRange(unknown, Rounds / 20, Rounds);
    }

    [Fact]
    public void Mutated_ICMP_messages()
    {
        var random = new Random(792);
        byte[][] samples = [.. Samples.IcmpV4Messages.Select(message => message.ToOctets().ToArray())];
        var wrong = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Mutate(random, samples);
            var message = IcmpV4Message.From(octets, out var error);
            IsWritable(message, octets, error);
            Assert.False(error.IsError && message is not (null or UnknownIcmpV4Message));
            wrong += error.IsError ? 1 : 0;
        }

        Assert.InRange(wrong, Rounds / 20, Rounds * 19 / 20);
    }

    private static void IsWritable(IcmpMessage? message, byte[] octets, WireError error)
    {
        Assert.InRange(error.Offset, 0, octets.Length);
        Assert.Equal(octets.Length < 4, message is null);
        Assert.True(message is null || message.ToOctets().Span.SequenceEqual(octets));
    }
}
