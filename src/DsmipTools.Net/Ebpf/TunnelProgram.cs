using DsmipTools.Wire.Ip;
using static DsmipTools.Net.Ebpf.BpfAssembler;
using static DsmipTools.Net.Ebpf.BpfRegister;
using static DsmipTools.Net.Ebpf.BpfWidth;
using static DsmipTools.Net.Ebpf.ForwardingMaps;

namespace DsmipTools.Net.Ebpf;

/// <summary>
/// What the two programs have in common. In both, R6 is the context of the packet, R7 the length of the IP packet. Whatever they are not sure of goes
/// to "next", and so to user space.
/// </summary>
internal abstract class TunnelProgram(ForwardingMaps maps, KernelTunnelEnd end)
{
    protected const int EthernetHeader = 14;
    protected const int IPv4Header = 20;
    protected const int IPv6Header = 40;
    protected const int GreHeader = 4;
    protected const int GreKey = 4;
    protected const int UdpHeader = 8;

    // struct __sk_buff
    protected const int ContextLength = 0;
    protected const int ContextPacketType = 4;
    protected const int ContextProtocol = 16;
    protected const int ContextVlan = 20;
    protected const int ContextSegments = 164;
    protected const int ContextSegmentSize = 176;

    /// <summary>The room in front of a packet is made or taken directly behind its link header.</summary>
    protected const int AtLinkHeader = 1;
    protected const int RecomputeChecksum = 1;

    // On the stack: the key of a prefix, the number of the tunnel, and how many packets this one counts for.
    protected const int Prefix = -24;
    protected const int Tunnel = -32;
    protected const int Packets = -40;
    protected const int Own = -40;

    protected BpfAssembler Code { get; } = new();

    protected ForwardingMaps Maps { get; } = maps;

    protected KernelTunnelEnd End { get; } = end;

    /// <summary>Octets in front of the IP header.</summary>
    protected abstract int LinkHeader { get; }

    /// <summary>R7 = the length of the IP packet; goes to IPv4 or IPv6.</summary>
    protected void Start()
    {
        Code.Load(Word, R7, R6, ContextLength);
        Code.Add(R7, -LinkHeader);
        Code.JumpIfGreater(R7, ushort.MaxValue, "next");
        // Each counts for at least one: of what others took apart the kernel does not know the number yet.
        Code.Load(Word, R1, R6, ContextSegments);
        Code.JumpIfNotEqual(R1, 0, "segments");
        Code.Move(R1, 1);
        Code.Label("segments");
        Code.Store(Long, Frame, Packets, R1);
        Code.Load(Word, R1, R6, ContextProtocol);
        Code.JumpIfEqual(R1, Network((ushort)EtherType.IPv4), "IPv4");
        Code.JumpIfEqual(R1, Network((ushort)EtherType.IPv6), "IPv6");
        Code.Jump("next");
    }

    /// <summary>Copies octets of the packet to the stack.</summary>
    /// <param name="behind">Octets behind the link header.</param>
    /// <param name="stack">Where they are copied to.</param>
    /// <param name="length">How many; a shorter packet goes to next.</param>
    /// <param name="more">A number on the stack that is added to where they begin; 0 for none.</param>
    protected void LoadPacket(int behind, int stack, int length, int more = 0)
    {
        Code.Move(R1, R6);
        Code.Move(R2, LinkHeader + behind);
        if (more != 0)
        {
            Code.Load(Long, R3, Frame, more);
            Code.Add(R2, R3);
        }

        Code.Address(R3, stack);
        Code.Move(R4, length);
        Code.Call(BpfHelper.LoadBytes);
        Code.JumpIfNotEqual(R0, 0, "next");
    }

    /// <summary>Goes to next unless an IPv4 header on the stack has no options and a right checksum.</summary>
    protected void CheckIPv4(int header)
    {
        Code.Load(Octet, R1, Frame, header);
        Code.JumpIfNotEqual(R1, 0x45, "next");
        SumIPv4(header);
        Code.JumpIfNotEqual(R0, ushort.MaxValue, "next");
    }

    /// <summary>Goes to next unless a header on the stack is IPv6.</summary>
    protected void CheckIPv6(int header)
    {
        Code.Load(Octet, R1, Frame, header);
        Code.And(R1, 0xF0);
        Code.JumpIfNotEqual(R1, 0x60, "next");
    }

    /// <summary>Writes the checksum of an IPv4 header on the stack.</summary>
    protected void WriteIPv4Checksum(int header)
    {
        Code.Store(Short, Frame, header + 10, 0);
        SumIPv4(header);
        Code.ExclusiveOr(R0, ushort.MaxValue);
        Code.Store(Short, Frame, header + 10, R0);
    }

    /// <summary>R1 = the length that a header on the stack says.</summary>
    protected void LoadTotalLength(int header, bool isIPv4)
    {
        Code.Load(Short, R1, Frame, header + (isIPv4 ? 2 : 4));
        Code.SwapToNetwork(R1, 16);
        if (!isIPv4)
        {
            Code.Add(R1, IPv6Header);
        }
    }

    /// <summary>R1 = DSCP and ECN of a header on the stack.</summary>
    protected void LoadTrafficClass(int header, bool isIPv4)
    {
        if (isIPv4)
        {
            Code.Load(Octet, R1, Frame, header + 1);
            return;
        }

        Code.Load(Short, R1, Frame, header);
        Code.SwapToNetwork(R1, 16);
        Code.ShiftRight(R1, 4);
        Code.And(R1, 0xFF);
    }

    /// <summary>Copies an address from one place on the stack to another, where it takes 16 octets.</summary>
    protected void CopyAddress(int from, int to, bool isIPv4)
    {
        if (isIPv4)
        {
            Code.Load(Word, R1, Frame, from);
            Code.Store(Word, Frame, to, R1);
            Code.Store(Word, Frame, to + 4, 0);
            Code.Store(Long, Frame, to + 8, 0);
            return;
        }

        foreach (var half in (ReadOnlySpan<int>)[0, 8])
        {
            Code.Load(Long, R1, Frame, from + half);
            Code.Store(Long, Frame, to + half, R1);
        }
    }

    /// <summary>R0 = the route to an address on the stack; goes elsewhere when there is none.</summary>
    protected void FindRoute(int address, bool isIPv4, string otherwise)
    {
        FindRoute(address, isIPv4);
        Code.JumpIfEqual(R0, 0, otherwise);
    }

    /// <summary>R0 = the route to an address on the stack, or 0.</summary>
    protected void FindRoute(int address, bool isIPv4)
    {
        WritePrefix(address, isIPv4);
        Code.Lookup(Maps.Routes, Prefix);
    }

    /// <summary>Makes an address on the stack the key of a prefix.</summary>
    protected void WritePrefix(int address, bool isIPv4)
    {
        Code.Store(Word, Frame, Prefix, FamilyBits + (isIPv4 ? 32 : 128));
        Code.Store(Word, Frame, Prefix + 4, isIPv4 ? IPv4 : IPv6);
        CopyAddress(address, Prefix + PrefixAddress, isIPv4);
    }

    /// <summary>Goes elsewhere unless an address on the stack is unicast and, for IPv6, not link-local.</summary>
    /// <param name="address">Where it stands.</param>
    /// <param name="isIPv4">Its family.</param>
    /// <param name="isSource">True when it must not be a loopback address either.</param>
    /// <param name="otherwise">Where to go.</param>
    protected void CheckScope(int address, bool isIPv4, bool isSource, string otherwise)
    {
        if (isIPv4)
        {
            Code.Load(Word, R1, Frame, address);
            Code.SwapToNetwork(R1, 32);
            Code.JumpIfEqual(R1, 0, otherwise);
            Code.Move(R2, R1);
            Code.Add(R2, 1);
            Code.ShiftRight(R2, 32);
            Code.JumpIfNotEqual(R2, 0, otherwise);
            Code.ShiftRight(R1, 24);
            if (isSource)
            {
                Code.JumpIfEqual(R1, 127, otherwise);
            }

            Code.ShiftRight(R1, 4);
            Code.JumpIfEqual(R1, 0xE, otherwise);
            return;
        }

        var fine = $"scope {address} {isSource}";
        Code.Load(Long, R1, Frame, address);
        Code.SwapToNetwork(R1, 64);
        Code.Move(R2, R1);
        Code.ShiftRight(R2, 54);
        Code.JumpIfEqual(R2, 0x3FA, otherwise);
        Code.ShiftRight(R2, 2);
        Code.JumpIfEqual(R2, 0xFF, otherwise);
        Code.JumpIfNotEqual(R1, 0, fine);
        Code.Load(Long, R1, Frame, address + 8);
        if (isSource)
        {
            // Unspecified, loopback, and what has an IPv4 address in it: user space tells them apart.
            Code.SwapToNetwork(R1, 64);
            Code.ShiftRight(R1, 32);
            Code.JumpIfEqual(R1, 0, "next");
            Code.JumpIfEqual(R1, 0xFFFF, "next");
        }
        else
        {
            Code.JumpIfEqual(R1, 0, otherwise);
        }

        Code.Label(fine);
    }

    /// <summary>Counts the packet and its R7 octets for the tunnel.</summary>
    protected void CountPacket(int pair)
    {
        Code.Lookup(Maps.Counters, Tunnel);
        Code.JumpIfEqual(R0, 0, "counted");
        Code.Load(Long, R1, R0, pair * sizeof(long));
        Code.Load(Long, R2, Frame, Packets);
        Code.Add(R1, R2);
        Code.Store(Long, R0, pair * sizeof(long), R1);
        Code.Load(Long, R1, R0, (pair + 1) * sizeof(long));
        Code.Add(R1, R7);
        Code.Store(Long, R0, (pair + 1) * sizeof(long), R1);
        Code.Label("counted");
    }

    /// <summary>The ends of the program: one for each cause to drop a packet, which is counted for the tunnel.</summary>
    protected void Finish()
    {
        foreach (var cause in Enum.GetValues<KernelDrop>().Where(cause => Code.Reaches(cause.ToString())))
        {
            var at = (Drops + (int)cause) * sizeof(long);
            Code.Label(cause.ToString());
            Code.Lookup(Maps.Counters, Tunnel);
            Code.JumpIfEqual(R0, 0, "drop");
            Code.Load(Long, R1, R0, at);
            Code.Load(Long, R2, Frame, Packets);
            Code.Add(R1, R2);
            Code.Store(Long, R0, at, R1);
            Code.Jump("drop");
        }

        Code.Label("drop");
        Code.Return(BpfProgram.Drop);
        Code.Label("next");
        Code.Return(BpfProgram.Next);
    }

    /// <summary>R0 = the sum of an IPv4 header on the stack, in 16 bits.</summary>
    private void SumIPv4(int header)
    {
        Code.Move(R1, 0);
        Code.Move(R2, 0);
        Code.Address(R3, header);
        Code.Move(R4, IPv4Header);
        Code.Move(R5, 0);
        Code.Call(BpfHelper.ChecksumDifference);
        for (var carry = 0; carry < 2; carry++)
        {
            Code.Move(R1, R0);
            Code.ShiftRight(R1, 16);
            Code.And(R0, ushort.MaxValue);
            Code.Add(R0, R1);
        }
    }
}
