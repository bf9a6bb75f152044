using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests;

/// <summary>Tunnel data (RFC 3519) and revocation messages (RFC 3543), octet for octet, and the registries of Mobile IPv4.</summary>
public class MobileIPv4MessageTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(3519, 3543).WithQuietOnSuccess(true);

    [Fact]
    public void Registration_Revocation() => AssertWire(
        "0700c000" + "0a010107" + "c0000201" + "c6336407" + "67748580" + "8200",
        new RegistrationRevocation
        {
            Agent = true,
            Inform = true,
            HomeAddress = "10.1.1.7",
            HomeDomainAddress = "192.0.2.1",
            ForeignDomainAddress = "198.51.100.7",
            RevocationIdentifier = 0x67748580,
            Extensions = [new EncapsulatingDeliveryStyleExtension()],
        });

    [Fact]
    public void Registration_Revocation_Acknowledgment() => AssertWire(
        "0f008000" + "0a010107" + "67748580" + "8200",
        new RegistrationRevocationAcknowledgment
        {
            Inform = true,
            HomeAddress = "10.1.1.7",
            RevocationIdentifier = 0x67748580,
            Extensions = [new EncapsulatingDeliveryStyleExtension()],
        });

    [Fact]
    public void Tunnel_Data() => AssertWire("042f0000" + "00000800" + "4500", new TunnelData
    {
        NextHeader = IpProtocol.Gre,
        Payload = Octets.FromHex("00000800" + "4500"),
    });

    [Fact]
    public void Tunnel_data_keeps_every_bit_and_takes_all_that_follows() => Prop.ForAll(Generators.TunnelDatas, data =>
    {
        var buffer = new byte[data.GetLength() + 3];
        Array.Fill<byte>(buffer, 0xAA);
        Assert.Equal(data.GetLength(), data.Write(buffer));
        Assert.Equal([0xAA, 0xAA, 0xAA], buffer[^3..]);
        for (var length = 0; length < buffer.Length; length++)
        {
            var isOne = MobileIPv4Message.TryParse(buffer.AsSpan(0, length), out var parsed, out var error);
            Assert.Equal(length >= 4, isOne);
            Assert.Equal(length < 4, error.IsError);
            Assert.Equal(Octets.Create(isOne ? buffer.AsSpan(0, length) : default), parsed?.ToOctets() ?? Octets.Empty);
        }

        var decoded = new PacketDecoder().DecodeMobileIPv4(data.ToOctets().Span);
        Assert.Null(decoded.Error);
        Assert.Equal(data, decoded.Message);
        Assert.Equal(("Tunnel Data", 4), (decoded.Layers[0].Name, decoded.Layers[0].Length));
        Assert.Equal(data.Payload.Length, decoded.Layers.Skip(1).Sum(layer => layer.Length));
        return true;
    }).Check(Seeded);

    [Fact]
    public void The_decoder_goes_on_into_what_is_tunnelled_and_the_message_has_it_all()
    {
        var data = new TunnelData { NextHeader = IpProtocol.IPv4, Payload = Samples.EchoRequest };
        var decoded = new PacketDecoder().Decode(Samples.Packet(Samples.MobileIPv4, data.ToOctets().Span));
        Assert.Null(decoded.Error);
        Assert.Equal(["IPv4", "UDP", "Tunnel Data", "IPv4"], decoded.Layers.Take(4).Select(layer => layer.Name));
        Assert.Equal(Address.Parse("10.1.1.7"), decoded.Source!.Value.Address);
        Assert.Equal(data with { Payload = Octets.Empty }, decoded.Layers[2].Structure);
        Assert.Equal(data, new PacketDecoder().DecodeMobileIPv4((data with { NextHeader = (IpProtocol)253 }).ToOctets().Span).Message is TunnelData read
            ? read with { NextHeader = IpProtocol.IPv4 } : null);
    }

    [Fact]
    public void A_registration_request_in_tunnel_data_is_the_message_of_the_packet()
    {
        var request = Samples.MobileIPv4Messages[0];
        var packet = PacketComposer.Compose(
            new IPv4Header { Source = "198.51.100.7", Destination = "192.0.2.1" },
            new UdpHeader { SourcePort = 4434, DestinationPort = MobileIPv4Message.Port },
            new TunnelData(),
            new IPv4Header { Source = "10.1.1.7", Destination = "10.0.0.1" },
            new UdpHeader { SourcePort = 434, DestinationPort = MobileIPv4Message.Port },
            request);
        var decoded = new PacketDecoder().Decode(packet.Span);
        Assert.Null(decoded.Error);
        Assert.Equal(IpProtocol.IPv4, decoded.Layers[2]["NextHeader"]!.Value);
        Assert.Equal(request, decoded.Message);
    }

    [Fact]
    public void Extensions_are_found_in_every_control_message_and_nowhere_else()
    {
        foreach (var message in Samples.MobileIPv4Messages)
        {
            var octets = message.ToOctets().ToArray();
            Assert.True(MobileIPv4ControlMessage.TryGetExtensions(octets, out var extensions, out var error), error.ToString());
            var found = new List<Extension>();
            foreach (var extension in extensions)
            {
                Assert.True(extension.Octets.SequenceEqual(octets.AsSpan(extension.Offset, extension.Octets.Length)));
                found.Add(Extension.From(extension));
            }

            Assert.Equal(message.Parts, found);
            Assert.False(MobileIPv4ControlMessage.TryGetExtensions(octets.AsSpan(0, message.Table.Length - 1), out var none, out error));
            Assert.False(none.GetEnumerator().MoveNext());
            Assert.Equal(message.Table.Name, error.Field);
        }

        Assert.False(MobileIPv4ControlMessage.TryGetExtensions([], out _, out var empty));
        Assert.Equal("there is no message", empty.Reason);
    }

    [Fact]
    public void Message_types_without_a_record_are_an_error()
    {
        byte[] known = [1, 3, 4, 7, 15];
        for (var type = 0; type < 256; type++)
        {
            var octets = new byte[64];
            octets[0] = (byte)type;
            Assert.Equal(known.Contains((byte)type), MobileIPv4Message.TryParse(octets, out var message, out var error));
            Assert.Equal(known.Contains((byte)type) ? type : null, (int?)message?.Type);
            Assert.Equal(known.Contains((byte)type) ? default : new WireError("Type", 0, $"Mobile IPv4 message type {type} is not decoded"), error);
        }
    }

    [Fact]
    public void Codes_are_in_the_range_of_the_agent_that_their_name_says()
    {
        foreach (var code in Enum.GetValues<RegistrationCode>())
        {
            var range = (byte)code switch { <= 8 => "Accepted", <= 127 or 194 => "ForeignAgent", _ => "" };
            Assert.True(
                code.ToString().StartsWith(range, StringComparison.Ordinal)
                && (range != "" || code == RegistrationCode.ForeignAgentFailedAuthentication || !code.ToString().StartsWith("ForeignAgent", StringComparison.Ordinal)),
                $"{code} is {(byte)code}");
            Assert.Equal(range == "Accepted", code.IsAccepted());
            Assert.Equal(range != "ForeignAgent", code.IsFromHomeAgent());
        }
    }

    [Fact]
    public void Codes_are_those_that_tshark_lists_and_one_more()
    {
        // 194 is RFC 5944's own, which tshark lacks.
        var listed = ExternalTool.Run("tshark", "-G", "values").Split('\n')
            .Select(line => line.Split('\t'))
            .Where(columns => columns is ["V", "mip.code", ..])
            .Select(columns => (RegistrationCode)byte.Parse(columns[2], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([.. listed, RegistrationCode.ForeignAgentInvalidHomeAgentAddress], Enum.GetValues<RegistrationCode>());
    }

    private static void AssertWire(string hex, MobileIPv4Message message)
    {
        Assert.Equal(hex, message.ToOctets().ToString());
        Assert.True(MobileIPv4Message.TryParse(Convert.FromHexString(hex), out var parsed, out var error), error.ToString());
        Assert.Equal(message, parsed);
    }
}
