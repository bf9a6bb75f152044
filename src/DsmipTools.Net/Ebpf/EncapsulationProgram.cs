using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;
using static DsmipTools.Net.Ebpf.BpfAssembler;
using static DsmipTools.Net.Ebpf.BpfRegister;
using static DsmipTools.Net.Ebpf.BpfWidth;
using static DsmipTools.Net.Ebpf.ForwardingMaps;

namespace DsmipTools.Net.Ebpf;

/// <summary>
/// What happens to a packet that the host sends by the TUN device: into its tunnel and out by the interface to the other end, past this process.
/// Where a packet is of no tunnel, too long, or has IPv4 options, the device brings it to user space as without the program.
/// </summary>
internal sealed class EncapsulationProgram : TunnelProgram
{
    private const int TrafficClass = Own - 8;
    private const int DontFragment = Own - 16;
    private const int Protocol = Own - 24;
    private const int Type = Own - 32;
    private const int Overhead = Own - 40;
    private const int Longest = Own - 48;
    private const int Inner = Own - 88;
    private const int Outer = Inner - LongestHeaders;
    private const int Header = Outer - 8;

    private EncapsulationProgram(ForwardingMaps maps, KernelTunnelEnd end, int linkHeader)
        : base(maps, end) => LinkHeader = linkHeader;

    protected override int LinkHeader { get; }

    /// <summary>Puts the program together.</summary>
    /// <param name="maps">Its tables.</param>
    /// <param name="end">Which end of its tunnels this host is.</param>
    /// <param name="linkHeader">Octets in front of the IP header: none at a TUN device.</param>
    public static BpfInstruction[] Assemble(ForwardingMaps maps, KernelTunnelEnd end, int linkHeader)
    {
        var program = new EncapsulationProgram(maps, end, linkHeader);
        program.Write();
        return program.Code.Assemble();
    }

    private void Write()
    {
        Code.Move(R6, R1);
        Start();
        Read(isIPv4: true);
        Read(isIPv4: false);

        Code.Label("fits");
        CheckLoop();
        CheckLength();
        CopyHeaders();
        Code.Load(Word, R1, R9, PeerFamily);
        Code.JumpIfEqual(R1, IPv4, "over IPv4");
        WriteIPv6();
        Code.Label("over IPv4");
        WriteIPv4();

        Code.Label("send");
        Code.Move(R1, R6);
        Code.Load(Long, R2, Frame, Overhead);
        Code.Move(R3, AtLinkHeader);
        Code.Load(Long, R4, R9, PeerRoom);
        Code.Call(BpfHelper.AdjustRoom);
        Code.JumpIfNotEqual(R0, 0, "next");
        Code.Move(R1, R6);
        Code.Move(R2, LinkHeader);
        Code.Address(R3, Outer);
        Code.Load(Long, R4, Frame, Overhead);
        Code.Move(R5, 0);
        Code.Call(BpfHelper.StoreBytes);
        Code.JumpIfNotEqual(R0, 0, "drop");
        if (LinkHeader == 0)
        {
            // The interface to the other end has Ethernet headers: one has to be there before the kernel fills it in.
            Code.Move(R1, R6);
            Code.Move(R2, EthernetHeader);
            Code.Move(R3, 0);
            Code.Call(BpfHelper.ChangeHead);
            Code.JumpIfNotEqual(R0, 0, "drop");
        }

        CountPacket(Out);
        Code.Load(Word, R1, R9, PeerUplink);
        Code.Move(R2, 0);
        Code.Move(R3, 0);
        Code.Move(R4, 0);
        Code.Call(BpfHelper.RedirectNeighbour);
        Code.Exit();

        Finish();
    }

    /// <summary>Reads the packet and finds R8, its route, and R9, the other end of its tunnel.</summary>
    private void Read(bool isIPv4)
    {
        var (source, destination) = isIPv4 ? (Inner + 12, Inner + 16) : (Inner + 8, Inner + 24);
        Code.Label(isIPv4 ? "IPv4" : "IPv6");
        LoadPacket(0, Inner, isIPv4 ? IPv4Header : IPv6Header);
        LoadTotalLength(Inner, isIPv4);
        Code.JumpIfNotEqual(R1, R7, "next");
        if (isIPv4)
        {
            CheckIPv4(Inner);
        }
        else
        {
            CheckIPv6(Inner);
        }

        // Of what has no honest source, no tunnel is to blame.
        Code.Store(Word, Frame, Tunnel, (int)NoTunnel);
        if (End == KernelTunnelEnd.Access)
        {
            FindOwnRoute(source, destination, isIPv4);
        }
        else
        {
            FindRouteTo(source, destination, isIPv4);
        }

        Code.Load(Word, R1, R8, RouteTunnel);
        Code.Store(Word, Frame, Tunnel, R1);
        Code.Lookup(Maps.Peers, Tunnel);
        Code.JumpIfEqual(R0, 0, "next");
        Code.Move(R9, R0);

        LoadTrafficClass(Inner, isIPv4);
        Code.Store(Long, Frame, TrafficClass, R1);
        Code.Move(R1, 0);
        if (isIPv4)
        {
            Code.Load(Short, R1, Frame, Inner + 6);
            Code.And(R1, Network(0x4000));
        }

        Code.Store(Long, Frame, DontFragment, R1);
        Code.Store(Long, Frame, Protocol, (int)(isIPv4 ? IpProtocol.IPv4 : IpProtocol.IPv6));
        Code.Store(Long, Frame, Type, Network((ushort)(isIPv4 ? EtherType.IPv4 : EtherType.IPv6)));

        // The longest packet that the other end sees: of TCP segments that are still together, the longest of them.
        Code.Store(Long, Frame, Longest, R7);
        Code.Load(Word, R1, R6, ContextSegmentSize);
        Code.JumpIfEqual(R1, 0, "fits");
        Code.Load(Octet, R1, Frame, Inner + (isIPv4 ? 9 : 6));
        Code.JumpIfNotEqual(R1, (int)IpProtocol.Tcp, "next");
        var header = isIPv4 ? IPv4Header : IPv6Header;
        LoadPacket(header + 12, Header, 1);
        Code.Load(Octet, R1, Frame, Header);
        Code.ShiftRight(R1, 4);
        Code.ShiftLeft(R1, 2);
        Code.Add(R1, header);
        Code.Load(Word, R2, R6, ContextSegmentSize);
        Code.Add(R1, R2);
        Code.Store(Long, Frame, Longest, R1);
        Code.Jump("fits");
    }

    /// <summary>R8 = the route of a packet to what is behind a tunnel. At the home end, what a mobile node sends comes out of its tunnel and from nowhere else.</summary>
    private void FindRouteTo(int source, int destination, bool isIPv4)
    {
        if (End == KernelTunnelEnd.Home)
        {
            FindRoute(source, isIPv4);
            Code.Move(R9, R0);
        }

        FindRoute(destination, isIPv4, "next");
        Code.Move(R8, R0);
        CheckScope(source, isIPv4, isSource: true, nameof(KernelDrop.LinkScope));
        if (End == KernelTunnelEnd.Home)
        {
            Code.JumpIfNotEqual(R9, 0, nameof(KernelDrop.ForeignSource));
        }
    }

    /// <summary>R8 = the route of the mobile node that has sent a packet; what may go to another one here is left to user space.</summary>
    private void FindOwnRoute(int source, int destination, bool isIPv4)
    {
        var leaves = isIPv4 ? "IPv4 leaves" : "IPv6 leaves";
        FindRoute(source, isIPv4, "next");
        Code.Move(R8, R0);
        CheckScope(destination, isIPv4, isSource: false, nameof(KernelDrop.LinkScope));
        CheckScope(source, isIPv4, isSource: true, nameof(KernelDrop.LinkScope));
        WritePrefix(destination, isIPv4);
        Code.Load(Word, R1, R8, RouteFlags);
        Code.And(R1, MayStay);
        Code.JumpIfEqual(R1, 0, leaves);
        Code.Lookup(Maps.Routes, Prefix);
        Code.JumpIfNotEqual(R0, 0, "next");
        Code.Label(leaves);
    }

    /// <summary>RFC 2473, 4.1: what goes to the other end of the tunnel does not go into it.</summary>
    private void CheckLoop()
    {
        Code.Load(Word, R1, R9, PeerFamily);
        Code.Load(Word, R2, Frame, Prefix + 4);
        Code.JumpIfNotEqual(R1, R2, "no loop");
        foreach (var half in (ReadOnlySpan<int>)[0, 8])
        {
            Code.Load(Long, R1, R9, PeerRemote + half);
            Code.Load(Long, R2, Frame, Prefix + PrefixAddress + half);
            Code.JumpIfNotEqual(R1, R2, "no loop");
        }

        // What a mobile node sends there is no loop, unless it is the gateway itself: for user space to tell.
        Code.Jump(End == KernelTunnelEnd.Access ? "next" : nameof(KernelDrop.TunnelLoop));
        Code.Label("no loop");
    }

    /// <summary>Leaves to user space what the tunnel or the interface does not take, and what has no interface here.</summary>
    private void CheckLength()
    {
        Code.Load(Word, R1, R9, PeerUplink);
        Code.JumpIfEqual(R1, 0, "next");
        Code.Load(Word, R3, R9, PeerOverhead);
        Code.Load(Word, R1, R8, RouteFlags);
        Code.And(R1, HasSendKey);
        Code.JumpIfEqual(R1, 0, "no key");
        Code.Add(R3, GreKey);
        Code.Label("no key");
        Code.JumpIfLess(R3, IPv4Header, "next");
        Code.JumpIfGreater(R3, LongestHeaders, "next");
        Code.Store(Long, Frame, Overhead, R3);
        Code.Load(Long, R1, Frame, Longest);
        Code.Load(Word, R2, R9, PeerMtu);
        Code.JumpIfGreater(R1, R2, "next");
        Code.Add(R1, R3);
        Code.Load(Word, R2, R9, PeerUplinkMtu);
        Code.JumpIfGreater(R1, R2, "next");
        Code.Add(R3, R7);
        Code.JumpIfGreater(R3, ushort.MaxValue, "next");
    }

    private void CopyHeaders()
    {
        for (var at = 0; at < LongestHeaders; at += sizeof(long))
        {
            Code.Load(Long, R1, R9, PeerHeaders + at);
            Code.Store(Long, Frame, Outer + at, R1);
        }
    }

    private void WriteIPv4()
    {
        Code.Load(Long, R1, Frame, TrafficClass);
        Code.Store(Octet, Frame, Outer + 1, R1);
        Code.Load(Long, R1, Frame, Overhead);
        Code.Add(R1, R7);
        Code.SwapToNetwork(R1, 16);
        Code.Store(Short, Frame, Outer + 2, R1);
        Code.Load(Long, R1, Frame, DontFragment);
        Code.Store(Short, Frame, Outer + 6, R1);
        // What cannot be fragmented needs no identification (RFC 6864, 4.1).
        Code.JumpIfNotEqual(R1, 0, "atomic");
        Code.Call(BpfHelper.Random);
        Code.Store(Short, Frame, Outer + 4, R0);
        Code.Label("atomic");
        WriteTunnelHeader(IPv4Header, 9);
        WriteIPv4Checksum(Outer);
        Code.Jump("send");
    }

    private void WriteIPv6()
    {
        Code.Load(Long, R1, Frame, TrafficClass);
        Code.ShiftLeft(R1, 20);
        Code.Or(R1, 0x60000000);
        Code.SwapToNetwork(R1, 32);
        Code.Store(Word, Frame, Outer, R1);
        Code.Load(Long, R1, Frame, Overhead);
        Code.Add(R1, R7);
        Code.Add(R1, -IPv6Header);
        Code.SwapToNetwork(R1, 16);
        Code.Store(Short, Frame, Outer + 4, R1);
        WriteTunnelHeader(IPv6Header, 6);
        Code.Jump("send");
    }

    /// <summary>Fills in what stands behind the outer IP header, and what this says of it.</summary>
    private void WriteTunnelHeader(int behind, int protocolAt)
    {
        string gre = $"GRE {behind}", udp = $"UDP {behind}", done = $"headers {behind}";
        Code.Load(Word, R1, R9, PeerEncapsulation);
        Code.JumpIfEqual(R1, (int)Encapsulation.Gre, gre);
        Code.JumpIfEqual(R1, (int)Encapsulation.Udp, udp);
        Code.Load(Long, R1, Frame, Protocol);
        Code.Store(Octet, Frame, Outer + protocolAt, R1);
        Code.Jump(done);

        Code.Label(gre);
        Code.Load(Long, R1, Frame, Type);
        Code.Store(Short, Frame, Outer + behind + 2, R1);
        Code.Load(Word, R1, R8, RouteFlags);
        Code.And(R1, HasSendKey);
        Code.JumpIfEqual(R1, 0, done);
        Code.Store(Short, Frame, Outer + behind, Network(0x2000));
        Code.Load(Word, R1, R8, RouteSendKey);
        Code.Store(Word, Frame, Outer + behind + GreHeader, R1);
        Code.Jump(done);

        Code.Label(udp);
        Code.Move(R1, R7);
        Code.Add(R1, UdpHeader);
        Code.SwapToNetwork(R1, 16);
        Code.Store(Short, Frame, Outer + behind + 4, R1);
        Code.Label(done);
    }
}
