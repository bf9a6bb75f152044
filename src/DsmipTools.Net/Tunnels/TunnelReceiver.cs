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
    /// <summary>Octets in front of the packet inside: IPv6 and UDP headers.</summary>
    private const int Headroom = 48;

    private const int TypeDatagram = 2;
    private const int ReceiveTrafficClassIPv4 = 13;
    private const int TrafficClassIPv4 = 1;
    private const int ReceivePacketInformationIPv6 = 49;
    private const int PacketInformationIPv6 = 50;
    private const int ReceiveTrafficClassIPv6 = 66;
    private const int TrafficClassIPv6 = 67;
    private const int LongestAddress = 28;
    private const int ControlSize = 128;
    private const int MaximumErrorsAtOnce = 64;

    private readonly IpProtocol protocol;
    private readonly Endpoint local;

    /// <summary>Opens a socket.</summary>
    /// <param name="protocol">IPv4, IPv6, Gre, MinimalEncapsulation or Udp; Icmp or IcmpV6 for the errors about packets that have left.</param>
    /// <param name="local">The address and port of UDP; of the others, an address of the family.</param>
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
                RawSockets.Bind(Socket, local);
            }
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public SafePacketSocket Socket { get; }

    /// <summary>Receives a packet, if there is one.</summary>
    /// <param name="buffer">Room for the longest packet and its headers.</param>
    /// <param name="packet">The packet, in the buffer.</param>
    public bool TryReceive(Span<byte> buffer, out ReadOnlySpan<byte> packet)
    {
        var address = stackalloc byte[LongestAddress];
        var control = stackalloc byte[ControlSize];
        for (var failures = 0; failures < MaximumErrorsAtOnce; failures++)
        {
            nint received;
            Linux.MessageHeader message;
            fixed (byte* start = buffer)
            {
                var vector = new Linux.Vector { Start = start + Headroom, Length = (nuint)(buffer.Length - Headroom) };
                message = new Linux.MessageHeader
                {
                    Address = address, AddressLength = LongestAddress, Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize,
                };
                received = PacketSocketCalls.ReceiveMessage(Socket, &message, Linux.DoNotWait);
            }

            if (received >= 0)
            {
                var source = LinuxUdpTransport.ReadAddress(new ReadOnlySpan<byte>(address, (int)message.AddressLength)) ?? default;
                packet = WithHeaders(buffer, (int)received, source, new ReadOnlySpan<byte>(control, (int)message.ControlLength));
                return true;
            }

            // What is no error of the socket is an ICMP error of a peer: told once, and no reason to stop.
            if (Marshal.GetLastPInvokeError() == Linux.WouldBlock)
            {
                break;
            }
        }

        packet = default;
        return false;
    }

    public void Dispose() => Socket.Dispose();

    private ReadOnlySpan<byte> WithHeaders(Span<byte> buffer, int received, Endpoint source, ReadOnlySpan<byte> control)
    {
        if (local.Address.IsIPv4 && protocol != IpProtocol.Udp)
        {
            return buffer.Slice(Headroom, received);
        }

        var destination = local.Address;
        byte trafficClass = 0;
        ReadControl(control, ref destination, ref trafficClass);
        var headers = (destination.IsIPv4 ? 20 : 40) + (protocol == IpProtocol.Udp ? UdpHeader.Fields.Layout.Length : 0);
        var frame = buffer.Slice(Headroom - headers, headers + received);
        frame[..headers].Clear();
        var behind = TunnelFrame.WriteHeader(source.Address, destination, protocol, trafficClass, false, 0, frame);
        if (protocol == IpProtocol.Udp)
        {
            TunnelFrame.WriteUdp(source, local, behind);
        }

        return frame;
    }

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
