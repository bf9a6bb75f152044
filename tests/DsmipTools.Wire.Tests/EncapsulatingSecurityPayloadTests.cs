using System.Security.Cryptography;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>ESP against packets of scapy, against tshark, and against whoever has no key.</summary>
public sealed class EncapsulatingSecurityPayloadTests
{
    private const uint Spi = 0x1001;
    private const int HeaderLength = 8;
    private const int VectorLength = 16;

    private static readonly byte[] integrityKey = [.. Enumerable.Range(0, 32).Select(octet => (byte)octet)];

    public static TheoryData<int> EncryptionKeys => [0, 16, 32];

    /// <summary>Packets made by scapy 2.5: SHA2-256-128 with NULL, AES-CBC-128 and AES-CBC-256, sequence number 7.</summary>
    [Theory]
    [InlineData(
        0,
        "45000048000100004032144dc6336401cb0071010000100100000007153c153c0018240e3b011000000000000000000000000000010202118af82201f650a705983dca1247f8bf66",
        "153c153c0018240e3b011000000000000000000000000000")]
    [InlineData(
        16,
        "600000000048324020010db800000000000000000000000120010db800000000000000000000000200001001000000073aad3431d4695d4b732321b4ff2ff8d665f9a92c770f87fc50cee5db9e822d5e3f9696bc9fd43a4fa542159a29660a934f4f92c74e63103251cb59a14a85b671",
        "3b011000000000000000000000000000")]
    public void A_packet_of_scapy_is_read(int encryptionKeyLength, string hex, string expected)
    {
        using var esp = Esp(encryptionKeyLength);
        Assert.True(PacketFrame.TryRead(Convert.FromHexString(hex), default, out var envelope, out var octets, out var error), error.ToString());
        Assert.True(envelope.IsProtected);
        Assert.True(EncapsulatingSecurityPayload.TryReadHeader(octets, out var spi, out var number));
        Assert.Equal((Spi, 7u), (spi, number));
        Assert.True(esp.IsAuthentic(octets));
        Assert.True(esp.TryRead(octets, out var payload, out var nextHeader, out error), error.ToString());
        Assert.Equal(expected, Convert.ToHexStringLower(payload));
        Assert.Equal(encryptionKeyLength == 0 ? IpProtocol.Udp : IpProtocol.MobilityHeader, nextHeader);
        Assert.True(PacketFrame.TryReadPayload(payload, nextHeader, ref envelope, out var message, out error), error.ToString());
        Assert.Equal("3b011000000000000000000000000000", Convert.ToHexStringLower(message));
        Assert.Equal(encryptionKeyLength == 0 ? 5436 : 0, envelope.Source.Port);
        Assert.True(envelope.IsProtected);
    }

    [Theory]
    [MemberData(nameof(EncryptionKeys))]
    public void What_is_written_is_read_whatever_its_length(int encryptionKeyLength)
    {
        using var sender = Esp(encryptionKeyLength);
        using var receiver = Esp(encryptionKeyLength);
        var payload = RandomNumberGenerator.GetBytes(300);
        var vectors = new HashSet<string>();
        for (var length = 0; length <= payload.Length; length++)
        {
            var octets = Enumerable.Repeat((byte)0xEE, 500).ToArray();
            var written = sender.Write(Spi, (uint)length + 1, IpProtocol.MobilityHeader, payload.AsSpan(0, length), RandomNumberGenerator.GetBytes(16), octets);
            Assert.Equal(sender.GetLength(length), written);
            Assert.Equal(0, (written - HeaderLength) % 4);
            Assert.True(receiver.IsAuthentic(octets.AsSpan(0, written)));
            Assert.True(receiver.TryRead(octets.AsSpan(0, written), out var read, out var nextHeader, out var error), error.ToString());
            Assert.Equal(payload[..length], read.ToArray());
            Assert.Equal(IpProtocol.MobilityHeader, nextHeader);
            Assert.All(octets[written..], octet => Assert.Equal(0xEE, octet));
            vectors.Add(Convert.ToHexString(octets, HeaderLength, VectorLength));
        }

        Assert.True(encryptionKeyLength == 0 || vectors.Count == 301, "each packet has a vector of its own");
    }

    [Theory]
    [MemberData(nameof(EncryptionKeys))]
    public void A_bit_or_the_end_that_is_not_the_senders_is_found(int encryptionKeyLength)
    {
        using var esp = Esp(encryptionKeyLength);
        var packet = Written(esp, "0123456789abcdef0123456789"u8);
        Assert.True(esp.IsAuthentic(packet));
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(esp.IsAuthentic(packet), $"bit {bit}");
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < packet.Length; length++)
        {
            Assert.False(esp.IsAuthentic(packet.AsSpan(0, length)), $"{length} octets");
            // Whoever does not ask first must still not fall over.
            _ = esp.TryRead(packet.AsSpan(0, length), out _, out _, out _);
        }

        Assert.False(esp.IsAuthentic([.. packet, 0]));
        using var other = new EncapsulatingSecurityPayload([.. integrityKey[1..], 0xFF], new byte[encryptionKeyLength]);
        Assert.False(other.IsAuthentic(packet));
    }

    [Fact]
    public void Padding_that_is_not_one_two_three_is_refused()
    {
        using var esp = Esp(0);
        var packet = Written(esp, "1"u8);
        packet[HeaderLength + 1] = 9;
        HMACSHA256.HashData(integrityKey, packet.AsSpan(0, packet.Length - 16)).AsSpan(0, 16).CopyTo(packet.AsSpan(packet.Length - 16));
        Assert.True(esp.IsAuthentic(packet));
        Assert.False(esp.TryRead(packet, out _, out _, out var error));
        Assert.Equal("PadLength", error.Field);
    }

    [Theory]
    [InlineData(31, 0)]
    [InlineData(33, 0)]
    [InlineData(32, 8)]
    [InlineData(32, 24)]
    public void Keys_of_other_lengths_are_refused(int integrity, int encryption) =>
        Assert.Throws<ArgumentException>(() => new EncapsulatingSecurityPayload(new byte[integrity], new byte[encryption]));

    [Theory]
    [MemberData(nameof(EncryptionKeys))]
    public void Writing_and_reading_allocate_nothing(int encryptionKeyLength)
    {
        using var sender = Esp(encryptionKeyLength);
        using var receiver = Esp(encryptionKeyLength);
        byte[] payload = new byte[96], packet = new byte[200], random = new byte[16];
        Assert.Equal(3000, Round(3000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Round(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, read);

        int Round(int count)
        {
            var good = 0;
            for (; count > 0; count--)
            {
                var length = sender.Write(Spi, 1, IpProtocol.MobilityHeader, payload, random, packet);
                good += receiver.IsAuthentic(packet.AsSpan(0, length)) && receiver.TryRead(packet.AsSpan(0, length), out _, out _, out _) ? 1 : 0;
            }

            return good;
        }
    }

    [Theory]
    [InlineData(Transport.IPv6, 0)]
    [InlineData(Transport.IPv6, 16)]
    [InlineData(Transport.IPv6, 32)]
    [InlineData(Transport.ProxyMobileIPv6Udp, 0)]
    [InlineData(Transport.ProxyMobileIPv6Udp, 16)]
    [InlineData(Transport.ProxyMobileIPv6Udp, 32)]
    [Trait("Rfc", "5846-6.1-01")]
    public void Tshark_verifies_and_decrypts_an_indication(Transport transport, int encryptionKeyLength)
    {
        var (packet, envelope) = Indication(transport, encryptionKeyLength);
        using var file = new TemporaryFile(Capture(packet));
        var family = transport == Transport.IPv6 ? "IPv6" : "IPv4";
        var (cipher, key) = encryptionKeyLength == 0 ? ("NULL", "") : ("AES-CBC [RFC3602]", "0x" + Convert.ToHexStringLower(new byte[encryptionKeyLength]));
        var output = ExternalTool.Run(
            "tshark", "-r", file.Path,
            "-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
            "-o",
            $"uat:esp_sa:\"{family}\",\"{envelope.Source.Address}\",\"{envelope.Destination.Address}\",\"0x{Spi:x8}\",\"{cipher}\",\"{key}\",\"HMAC-SHA-256-128 [RFC4868]\",\"0x{Convert.ToHexStringLower(integrityKey)}\"",
            "-T", "fields", "-e", "esp.spi", "-e", "esp.sequence", "-e", "esp.icv_good", "-e", "mip6.mhtype", "-e", "mip6.bri_br.type", "-e", "udp.dstport", "-e", "mip6.mnid.identifier");
        Assert.Equal($"0x{Spi:x8}\t9\t1\t16\t1\t{(transport == Transport.IPv6 ? "" : "5436")}\tmn7@example.com", output.TrimEnd('\n'));
    }

    [Theory]
    [InlineData(Transport.IPv6, 0)]
    [InlineData(Transport.IPv6, 32)]
    [InlineData(Transport.ProxyMobileIPv6Udp, 16)]
    public void Scapy_verifies_and_decrypts_an_indication(Transport transport, int encryptionKeyLength)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/scapy/layers/ipsec.py"), "scapy is not installed.");
        var (packet, envelope) = Indication(transport, encryptionKeyLength);
        var version = transport == Transport.IPv6 ? "IPv6" : "IP";
        var output = ExternalTool.Run(
            "/usr/bin/python3", "-c",
            $"""
            import sys
            from scapy.layers.ipsec import *
            from scapy.layers.inet import IP
            from scapy.layers.inet6 import IPv6
            sa = SecurityAssociation(ESP, spi={Spi}, crypt_algo={(encryptionKeyLength == 0 ? "'NULL'" : "'AES-CBC'")}, crypt_key=bytes({encryptionKeyLength}), auth_algo='SHA2-256-128', auth_key=bytes(range(32)))
            print(bytes(sa.decrypt({version}(bytes.fromhex('{Convert.ToHexString(packet)}'))).payload).hex())
            """);
        var expected = new byte[200];
        var length = PacketFrame.WritePayload(envelope, Message(envelope), expected);
        Assert.Equal(Convert.ToHexStringLower(expected, 0, length), output.Trim());
    }

    [Fact]
    public void A_packet_of_esp_is_framed_and_read_in_both_families()
    {
        foreach (var transport in new[] { Transport.IPv6, Transport.ProxyMobileIPv6Udp })
        {
            var (packet, envelope) = Indication(transport, 0);
            Assert.True(PacketFrame.TryRead(packet, default, out var read, out var octets, out var error), error.ToString());
            Assert.Equal((envelope.Source.Address, envelope.Destination.Address, true, transport), (read.Source.Address, read.Destination.Address, read.IsProtected, read.Transport));
            Assert.Equal(packet.Length - octets.Length, PacketFrame.Overhead(envelope));
            Assert.NotEqual(envelope, envelope with { IsProtected = false });
            Assert.True(envelope.Reversed.IsProtected);
            Assert.Contains(" ESP ", envelope.ToString(), StringComparison.Ordinal);
            for (var length = 0; length < packet.Length; length++)
            {
                Assert.False(PacketFrame.TryRead(packet.AsSpan(0, length), default, out _, out _, out _));
            }
        }
    }

    [Fact]
    public void Esp_carries_no_Mobile_IPv4_and_no_port_4191() => Assert.All(
        new[] { Samples.MobileIPv4, new Envelope(Transport.DualStackMobileIPv6Udp, Samples.OverUdp.Source, Samples.OverUdp.Destination) },
        envelope => Assert.Throws<ArgumentException>(() => PacketFrame.Write(envelope with { IsProtected = true }, new byte[40], new byte[200])));

    [Theory]
    [InlineData(Transport.IPv6, IpProtocol.Udp)]
    [InlineData(Transport.IPv6, IpProtocol.Tcp)]
    [InlineData(Transport.ProxyMobileIPv6Udp, IpProtocol.MobilityHeader)]
    public void What_the_selectors_do_not_name_is_not_taken_out_of_esp(Transport transport, IpProtocol nextHeader)
    {
        var (_, envelope) = Indication(transport, 0);
        Assert.False(PacketFrame.TryReadPayload(new byte[40], nextHeader, ref envelope, out _, out var error));
        Assert.Equal("NextHeader", error.Field);
    }

    private static EncapsulatingSecurityPayload Esp(int encryptionKeyLength) => new(integrityKey, new byte[encryptionKeyLength]);

    private static byte[] Written(EncapsulatingSecurityPayload esp, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[esp.GetLength(payload.Length)];
        esp.Write(Spi, 9, IpProtocol.MobilityHeader, payload, RandomNumberGenerator.GetBytes(16), packet);
        return packet;
    }

    private static byte[] Message(in Envelope envelope)
    {
        var message = new BindingRevocationIndication
        {
            Trigger = RevocationTrigger.AdministrativeReason, SequenceNumber = 3, ProxyBinding = true, Options = [MobileNodeIdentifierOption.Create("mn7@example.com")],
        }.ToOctets().ToArray();
        envelope.Seal(message);
        return message;
    }

    private static (byte[] Packet, Envelope Envelope) Indication(Transport transport, int encryptionKeyLength)
    {
        using var esp = Esp(encryptionKeyLength);
        var envelope = (transport == Transport.IPv6 ? Samples.Native : Samples.OverUdp) with { IsProtected = true };
        var message = Message(envelope);
        var payload = new byte[PacketFrame.PayloadOverhead(envelope) + message.Length];
        PacketFrame.WritePayload(envelope, message, payload);
        var octets = new byte[esp.GetLength(payload.Length)];
        var nextHeader = transport == Transport.IPv6 ? IpProtocol.MobilityHeader : IpProtocol.Udp;
        esp.Write(Spi, 9, nextHeader, payload, RandomNumberGenerator.GetBytes(16), octets);
        var packet = new byte[PacketFrame.Overhead(envelope) + octets.Length];
        PacketFrame.Write(envelope, octets, packet);
        return (packet, envelope);
    }

    private static byte[] Capture(byte[] packet)
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, leaveOpen: true))
        {
            writer.Write(writer.AddInterface("judged", LinkType.Raw), DateTimeOffset.UnixEpoch.AddDays(20000), packet);
        }

        return stream.ToArray();
    }
}
