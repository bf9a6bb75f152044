using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>ICMP and ICMPv6.</content>
public partial class ChecksumTests
{
    [Fact]
    public void The_checksum_of_ICMPv6_covers_its_pseudo_header()
    {
        var random = new Random(4443);
        foreach (var message in Samples.IcmpV6Messages)
        {
            var addresses = new byte[32];
            random.NextBytes(addresses);
            Address source = Address.FromOctets(addresses.AsSpan(0, 16)), destination = Address.FromOctets(addresses.AsSpan(16));
            var octets = message.ToOctets(source, destination).ToArray();
            var written = (octets[2] << 8) | octets[3];

            // RFC 4443, 2.3: the pseudo-header of RFC 8200, 8.1 with next header 58, and the checksum field as zero.
            byte[] covered = [.. addresses, 0, 0, (byte)(octets.Length >> 8), (byte)octets.Length, 0, 0, 0, 58, .. octets];
            covered[40 + 2] = covered[40 + 3] = 0;
            Assert.Equal(Naive(covered), written);
            Assert.True(IcmpV6Message.VerifyChecksum(octets, source, destination));
            Assert.False(IcmpV6Message.VerifyChecksum(octets, source, Address.FromIPv6(destination.Value ^ 1)));
            Assert.Equal(0, message.ToOctets()[2] | message.ToOctets()[3]);

            // Writing over a checksum that stands there already, and an override.
            octets[2] ^= 0x5A;
            Assert.False(IcmpV6Message.VerifyChecksum(octets, source, destination));
            IcmpV6Message.WriteChecksum(octets, source, destination);
            Assert.Equal(written, (octets[2] << 8) | octets[3]);
            Assert.Equal([0xBE, 0xEF], (message with { Checksum = 0xBEEF }).ToOctets(source, destination).ToArray()[2..4]);
        }
    }

    [Fact]
    public void The_checksum_of_ICMP_covers_the_message()
    {
        foreach (var message in Samples.IcmpV4Messages)
        {
            var octets = message.ToOctetsWithChecksum().ToArray();
            var covered = message.ToOctets().ToArray();
            Assert.Equal(0, covered[2] | covered[3]);
            Assert.Equal(Naive(covered), (octets[2] << 8) | octets[3]);
            Assert.True(IcmpV4Message.VerifyChecksum(octets));
            octets[2] ^= 1;
            Assert.False(IcmpV4Message.VerifyChecksum(octets));
            Assert.Equal([0xBE, 0xEF], (message with { Checksum = 0xBEEF }).ToOctetsWithChecksum().ToArray()[2..4]);
        }
    }

    [Fact]
    public void An_echo_request_as_ping_sends_it()
    {
        // RFC 792: 0800, identifier 1, sequence number 1, no data: the complement of 0800 + 1 + 1.
        var request = new IcmpV4EchoRequest { Identifier = 1, SequenceNumber = 1 };
        Assert.Equal("0800f7fd00010001", request.ToOctetsWithChecksum().ToString());
    }
}
