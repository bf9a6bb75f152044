using System.Globalization;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Net.Capture;

/// <summary>
/// The filter mobile-ip: the UDP ports of Mobile IPv4 (434), Proxy Mobile IPv6 (5436, 5437) and Dual-Stack Mobile IPv6 (4191), the Mobility Header
/// (135), and the tunnels IP-in-IP (4), IPv6 (41), GRE (47) and minimal encapsulation (55). It looks behind a VLAN tag and up to four IPv6
/// extension headers. Of a fragmented UDP datagram the later fragments pass too, because only the first has ports.
/// </summary>
public static class MobileIpFilter
{
    private const int ExtensionHeaders = 4;

    private static readonly uint[] protocols = [4, 41, 47, 55, (byte)IpProtocol.MobilityHeader];
    private static readonly uint[] ports = [MobileIPv4Message.Port, Envelope.ProxyMobileIPv6Port, Envelope.ProxyMobileIPv6DataPort, Envelope.DualStackMobileIPv6Port];

    /// <summary>The program for a link type.</summary>
    /// <remarks>
    /// libpcap moves offsets for cooked sockets and knows those of its own code only: the length of the link header has to stand in each
    /// operand, and X counts from the IP header on.
    /// </remarks>
    internal static FilterInstruction[] Program(LinkType linkType, int snapLength)
    {
        var code = new FilterAssembler();
        code.SetIndex(0);
        var header = LinkHeader(code, linkType);

        code.Label("IPv4");
        code.LoadOctetAtIndex(header + 9);
        JumpIfAny(code, protocols, "accept");
        code.JumpIfEqual((byte)IpProtocol.Udp, "IPv4 UDP");
        code.Jump("drop");
        code.Label("IPv4 UDP");
        code.LoadShortAtIndex(header + 6);
        code.JumpIfAny(0x1FFF, "accept");
        code.LoadOctetAtIndex(header);
        code.And(0xF);
        code.ShiftLeft(2);
        code.AddIndex();
        code.ToIndex();
        code.Jump("UDP");

        code.Label("IPv6");
        code.LoadOctetAtIndex(header + 6);
        code.Store();
        code.FromIndex();
        code.AddNumber(40);
        code.ToIndex();
        for (var number = 0; number <= ExtensionHeaders; number++)
        {
            NextHeader(code, header, number);
        }

        code.Jump("drop");
        code.Label("later fragment");
        code.Recall();
        JumpIfAny(code, [.. protocols, (byte)IpProtocol.Udp], "accept");
        code.Jump("drop");

        code.Label("UDP");
        code.LoadShortAtIndex(header);
        JumpIfAny(code, ports, "accept");
        code.LoadShortAtIndex(header + 2);
        JumpIfAny(code, ports, "accept");

        code.Label("drop");
        code.Return(0);
        code.Label("accept");
        code.Return(snapLength);
        return code.Assemble();
    }

    /// <summary>Goes to IPv4 or IPv6, and returns the length of the header.</summary>
    private static int LinkHeader(FilterAssembler code, LinkType linkType)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                code.LoadShort(12);
                ByEtherType(code);
                JumpIfAny(code, [(ushort)EtherType.CustomerVlanTag, (ushort)EtherType.ServiceVlanTag, (ushort)EtherType.OldServiceVlanTag], "tag");
                code.Jump("drop");
                code.Label("tag");
                code.SetIndex(4);
                code.LoadShort(16);
                ByEtherType(code);
                code.Jump("drop");
                return 14;
            case LinkType.LinuxCooked:
                code.LoadShort(14);
                ByEtherType(code);
                code.Jump("drop");
                return 16;
            case LinkType.LinuxCookedVersion2:
                code.LoadShort(0);
                ByEtherType(code);
                code.Jump("drop");
                return 20;
            case LinkType.Raw or LinkType.DataLinkRaw or LinkType.OpenBsdDataLinkRaw or LinkType.IPv4 or LinkType.IPv6:
                ByVersion(code, 0);
                return 0;
            case LinkType.BsdLoopback or LinkType.OpenBsdLoopback:
                ByVersion(code, 4);
                return 4;
            default:
                throw new NetException(
                    NetError.NotSupported, 0, string.Create(CultureInfo.InvariantCulture, $"There is no filter for frames of link type {(int)linkType}."));
        }
    }

    private static void ByEtherType(FilterAssembler code)
    {
        code.JumpIfEqual((ushort)EtherType.IPv4, "IPv4");
        code.JumpIfEqual((ushort)EtherType.IPv6, "IPv6");
    }

    private static void ByVersion(FilterAssembler code, int header)
    {
        code.LoadOctet(header);
        code.ShiftRight(4);
        code.JumpIfEqual(4, "IPv4");
        code.JumpIfEqual(6, "IPv6");
        code.Jump("drop");
    }

    private static void NextHeader(FilterAssembler code, int header, int number)
    {
        string extension = $"extension {number}", fragment = $"fragment {number}", next = $"header {number + 1}";
        code.Recall();
        JumpIfAny(code, protocols, "accept");
        code.JumpIfEqual((byte)IpProtocol.Udp, "UDP");
        code.JumpIfEqual(44, fragment);
        JumpIfAny(code, [0, 43, 60], extension); // Hop-by-hop options, routing, destination options (RFC 8200, 4).
        code.Jump("drop");

        code.Label(fragment);
        code.LoadOctetAtIndex(header);
        code.Store();
        code.LoadShortAtIndex(header + 2);
        code.JumpIfAny(0xFFF8, "later fragment");
        code.FromIndex();
        code.AddNumber(8);
        code.ToIndex();
        code.Jump(next);

        code.Label(extension);
        code.LoadOctetAtIndex(header);
        code.Store();
        code.LoadOctetAtIndex(header + 1);
        code.AddNumber(1);
        code.ShiftLeft(3);
        code.AddIndex();
        code.ToIndex();
        code.Label(next);
    }

    private static void JumpIfAny(FilterAssembler code, IEnumerable<uint> values, string label)
    {
        foreach (var value in values)
        {
            code.JumpIfEqual(value, label);
        }
    }
}
