using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>The Internet checksum against RFC 1071, against a naive implementation, and against captures of others.</summary>
public partial class ChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071()
    {
        var octets = Convert.FromHexString("0001f203f4f5f6f7");
        Assert.Equal(0xDDF2u, InternetChecksum.Sum(octets));
        Assert.Equal(0x220D, InternetChecksum.Finish(InternetChecksum.Sum(octets)));
        Assert.True(InternetChecksum.Verify(0, [.. octets, 0x22, 0x0D]));
        Assert.False(InternetChecksum.Verify(0, [.. octets, 0x22, 0x0E]));
    }

    [Theory]
    [InlineData("", 0xFFFF)]
    [InlineData("00", 0xFFFF)]
    [InlineData("01", 0xFEFF)]
    [InlineData("ffff", 0x0000)]
    [InlineData("ffffffffffffffffffffffffffffffff", 0x0000)]
    [InlineData("ffff0001", 0xFFFE)]
    public void Edge_cases(string hex, int checksum) => Assert.Equal(checksum, InternetChecksum.Finish(InternetChecksum.Sum(Convert.FromHexString(hex))));

    [Fact]
    public void Any_octets_sum_up_as_the_naive_loop_says()
    {
        var random = new Random(1071);
        for (var round = 0; round < 2000; round++)
        {
            // Long ones are summed in vectors.
            var octets = new byte[round == 0 ? 65_535 : round % 700];
            random.NextBytes(octets);
            Array.Fill(octets, (byte)255, 0, round % 3 == 0 ? octets.Length / 2 : 0);
            Assert.Equal(Naive(octets), InternetChecksum.Finish(InternetChecksum.Sum(octets)));
        }
    }

    [Fact]
    [Trait("Rfc", "5846-5-03")]
    public void The_checksum_of_a_mobility_header_covers_its_pseudo_header()
    {
        var random = new Random(6275);
        for (var round = 0; round < 500; round++)
        {
            var addresses = new byte[32];
            random.NextBytes(addresses);
            Address source = Address.FromOctets(addresses.AsSpan(0, 16)), destination = Address.FromOctets(addresses.AsSpan(16));
            var message = Samples.MobilityMessages[round % Samples.MobilityMessages.Length].ToOctets().ToArray();
            random.NextBytes(message.AsSpan(6, 2));
            message[4] = message[5] = 0xA5;
            MobilityHeaderView.WriteChecksum(message, source, destination);
            var written = (message[4] << 8) | message[5];

            // RFC 6275, 6.1.1: the pseudo-header of RFC 8200, 8.1 with next header 135, and the checksum field as zero.
            byte[] covered = [.. addresses, 0, 0, (byte)(message.Length >> 8), (byte)message.Length, 0, 0, 0, 135, .. message];
            covered[40 + 4] = covered[40 + 5] = 0;
            Assert.Equal(Naive(covered), written);
            Assert.True(MobilityHeaderView.TryParse(message, out var view, out _));
            Assert.True(view.VerifyChecksum(source, destination));
            Assert.True(view.VerifyChecksum(destination, source));
            Assert.False(view.VerifyChecksum(source, Address.FromIPv6(destination.Value ^ 1)));
        }
    }

    [Fact]
    public void A_mobility_header_checksum_computed_by_hand()
    {
        // ::1 to ::2, a BRI without options: its words, then source, destination, length and next header.
        var message = Convert.FromHexString("3b01100000000180" + "1234a00001020000");
        MobilityHeaderView.WriteChecksum(message, "::1", "::2");
        const int Sum = 0x3B01 + 0x1000 + 0x0180 + 0x1234 + 0xA000 + 0x0102 + 1 + 2 + 16 + 135;
        Assert.Equal(0x1_0000 - 1 - ((Sum & 0xFFFF) + (Sum >> 16)), (message[4] << 8) | message[5]);
    }

    [Fact]
    public void A_UDP_checksum_that_computes_to_zero_is_sent_as_all_ones()
    {
        // The two octets of the message are chosen so that everything sums up to ffff.
        var envelope = Samples.MobileIPv4;
        var packet = new byte[30];
        PacketFrame.Write(envelope, [0, 0], packet);
        byte[] message = [packet[26], packet[27]];
        PacketFrame.Write(envelope, message, packet);
        Assert.Equal([0xFF, 0xFF], packet[26..28]);
        Assert.True(PacketFrame.TryRead(packet, Transport.MobileIPv4Udp, out _, out _, out var error), error.ToString());
    }

    [Fact]
    public void A_packet_that_is_too_long_for_IP_is_refused()
    {
        Assert.Equal(65535, PacketFrame.Write(Samples.MobileIPv4, new byte[65535 - 28], new byte[70000]));
        Assert.Throws<ArgumentException>(() => PacketFrame.Write(Samples.MobileIPv4, new byte[65535 - 27], new byte[70000]));
    }

    private static int Naive(byte[] octets)
    {
        var sum = 0;
        for (var at = 0; at < octets.Length; at += 2)
        {
            sum += (octets[at] << 8) | (at + 1 < octets.Length ? octets[at + 1] : 0);
            sum = sum > 0xFFFF ? sum - 0xFFFF : sum;
        }

        return 0xFFFF - sum;
    }
}
