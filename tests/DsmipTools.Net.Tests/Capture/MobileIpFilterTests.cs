using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.Capture;

/// <summary>The filter mobile-ip, run by libpcap, and filters that libpcap compiles. No privilege is needed.</summary>
public unsafe class MobileIpFilterTests
{
    private const int Snap = 1000;

    private static readonly (LinkType LinkType, Func<bool, byte[]> Header)[] Links =
    [
        (LinkType.Ethernet, isIPv6 => [.. new EthernetHeader { EtherType = Type(isIPv6) }.ToOctets()]),
        (LinkType.Ethernet, isIPv6 => [.. new EthernetHeader { EtherType = EtherType.CustomerVlanTag }.ToOctets(), .. new VlanTag { EtherType = Type(isIPv6) }.ToOctets()]),
        (LinkType.Ethernet, isIPv6 => [.. new EthernetHeader { EtherType = EtherType.ServiceVlanTag }.ToOctets(), .. new VlanTag { EtherType = Type(isIPv6) }.ToOctets()]),
        (LinkType.LinuxCooked, isIPv6 => [.. new LinuxCookedHeader { ProtocolType = Type(isIPv6) }.ToOctets()]),
        (LinkType.LinuxCookedVersion2, isIPv6 => [.. new LinuxCookedVersion2Header { ProtocolType = Type(isIPv6) }.ToOctets()]),
        (LinkType.Raw, _ => []),
        (LinkType.BsdLoopback, _ => [30, 0, 0, 0]),
        (LinkType.OpenBsdLoopback, _ => [0, 0, 0, 24]),
    ];

    public static TheoryData<int> LinkNumbers => [.. Enumerable.Range(0, Links.Length)];

    [Theory]
    [MemberData(nameof(LinkNumbers))]
    public void It_takes_what_Mobile_IP_sends_and_nothing_else(int number)
    {
        Assert.SkipUnless(PcapLibrary.IsAvailable, "libpcap, which runs the filter, is not installed");
        var (linkType, header) = Links[number];
        var program = MobileIpFilter.Program(linkType, Snap);
        foreach (var (name, packet, passes) in Packets())
        {
            byte[] frame = [.. header(packet[0] >> 4 == 6), .. packet];
            Assert.True(passes == (Run(program, frame) == Snap), name);
            for (var length = 0; length < header(false).Length + 7; length++)
            {
                Assert.Equal(0, Run(program, frame[..length]));
            }
        }

        byte[] arp = [.. new EthernetHeader { EtherType = EtherType.Arp }.ToOctets(), .. new byte[28]];
        Assert.Equal(0, Run(MobileIpFilter.Program(LinkType.Ethernet, Snap), arp));
    }

    [Fact]
    public void Another_link_type_is_refused()
    {
        var exception = Assert.Throws<NetException>(() => MobileIpFilter.Program((LinkType)147, Snap));
        Assert.Contains("link type 147", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp port 434", LinkType.Ethernet, "EN10MB")]
    [InlineData("ip6 proto 135", LinkType.Raw, "RAW")]
    [InlineData("host 192.0.2.1 and not icmp", LinkType.LinuxCookedVersion2, "LINUX_SLL2")]
    public void A_filter_becomes_what_tcpdump_makes_of_it(string filter, LinkType linkType, string tcpdump)
    {
        Assert.SkipUnless(PcapLibrary.IsAvailable, "libpcap, which compiles filters, is not installed");
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump"), "tcpdump is not installed");
        using var process = Process.Start(new ProcessStartInfo("tcpdump", ["-ddd", "-y", tcpdump, "-s", "1000", filter]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var expected = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        process.WaitForExit();
        var program = FilterProgram.Compile(filter, linkType, Snap);
        Assert.Equal(
            expected, program.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Code} {each.IfTrue} {each.IfFalse} {each.Operand}")));
    }

    [Fact]
    public void A_wrong_filter_is_an_error_with_the_reason()
    {
        Assert.SkipUnless(PcapLibrary.IsAvailable, "libpcap, which compiles filters, is not installed");
        var exception = Assert.Throws<NetException>(() => FilterProgram.Compile("udp prot 434", LinkType.Ethernet, Snap));
        Assert.Equal(NetError.FilterNotUnderstood, exception.Error);
        Assert.Contains("'udp prot 434' is not understood: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("syntax error", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vlan 5 and udp", true)]
    [InlineData("inbound", true)]
    [InlineData("udp port 434", false)]
    [InlineData("host vlanhost", false)]
    [InlineData(null, false)]
    public void Some_filters_need_a_device_of_libpcap(string? filter, bool needs) => Assert.Equal(needs, FilterProgram.NeedsDevice(filter));

    [Fact]
    public void Without_libpcap_the_error_says_how_to_get_it()
    {
        Assert.Equal(0, PcapLibrary.Load(["libnothing.so.1", "libnothing.so"]));
        var exception = PcapLibrary.Missing("The filter 'udp'");
        Assert.Equal(NetError.LibraryMissing, exception.Error);
        Assert.Contains("The filter 'udp' needs", exception.Message, StringComparison.Ordinal);
        Assert.Contains(OperatingSystem.IsWindows() ? "npcap.com" : "apt install libpcap0.8", exception.Message, StringComparison.Ordinal);
    }

    private static EtherType Type(bool isIPv6) => isIPv6 ? EtherType.IPv6 : EtherType.IPv4;

    private static IEnumerable<(string Name, byte[] Packet, bool Passes)> Packets()
    {
        foreach (var protocol in (byte[])[4, 41, 47, 55, 135])
        {
            yield return ($"IPv4 {protocol}", IPv4(protocol, new byte[8]), true);
            yield return ($"IPv6 {protocol}", IPv6(protocol, new byte[8]), true);
            yield return ($"IPv4 {protocol}, later fragment", IPv4(protocol, new byte[8], fragment: 100), true);
        }

        foreach (var protocol in (byte[])[1, 6, 50, 58, 136, 59])
        {
            yield return ($"IPv4 {protocol}", IPv4(protocol, Udp(434, 434)), false);
            yield return ($"IPv6 {protocol}", IPv6(protocol, Udp(434, 434)), false);
        }

        foreach (var port in (ushort[])[434, 5436, 5437, 4191])
        {
            yield return ($"IPv4 to {port}", IPv4(17, Udp(9, port)), true);
            yield return ($"IPv4 from {port}", IPv4(17, Udp(port, 9)), true);
            yield return ($"IPv4 with options to {port}", IPv4(17, Udp(9, port), options: 40), true);
            yield return ($"IPv6 to {port}", IPv6(17, Udp(9, port)), true);
            yield return ($"IPv6 from {port}", IPv6(17, Udp(port, 9)), true);
        }

        yield return ("IPv4, another port", IPv4(17, Udp(9, 53)), false);
        yield return ("IPv4, the port is in the options", IPv4(17, Udp(9, 53), options: 4, option: 434), false);
        yield return ("IPv4, later fragment", IPv4(17, Udp(9, 53), fragment: 100), true);
        yield return ("IPv4, later fragment of TCP", IPv4(6, Udp(9, 434), fragment: 100), false);
        yield return ("IPv6, another port", IPv6(17, Udp(9, 53)), false);
        yield return ("IPv6, hop-by-hop, routing, destination, port", IPv6(0, [43, 0, .. new byte[6], 60, 2, .. new byte[22], 17, 1, .. new byte[14], .. Udp(9, 4191)]), true);
        yield return ("IPv6, the same with another port", IPv6(0, [43, 0, .. new byte[6], 60, 2, .. new byte[22], 17, 1, .. new byte[14], .. Udp(9, 53)]), false);
        yield return ("IPv6, destination options, mobility header", IPv6(60, [135, 2, .. new byte[22], 59, 0, .. new byte[6]]), true);
        yield return ("IPv6, destination options, TCP", IPv6(60, [6, 2, .. new byte[22], .. Udp(9, 434)]), false);
        yield return ("IPv6, first fragment", IPv6(44, [17, 0, 0, 1, 0, 0, 0, 1, .. Udp(9, 434)]), true);
        yield return ("IPv6, first fragment, another port", IPv6(44, [17, 0, 0, 1, 0, 0, 0, 1, .. Udp(9, 53)]), false);
        yield return ("IPv6, later fragment", IPv6(44, [17, 0, 1, 0, 0, 0, 0, 1, .. Udp(9, 53)]), true);
        yield return ("IPv6, later fragment of TCP", IPv6(44, [6, 0, 1, 0, 0, 0, 0, 1, .. Udp(9, 434)]), false);
        yield return ("IPv6, four headers", IPv6(60, [60, 0, .. new byte[6], 60, 0, .. new byte[6], 60, 0, .. new byte[6], 135, 0, .. new byte[6]]), true);
        yield return ("IPv6, headers up to the end", IPv6(60, [60, 255, .. new byte[6]]), false);
    }

    private static byte[] Udp(ushort from, ushort to)
    {
        var octets = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(octets, from);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), to);
        octets[5] = 12;
        return octets;
    }

    private static byte[] IPv4(byte protocol, byte[] payload, int options = 0, ushort fragment = 0, ushort option = 0)
    {
        var header = new byte[20 + options];
        header[0] = (byte)(0x40 | (header.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), fragment);
        header[9] = protocol;
        if (option != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(22), option);
        }

        return [.. header, .. payload];
    }

    private static byte[] IPv6(byte next, byte[] payload) => [0x60, 0, 0, 0, 0, (byte)payload.Length, next, 64, .. new byte[32], .. payload];

    private static int Run(FilterInstruction[] instructions, byte[] frame)
    {
        fixed (FilterInstruction* first = instructions)
        {
            fixed (byte* octets = frame)
            {
                var program = new PcapLibrary.Program { Length = (uint)instructions.Length, Instructions = first };
                var header = new PcapLibrary.FrameHeader { Captured = (uint)frame.Length, Length = (uint)frame.Length };
                byte none;
                return PcapLibrary.OfflineFilter(&program, &header, octets is null ? &none : octets);
            }
        }
    }
}
