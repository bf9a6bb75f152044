using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// A socket that receives the packets of tunnels, each with its outer headers: the kernel takes those of IPv6 and UDP off, and here they are put in
/// front again. Fragments are joined by then. As long as it is open the kernel does not answer such packets with ICMP.
/// </summary>
internal sealed unsafe class TunnelReceiver : IDisposable
{
    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int TypeDatagram = 2;
    private const int ReceiveTrafficClassIPv4 = 13;
    private const int TrafficClassIPv4 = 1;
    private const int ReceivePacketInformationIPv6 = 49;
    private const int PacketInformationIPv6 = 50;
    private const int ReceiveTrafficClassIPv6 = 66;
    private const int TrafficClassIPv6 = 67;
    private const int MaximumErrorsAtOnce = 64;
    private const int DiscoverMtuIPv4 = 10;
    private const int DiscoverMtuIPv6 = 23;

    // IP_PMTUDISC_PROBE and IP_PMTUDISC_OMIT: with and without DF; the MTU of the interface counts, and nobody's ICMP.
    private const int ProbeMtu = 3;
    private const int InterfaceMtu = 5;

    private readonly IpProtocol protocol;
    private readonly Endpoint local;
    private bool dontFragment;

    /// <summary>Opens a socket.</summary>
    /// <param name="protocol">IPv4, IPv6, Gre, MinimalEncapsulation or Udp; Icmp or IcmpV6 for the errors about packets that have left.</param>
    /// <param name="local">The address, and for UDP the port; for the others, port 0.</param>
    /// <exception cref="NetException">The privilege is missing, or the port is in use.</exception>
    public TunnelReceiver(IpProtocol protocol, Endpoint local)
    {
        this.protocol = protocol;
        this.local = local;
        var isIPv4 = local.Address.IsIPv4;
        var isUdp = protocol == IpProtocol.Udp;
        var family = isIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6;
        Socket = isUdp ? RawSockets.Open(family, TypeDatagram, 0) : RawSockets.Open(family, PacketSocketCalls.TypeRaw, (int)protocol);
        try
        {
            RawSockets.SetBuffer(Socket, RawSockets.ReceiveBuffer, RawSockets.ReceiveBufferForced);
            if (isIPv4 && isUdp)
            {
                RawSockets.SetNumber(Socket, Linux.LevelIPv4, ReceiveTrafficClassIPv4, 1);
            }
            else if (!isIPv4)
            {
                RawSockets.SetNumber(Socket, Linux.LevelIPv6, ReceivePacketInformationIPv6, 1);
                RawSockets.SetNumber(Socket, Linux.LevelIPv6, ReceiveTrafficClassIPv6, 1);
            }

            if (protocol is IpProtocol.Icmp or IpProtocol.IcmpV6)
            {
                ErrorFilter.Set(Socket, isIPv4);
            }

            if (isUdp)
            {
                RawSockets.SetBuffer(Socket, RawSockets.SendBuffer, RawSockets.SendBufferForced);
                RawSockets.SetNumber(Socket, isIPv4 ? Linux.LevelIPv4 : Linux.LevelIPv6, isIPv4 ? DiscoverMtuIPv4 : DiscoverMtuIPv6, InterfaceMtu);
                var one = 1;
                // A kernel without it gives datagrams one by one.
                _ = PacketSocketCalls.SetOption(Socket, BatchCalls.LevelUdp, BatchCalls.UdpReceiveOffload, &one, sizeof(int));
            }

            // Other addresses of the host may have tunnels of others.
            RawSockets.Bind(Socket, local);
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public SafePacketSocket Socket { get; }

    /// <summary>The port of UDP, and the address.</summary>
    public Endpoint Local => local;

    /// <summary>True for the socket of a UDP port.</summary>
    public bool IsUdp => protocol == IpProtocol.Udp;

    /// <summary>Receives packets, if there are any, and tells where they stand.</summary>
    /// <returns>True when there may be more.</returns>
    public bool Receive(ReceivedPackets packets)
    {
        packets.Prepare();
        for (var failures = 0; failures < MaximumErrorsAtOnce; failures++)
        {
            var received = BatchCalls.Receive(Socket, packets.Messages, (uint)packets.Wanted, Linux.DoNotWait, 0);
            if (received >= 0)
            {
                packets.Count = received;
                return received == packets.Wanted;
            }

            // What is no error of the socket is an ICMP error of a peer: told once, and no reason to stop.
            if (Marshal.GetLastPInvokeError() == Linux.WouldBlock)
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Octets that the kernel took off in front of what it gave.</summary>
    public int HeadersTaken => local.Address.IsIPv4 && !IsUdp ? 0 : (local.Address.IsIPv4 ? IPv4Length : IPv6Length) + (IsUdp ? UdpHeader.Fields.Layout.Length : 0);

    /// <summary>Puts the headers that the kernel took off in front of a packet again.</summary>
    /// <param name="frame">The packet, behind room for them.</param>
    /// <param name="address">The address that it came from, as the socket told it.</param>
    /// <param name="control">What else the socket told.</param>
    public void WriteHeaders(Span<byte> frame, ReadOnlySpan<byte> address, ReadOnlySpan<byte> control)
    {
        var headers = HeadersTaken;
        if (headers == 0)
        {
            return;
        }

        var source = LinuxUdpTransport.ReadAddress(address) ?? default;
        var destination = local.Address;
        byte trafficClass = 0;
        ReadControl(control, ref destination, ref trafficClass);
        frame[..headers].Clear();
        var behind = TunnelFrame.WriteHeader(source.Address, destination, protocol, trafficClass, false, 0, frame);
        if (IsUdp)
        {
            TunnelFrame.WriteUdp(source, local, behind);
        }
    }

    /// <summary>Says whether routers may fragment what leaves by a UDP socket over IPv4.</summary>
    public void SetDontFragment(bool value)
    {
        if (dontFragment != value)
        {
            dontFragment = value;
            RawSockets.SetNumber(Socket, Linux.LevelIPv4, DiscoverMtuIPv4, value ? ProbeMtu : InterfaceMtu);
        }
    }

    /// <summary>True when <see cref="SetDontFragment"/> would change something.</summary>
    public bool Changes(bool value) => dontFragment != value;

    public void Dispose() => Socket.Dispose();

    private static void ReadControl(ReadOnlySpan<byte> control, ref Address destination, ref byte trafficClass)
    {
        while (ControlMessage.TryTake(ref control, out var level, out var type, out var data))
        {
            switch ((level, type))
            {
                case (Linux.LevelIPv4, TrafficClassIPv4) when data.Length >= 1:
                    trafficClass = data[0];
                    break;
                case (Linux.LevelIPv6, TrafficClassIPv6) when data.Length >= sizeof(int):
                    trafficClass = (byte)MemoryMarshal.Read<int>(data);
                    break;
                case (Linux.LevelIPv6, PacketInformationIPv6) when data.Length >= 16:
                    destination = Address.FromOctets(data[..16]);
                    break;
            }
        }
    }
}
