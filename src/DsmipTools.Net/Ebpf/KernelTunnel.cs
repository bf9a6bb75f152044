using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Net.Ebpf;

/// <summary>Which end of tunnels this host is: it decides about which addresses a program asks its table.</summary>
public enum KernelTunnelEnd
{
    /// <summary>What is behind tunnels is a mobile node's: sources that come out are, and nothing with such a source goes in.</summary>
    Home,

    /// <summary>Mobile nodes are on this side: sources that go in are theirs, and destinations that come out.</summary>
    Access,

    /// <summary>A router's: sources that come out are behind the tunnel, and destinations that go in.</summary>
    Router,
}

/// <summary>A tunnel as the programs in the kernel know it.</summary>
/// <param name="Id">Its number, from 1 on.</param>
/// <param name="Ends">What its packets are known by.</param>
/// <param name="Mtu">The longest packet that goes in, in octets.</param>
public sealed record KernelTunnel(uint Id, TunnelEnds Ends, int Mtu)
{
    /// <summary>The hop limit or TTL of the outer header.</summary>
    public byte HopLimit { get; init; } = PacketFrame.HopLimit;

    /// <summary>Why the kernel cannot carry such a tunnel; null when it can.</summary>
    public static string? WhyNot(in TunnelEnds ends) => ends.Encapsulation switch
    {
        Encapsulation.IpInIp or Encapsulation.Gre => null,
        Encapsulation.Udp when ends.Local.Address.IsIPv4 => null,
        Encapsulation.Udp => "UDP over IPv6 has a checksum over the whole packet, which no program in the kernel can make",
        _ => $"there is no program for {ends.Encapsulation}",
    };
}

/// <summary>What is behind a tunnel.</summary>
/// <param name="Address">The first address.</param>
/// <param name="Length">The length of the prefix.</param>
/// <param name="Tunnel">The number of the tunnel.</param>
/// <param name="SendKey">The GRE key of packets that go in; null for none.</param>
/// <param name="ReceiveKey">The GRE key that packets out of it must have; null for none.</param>
public sealed record KernelRoute(Address Address, byte Length, uint Tunnel, uint? SendKey, uint? ReceiveKey)
{
    /// <summary>True at the access end when packets to other such prefixes need not go through the tunnel: user space has them.</summary>
    public bool MayStay { get; init; }
}
