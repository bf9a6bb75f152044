using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;
using static DsmipTools.Net.Ebpf.BpfAssembler;
using static DsmipTools.Net.Ebpf.BpfRegister;
using static DsmipTools.Net.Ebpf.BpfWidth;
using static DsmipTools.Net.Ebpf.ForwardingMaps;

namespace DsmipTools.Net.Ebpf;

/// <summary>
/// What happens to a packet that an interface to the other ends of tunnels receives: out of its tunnel, checked, and to the host as if the TUN device
/// had received it. What belongs to no tunnel, fragments, and what has options or extension headers go their usual way: to the host, and to user space.
/// </summary>
internal sealed class DecapsulationProgram : TunnelProgram
{
    private const int TrafficClass = Own - 8;
    private const int Offset = Own - 16;
    private const int Key = Own - 24;
    private const int Ends = Own - 24 - EndsSize;
    private const int Inner = Ends - 40;
    private const int Outer = Inner - 40;
    private const int Behind = Outer - 16;

    private const ulong KeepSegments = 1;
    private const ulong BecomesIPv4 = 1 << 7;
    private const ulong BecomesIPv6 = 1 << 8;

    private readonly int device;
    private readonly int deviceMtu;

    private DecapsulationProgram(ForwardingMaps maps, KernelTunnelEnd end, int device, int deviceMtu)
        : base(maps, end) => (this.device, this.deviceMtu) = (device, deviceMtu);

    protected override int LinkHeader => EthernetHeader;

    /// <summary>Puts the program together.</summary>
    /// <param name="maps">Its tables.</param>
    /// <param name="end">Which end of its tunnels this host is.</param>
    /// <param name="device">The TUN device.</param>
    /// <param name="deviceMtu">The longest packet that it takes, in octets.</param>
    public static BpfInstruction[] Assemble(ForwardingMaps maps, KernelTunnelEnd end, int device, int deviceMtu)
    {
        var program = new DecapsulationProgram(maps, end, device, deviceMtu);
        program.Write();
        return program.Code.Assemble();
    }

    private void Write()
    {
        Code.Move(R6, R1);
        // To another host on the link, or in a VLAN: not this interface's.
        Code.Load(Word, R1, R6, ContextPacketType);
        Code.JumpIfNotEqual(R1, 0, "next");
        Code.Load(Word, R1, R6, ContextVlan);
        Code.JumpIfNotEqual(R1, 0, "next");
        Start();
        ReadOuter(isIPv4: true);
        ReadOuter(isIPv4: false);
        TakeInner(isIPv4: true);
        TakeInner(isIPv4: false);

        Code.Label("deliver");
        CountPacket(In);
        Code.Move(R1, device);
        const int ToIngress = 1;
        Code.Move(R2, ToIngress);
        Code.Call(BpfHelper.Redirect);
        Code.Exit();

        Finish();
    }

    /// <summary>Reads the headers of the tunnel: its ends, and where the packet inside begins.</summary>
    private void ReadOuter(bool isIPv4)
    {
        var header = isIPv4 ? IPv4Header : IPv6Header;
        Code.Label(isIPv4 ? "IPv4" : "IPv6");
        LoadPacket(0, Outer, header);
        if (isIPv4)
        {
            CheckIPv4(Outer);
            const int MoreFragmentsOrOffset = 0x3FFF;
            Code.Load(Short, R1, Frame, Outer + 6);
            Code.JumpIfAny(R1, Network(MoreFragmentsOrOffset), "next");
        }
        else
        {
            CheckIPv6(Outer);
        }

        // Behind its end there may be padding of the link.
        LoadTotalLength(Outer, isIPv4);
        Code.JumpIfGreater(R1, R7, "next");
        Code.JumpIfLess(R1, header, "next");
        Code.Move(R7, R1);
        LoadTrafficClass(Outer, isIPv4);
        Code.Store(Long, Frame, TrafficClass, R1);
        CopyAddress(Outer + (isIPv4 ? 12 : 8), Ends + EndsRemote, isIPv4);
        CopyAddress(Outer + (isIPv4 ? 16 : 24), Ends + EndsLocal, isIPv4);
        Code.Store(Long, Frame, Ends + EndsFamily, 0);
        Code.Store(Octet, Frame, Ends + EndsFamily, isIPv4 ? IPv4 : IPv6);
        Code.Store(Long, Frame, Key, 0);
        Code.Store(Long, Frame, Offset, header);

        string gre = $"GRE {header}", udp = $"UDP {header}";
        Code.Load(Octet, R1, Frame, Outer + (isIPv4 ? 9 : 6));
        Code.JumpIfEqual(R1, (int)IpProtocol.IPv4, "IPv4 inside");
        Code.JumpIfEqual(R1, (int)IpProtocol.IPv6, "IPv6 inside");
        Code.JumpIfEqual(R1, (int)IpProtocol.Gre, gre);
        if (isIPv4)
        {
            Code.JumpIfEqual(R1, (int)IpProtocol.Udp, udp);
        }

        Code.Jump("next");
        Code.Label(gre);
        ReadGre(header);
        if (isIPv4)
        {
            Code.Label(udp);
            ReadUdp(header);
        }
    }

    private void ReadGre(int header)
    {
        var key = $"key {header}";
        LoadPacket(header, Behind, GreHeader + GreKey);
        Code.Store(Octet, Frame, Ends + EndsEncapsulation, (int)Encapsulation.Gre);
        Code.Load(Short, R1, Frame, Behind);
        Code.Move(R2, header + GreHeader);
        Code.JumpIfEqual(R1, 0, key);
        // With anything but a key, user space looks.
        Code.JumpIfNotEqual(R1, Network(0x2000), "next");
        Code.Add(R2, GreKey);
        Code.Store(Word, Frame, Key, 1);
        Code.Load(Word, R3, Frame, Behind + GreHeader);
        Code.Store(Word, Frame, Key + 4, R3);
        Code.Label(key);
        Code.Store(Long, Frame, Offset, R2);
        Code.Load(Short, R1, Frame, Behind + 2);
        Code.JumpIfEqual(R1, Network((ushort)EtherType.IPv4), "IPv4 inside");
        Code.JumpIfEqual(R1, Network((ushort)EtherType.IPv6), "IPv6 inside");
        Code.Jump("next");
    }

    /// <summary>A checksum that somebody has made over IPv4 is for user space to check.</summary>
    private void ReadUdp(int header)
    {
        LoadPacket(header, Behind, UdpHeader + 1);
        Code.Store(Octet, Frame, Ends + EndsEncapsulation, (int)Encapsulation.Udp);
        Code.Load(Short, R1, Frame, Behind);
        Code.Store(Short, Frame, Ends + EndsRemotePort, R1);
        Code.Load(Short, R1, Frame, Behind + 2);
        Code.Store(Short, Frame, Ends + EndsLocalPort, R1);
        Code.Load(Short, R1, Frame, Behind + 4);
        Code.SwapToNetwork(R1, 16);
        Code.Add(R1, header);
        Code.JumpIfNotEqual(R1, R7, "next");
        Code.Load(Short, R1, Frame, Behind + 6);
        Code.JumpIfNotEqual(R1, 0, "next");
        Code.Store(Long, Frame, Offset, header + UdpHeader);
        Code.Load(Octet, R1, Frame, Behind + UdpHeader);
        Code.ShiftRight(R1, 4);
        Code.JumpIfEqual(R1, 4, "IPv4 inside");
        Code.JumpIfEqual(R1, 6, "IPv6 inside");
        Code.Jump("next");
    }

    /// <summary>Checks the packet inside and takes it out.</summary>
    private void TakeInner(bool isIPv4)
    {
        var header = isIPv4 ? IPv4Header : IPv6Header;
        string family = isIPv4 ? "IPv4" : "IPv6", fits = $"fits {family}", clear = $"clear {family}";
        Code.Label(family + " inside");
        Code.Lookup(Maps.Ends, Ends);
        Code.JumpIfEqual(R0, 0, "next");
        Code.Load(Word, R8, R0, 0);
        Code.Store(Word, Frame, Tunnel, R8);
        LoadPacket(0, Inner, header, more: Offset);
        Code.Load(Long, R1, Frame, Offset);
        Code.Subtract(R7, R1);
        // Several packets in one datagram, which the kernel has joined, have another length than the first of them.
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

        CheckLength(fits);
        CheckCongestion(isIPv4, clear);
        CheckAddresses(isIPv4);
        WriteCongestion(isIPv4, $"unmarked {family}");

        Code.Move(R1, R6);
        Code.Load(Long, R3, Frame, Offset);
        Code.Move(R2, 0);
        Code.Subtract(R2, R3);
        Code.Move(R3, AtLinkHeader);
        Code.Move(R4, (int)(KeepSegments | (isIPv4 ? BecomesIPv4 : BecomesIPv6)));
        Code.Call(BpfHelper.AdjustRoom);
        Code.JumpIfNotEqual(R0, 0, "next");
        Code.Jump("deliver");
    }

    /// <summary>What the device does not take is for user space to count. The kernel takes segments apart where that is needed.</summary>
    private void CheckLength(string fits)
    {
        Code.Load(Word, R1, R6, ContextSegmentSize);
        Code.JumpIfNotEqual(R1, 0, fits);
        Code.JumpIfGreater(R7, deviceMtu, "next");
        Code.Label(fits);
    }

    /// <summary>RFC 6040, 4.2: congestion on the way cannot be told to a packet that is not capable of it.</summary>
    private void CheckCongestion(bool isIPv4, string clear)
    {
        Code.Load(Long, R1, Frame, TrafficClass);
        Code.And(R1, 3);
        Code.JumpIfNotEqual(R1, 3, clear);
        LoadTrafficClass(Inner, isIPv4);
        Code.And(R1, 3);
        Code.JumpIfEqual(R1, 0, nameof(KernelDrop.Congestion));
        Code.Label(clear);
    }

    /// <summary>
    /// Out of a tunnel come sources that are behind it, and at the access end destinations that are here. From one tunnel of an anchor into another user
    /// space has them.
    /// </summary>
    private void CheckAddresses(bool isIPv4)
    {
        var (source, destination) = isIPv4 ? (Inner + 12, Inner + 16) : (Inner + 8, Inner + 24);
        if (End == KernelTunnelEnd.Access)
        {
            CheckRoute(destination, isIPv4, nameof(KernelDrop.NotAttached));
            return;
        }

        // What is of the IPv6 link that a router's tunnel is, user space answers.
        var outOfScope = End == KernelTunnelEnd.Router && !isIPv4 ? "next" : nameof(KernelDrop.LinkScope);
        CheckScope(source, isIPv4, isSource: true, outOfScope);
        CheckRoute(source, isIPv4, nameof(KernelDrop.ForeignSource));
        CheckScope(destination, isIPv4, isSource: false, outOfScope);
        if (End == KernelTunnelEnd.Home)
        {
            FindRoute(destination, isIPv4);
            Code.JumpIfNotEqual(R0, 0, "next");
        }
    }

    /// <summary>An address has to belong to this tunnel, and its packets have to have its key.</summary>
    private void CheckRoute(int address, bool isIPv4, string otherwise)
    {
        FindRoute(address, isIPv4, otherwise);
        Code.Load(Word, R1, R0, RouteTunnel);
        Code.JumpIfNotEqual(R1, R8, otherwise);
        Code.Load(Word, R1, R0, RouteFlags);
        Code.ShiftRight(R1, 1);
        Code.And(R1, 1);
        Code.Load(Word, R2, Frame, Key);
        Code.JumpIfNotEqual(R1, R2, nameof(KernelDrop.WrongKey));
        Code.Load(Word, R1, R0, RouteReceiveKey);
        Code.Load(Word, R2, Frame, Key + 4);
        Code.JumpIfNotEqual(R1, R2, nameof(KernelDrop.WrongKey));
    }

    private void WriteCongestion(bool isIPv4, string unmarked)
    {
        var header = isIPv4 ? IPv4Header : IPv6Header;
        Code.Load(Long, R1, Frame, TrafficClass);
        Code.And(R1, 3);
        Code.JumpIfNotEqual(R1, 3, unmarked);
        var at = Inner + 1;
        Code.Load(Octet, R1, Frame, at);
        Code.Or(R1, isIPv4 ? 0x03 : 0x30);
        Code.Store(Octet, Frame, at, R1);
        if (isIPv4)
        {
            WriteIPv4Checksum(Inner);
        }

        Code.Move(R1, R6);
        Code.Load(Long, R2, Frame, Offset);
        Code.Add(R2, EthernetHeader);
        Code.Address(R3, Inner);
        Code.Move(R4, header);
        Code.Move(R5, RecomputeChecksum);
        Code.Call(BpfHelper.StoreBytes);
        Code.JumpIfNotEqual(R0, 0, "drop");
        Code.Label(unmarked);
    }
}
