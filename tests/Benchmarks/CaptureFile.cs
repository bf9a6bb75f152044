using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Benchmarks;

/// <summary>Captures as an operator has them: registrations, proxy updates, revocations, and tunneled traffic between.</summary>
internal static class CaptureFile
{
    /// <summary>The frames that take turns in a capture: Ethernet, 98 to 166 octets.</summary>
    public static byte[][] Frames { get; } = Make();

    /// <summary>Writes a pcapng file of so many frames.</summary>
    public static void Write(Stream stream, int count)
    {
        using var writer = new PcapngWriter(stream, leaveOpen: true);
        var id = writer.AddInterface("bench", LinkType.Ethernet);
        for (var number = 0; number < count; number++)
        {
            writer.Write(id, DateTimeOffset.UnixEpoch.AddTicks(number * 100L), Frames[number % Frames.Length]);
        }
    }

    private static byte[][] Make()
    {
        var ethernet4 = new EthernetHeader { EtherType = EtherType.IPv4 };
        var ethernet6 = new EthernetHeader { EtherType = EtherType.IPv6 };
        var ipv4 = new IPv4Header { Source = "192.0.2.1", Destination = "10.0.0.1" };
        var ipv6 = new IPv6Header { Source = "2001:db8:0:1::1", Destination = "2001:db8::1" };
        var inner = new IPv6Header { Source = "2001:db8:7:1::7", Destination = "2001:db8:9::9" };
        var data = new Data { Octets = new byte[64] };
        var udp = new UdpHeader { SourcePort = 7001, DestinationPort = 7002 };
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Messages.Utf8("1234567812345678"));
        var request = RegistrationAuthentication.Sign(Messages.Request(), Messages.Spi, authenticator);
        Structure[][] stacks =
        [
            [ethernet4, ipv4, new UdpHeader { SourcePort = 4000, DestinationPort = MobileIPv4Message.Port }, request],
            [ethernet6, ipv6, Messages.Indication(7, Messages.Node(1, 0), "2001:db8:100:1::/64")],
            [ethernet4, ipv4, new UdpHeader { SourcePort = Envelope.ProxyMobileIPv6Port, DestinationPort = Envelope.ProxyMobileIPv6Port }, Messages.Indication(8, Messages.Node(2, 0), "2001:db8:100:2::/64")],
            [ethernet4, ipv4, inner, udp, data],
            [ethernet4, ipv4, new GreHeader { Key = 7 }, inner, udp, data],
            [ethernet6, ipv6, new Type2RoutingHeader { HomeAddress = "2001:db8:7::7" }, Messages.Indication(9, Messages.Node(3, 0), "2001:db8:100:3::/64")],
        ];
        return [.. stacks.Select(stack => PacketComposer.Compose(stack).ToArray())];
    }
}
