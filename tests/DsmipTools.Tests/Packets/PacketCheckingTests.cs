using DsmipTools.Engine.Security;
using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;

namespace DsmipTools.Tests.Packets;

public class PacketCheckingTests
{
    private static readonly SecurityAssociation Association = new(256, "10.1.1.7", "1234567812345678"u8);

    private static readonly RegistrationRequest Request = new()
    {
        DecapsulationByMobileNode = true, Lifetime = 1800, HomeAddress = "10.1.1.7", HomeAgent = "192.0.2.1", CareOfAddress = "198.51.100.7",
    };

    [Fact]
    public void Violations_have_the_number_of_their_packet()
    {
        var violation = Assert.Single((Packet(Request) with { Number = 12 }).Check());
        Assert.Equal((12, "RFC 5944, 3.3", "Registration Request"), (violation.Number, violation.Rule, violation.Where));
    }

    [Fact]
    public void Keys_come_from_security_associations_by_home_address_and_spi()
    {
        var associations = new SecurityAssociations();
        associations.Add(Association);
        var keys = PacketChecking.KeysOf(associations);
        Assert.Empty(Packet(Signed(Request)).Check(keys));
        Assert.Equal("Mobile-Home Authentication.Authenticator", Assert.Single(Packet(Signed(Request) with { Lifetime = 1 }).Check(keys)).Where);
        Assert.Equal(RuleSeverity.Information, Assert.Single(Packet(Signed(Request with { HomeAddress = "10.1.1.8" })).Check(keys)).Severity);
        Assert.Empty(Packet(Signed(Request with { HomeAddress = Address.AnyIPv4, Extensions = [MobileNodeNaiExtension.Create("mn7@example.com")] })).Check(keys));
        associations.Add(new SecurityAssociation(256, "10.1.1.9", "8765432187654321"u8));
        var unclear = Packet(Signed(Request with { HomeAddress = Address.AnyIPv4, Extensions = [MobileNodeNaiExtension.Create("mn7@example.com")] }));
        Assert.Equal(RuleSeverity.Information, Assert.Single(unclear.Check(keys)).Severity);
    }

    [Fact]
    public void What_a_capture_cut_off_is_no_error()
    {
        var cut = Packet(Signed(Request));
        cut = DsmipPacket.From(Octets.Create(cut.Octets.Span[..30]), new PacketDecoder(), PacketForm.MobileIPv4) with { Length = cut.Length };
        Assert.Equal(RuleSeverity.Information, Assert.Single(cut.Check()).Severity);
    }

    [Fact]
    public void What_the_network_interface_was_still_to_fill_in_is_no_error()
    {
        var octets = PacketComposer.Compose(
            new IPv4Header { Source = "198.51.100.7", Destination = "192.0.2.1" }, new UdpHeader { SourcePort = 4434, DestinationPort = 434, Checksum = 1 }, Signed(Request));
        var packet = DsmipPacket.From(octets, new PacketDecoder(), PacketForm.Packet);
        Assert.Equal(RuleSeverity.Error, Assert.Single(packet.Check()).Severity);
        Assert.Equal(RuleSeverity.Information, Assert.Single((packet with { Flags = CapturedFrameFlags.ChecksumNotReady }).Check()).Severity);
    }

    private static RegistrationRequest Signed(RegistrationRequest request)
    {
        using var authenticator = Association.CreateAuthenticator();
        return RegistrationAuthentication.Sign(request, Association.SecurityParameterIndex, authenticator);
    }

    private static DsmipPacket Packet(Structure message) => DsmipPacket.From(message.ToOctets(), new PacketDecoder(), PacketForm.MobileIPv4);
}
