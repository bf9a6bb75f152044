using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.RawPackets;

/// <summary>
/// Sends packets with all their headers, and receives those that come to this host: IP packets by a raw socket and a packet socket, frames by a
/// packet socket alone. Linux, with the capability CAP_NET_RAW. One thread at a time uses it; <see cref="Wake"/> alone any.
/// </summary>
public sealed unsafe class RawPacketTransport : IDisposable
{
    /// <summary>The longest packet or frame.</summary>
    public const int MaximumPacket = 65_535 + 40;

    private const int ReceiveBuffer = 8;
    private const int ReceiveBufferSize = 4 << 20;
    private const int LongestAddress = 28;
    private const int ScopeAt = 24;
    private const int NotPermitted = 1;
    private const ushort AllProtocols = 3;

    private readonly string? interfaceName;
    private readonly int interfaceIndex;
    private readonly SafeEventDescriptor wakeUp;
    private readonly SafePacketSocket receiving;
    private readonly SafePacketSocket? sending;
    private readonly Dictionary<int, IDisposable?> quiet = [];

    [SuppressMessage("Reliability", "CA2000", Justification = "The handles are disposed with the transport, or here when it cannot be made.")]
    private RawPacketTransport(LinkType linkType, string? interfaceName)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, "Packets with all their headers can be sent on Linux only; messages in UDP everywhere.");
        }

        LinkType = linkType;
        this.interfaceName = interfaceName;
        interfaceIndex = interfaceName is null ? 0 : SourceAddress.InterfaceIndex(interfaceName);
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        try
        {
            var protocol = linkType == LinkType.IPv4 ? (ushort)EtherType.IPv4 : linkType == LinkType.IPv6 ? (ushort)EtherType.IPv6 : AllProtocols;
            receiving = RawSockets.Open(PacketSocketCalls.FamilyPacket, linkType == LinkType.Ethernet ? PacketSocketCalls.TypeRaw : PacketSocketCalls.TypeDatagram, 0);
            RawSockets.SetNumber(receiving, PacketSocketCalls.LevelSocket, ReceiveBuffer, ReceiveBufferSize);
            var address = new PacketSocketCalls.LinkAddress
            {
                Family = PacketSocketCalls.FamilyPacket,
                Protocol = BigEndian(protocol),
                Interface = interfaceIndex,
            };
            if (PacketSocketCalls.Bind(receiving, &address, (uint)sizeof(PacketSocketCalls.LinkAddress)) != 0)
            {
                throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), $"The packet socket cannot be bound to {interfaceName ?? "the interfaces"}.");
            }

            sending = linkType == LinkType.Ethernet ? null : RawSockets.OpenHeaderIncluded(linkType == LinkType.IPv4, interfaceName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What packets begin with: IPv4, IPv6 or Ethernet.</summary>
    public LinkType LinkType { get; }

    /// <summary>Opens a transport for packets that begin with an IP header.</summary>
    /// <param name="isIPv4">True for IPv4, false for IPv6.</param>
    /// <param name="interfaceName">The interface to use; null for the one of the route, and for answers on any.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public static RawPacketTransport OpenIP(bool isIPv4, string? interfaceName = null) => new(isIPv4 ? LinkType.IPv4 : LinkType.IPv6, interfaceName);

    /// <summary>Opens a transport for frames that begin with an Ethernet header.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public static RawPacketTransport OpenEthernet(string interfaceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        return new RawPacketTransport(LinkType.Ethernet, interfaceName);
    }

    /// <summary>
    /// Sends a packet as it is. Of an IPv4 header the kernel always fills in checksum and total length, and an identification of zero: a
    /// packet where that would correct what is wrong goes by the packet socket where the interface has no link-layer addresses, and is
    /// refused elsewhere.
    /// </summary>
    /// <param name="packet">The packet or frame.</param>
    /// <exception cref="ArgumentException">It is too short, or would not leave as it is.</exception>
    /// <exception cref="NetException">The operating system refuses.</exception>
    public void Send(ReadOnlySpan<byte> packet)
    {
        var header = LinkType switch
        {
            LinkType.IPv4 => IPv4Header.Fields.Layout,
            LinkType.IPv6 => IPv6Header.Fields.Layout,
            _ => EthernetHeader.Fields.Layout,
        };
        if (packet.Length < header.Length)
        {
            throw new ArgumentException($"{packet.Length} octets are too few: the {header.Name} header alone has {header.Length}.", nameof(packet));
        }

        if (LinkType == LinkType.Ethernet)
        {
            SendByPacketSocket(packet, AllProtocols);
            return;
        }

        var destination = LinkType == LinkType.IPv4 ? IPv4Header.Fields.Destination.ReadAddress(packet) : IPv6Header.Fields.Destination.ReadAddress(packet);
        if (LinkType == LinkType.IPv4 && IsCorrectedByKernel(packet))
        {
            SendWrongIPv4(packet, destination);
            return;
        }

        var address = stackalloc byte[LongestAddress];
        var length = LinuxUdpTransport.WriteAddress(new Endpoint(destination, 0), new Span<byte>(address, LongestAddress));
        if (destination.IsIPv6 && (destination.IsLinkLocal || destination.IsMulticast))
        {
            MemoryMarshal.Write(new Span<byte>(address + ScopeAt, sizeof(int)), interfaceIndex);
        }

        SendBy(sending!, packet, address, length, destination);
    }

    /// <summary>Lets through what is addressed to this address alone; null lets all through.</summary>
    public void ListenFor(Address? address)
    {
        if (LinkType == LinkType.Ethernet)
        {
            return;
        }

        var instructions = DestinationFilter(address);
        fixed (FilterInstruction* first = instructions)
        {
            var program = new PacketSocketCalls.Program { Length = (ushort)instructions.Length, Instructions = first };
            if (PacketSocketCalls.SetOption(
                receiving, PacketSocketCalls.LevelSocket, PacketSocketCalls.AttachFilter, &program, (uint)sizeof(PacketSocketCalls.Program)) != 0)
            {
                throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The kernel does not take the filter for answers.");
            }
        }
    }

    /// <summary>
    /// Keeps the kernel from answering with ICMP what it takes for nobody's: an answer of this protocol. What cannot be had is done without.
    /// </summary>
    /// <param name="protocol">The protocol behind the IP header.</param>
    /// <param name="local">The address, and for UDP the port.</param>
    public void KeepQuiet(IpProtocol protocol, Endpoint local)
    {
        var key = ((byte)protocol << 16) | local.Port;
        if (protocol is IpProtocol.Icmp or IpProtocol.IcmpV6 or IpProtocol.Tcp || quiet.ContainsKey(key))
        {
            return;
        }

        quiet.Add(key, protocol == IpProtocol.Udp ? HoldPort(local) : HoldProtocol(local.Address.IsIPv4, protocol));
    }

    /// <summary>Waits until a packet has come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    /// <param name="timeout">How long; zero or less looks once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public WaitResult Wait(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(start);
            var milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1
                : left <= TimeSpan.Zero ? 0
                : (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalMilliseconds));
            if (wakeUp.Poll(receiving, milliseconds, out var returned, out var signalled))
            {
                ObjectDisposedException.ThrowIf((returned & Linux.Invalid) != 0, this);
                return (returned != 0 ? WaitResult.Data : 0) | (signalled ? WaitResult.Woken : 0);
            }

            if (milliseconds == 0)
            {
                return WaitResult.TimedOut;
            }
        }
    }

    /// <summary>Receives a packet that came from outside, or that this host sent to itself, if there is one.</summary>
    /// <param name="buffer">Where to put it; a longer one is cut.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="NetException">The interface is gone.</exception>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        while (true)
        {
            PacketSocketCalls.LinkAddress from;
            var addressLength = (uint)sizeof(PacketSocketCalls.LinkAddress);
            nint result;
            fixed (byte* start = buffer)
            {
                result = Linux.ReceiveFrom(receiving, start, (nuint)buffer.Length, Linux.DoNotWait, (byte*)&from, &addressLength);
            }

            if (result < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                switch (errno)
                {
                    case Linux.Interrupted or PacketSocketCalls.NetworkDown:
                        continue;
                    case Linux.WouldBlock:
                        length = 0;
                        return false;
                    default:
                        throw PacketSocketDevice.Failure(errno, $"Answers can no longer be received{(interfaceName is null ? "" : $" on {interfaceName}")}.");
                }
            }

            // What this host sends is shown too, and on the loopback interface it is received besides.
            if (from.PacketType != (byte)LinuxPacketType.FromThisHost)
            {
                length = (int)result;
                return true;
            }
        }
    }

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    public void Wake() => wakeUp.Signal();

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        foreach (var held in quiet.Values)
        {
            held?.Dispose();
        }

        quiet.Clear();
        receiving?.Dispose();
        sending?.Dispose();
        wakeUp?.Dispose();
    }

    /// <summary>True when the kernel would correct something in an IPv4 header that it is given.</summary>
    internal static bool IsCorrectedByKernel(ReadOnlySpan<byte> packet)
    {
        var length = IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4;
        return IPv4Header.Fields.Version.ReadByte(packet) != 4
            || length < IPv4Header.Fields.Layout.Length
            || length > packet.Length
            || IPv4Header.Fields.TotalLength.ReadUInt16(packet) != packet.Length
            || IPv4Header.Fields.Source.ReadAddress(packet).IsUnspecified
            || InternetChecksum.Finish(InternetChecksum.Sum(packet[..length])) != 0;
    }

    internal static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private void SendWrongIPv4(ReadOnlySpan<byte> packet, Address destination)
    {
        var hasNoAddresses = interfaceName is not null && Array.Find(NetworkInterface.GetAllNetworkInterfaces(), each => each.Name == interfaceName) is { } found
            && (found.NetworkInterfaceType == NetworkInterfaceType.Loopback || found.GetPhysicalAddress().GetAddressBytes().Length == 0);
        if (!hasNoAddresses)
        {
            throw new ArgumentException(
                $"The kernel would correct the IPv4 header of the packet to {destination} (version, header length, total length, checksum or an unspecified source), "
                    + "so that it would not leave as it is. Send it with an Ethernet header in front, on an interface (-Interface).",
                nameof(packet));
        }

        SendByPacketSocket(packet, (ushort)EtherType.IPv4);
    }

    private void SendByPacketSocket(ReadOnlySpan<byte> packet, ushort protocol)
    {
        var address = new PacketSocketCalls.LinkAddress
        {
            Family = PacketSocketCalls.FamilyPacket,
            Protocol = BigEndian(protocol),
            Interface = interfaceIndex,
            Length = 6,
        };
        SendBy(receiving, packet, (byte*)&address, (uint)sizeof(PacketSocketCalls.LinkAddress), null);
    }

    private void SendBy(SafePacketSocket socket, ReadOnlySpan<byte> packet, byte* address, uint addressLength, Address? destination)
    {
        while (true)
        {
            nint result;
            fixed (byte* start = packet)
            {
                result = Linux.SendTo(socket, start, (nuint)packet.Length, Linux.NoSignal, address, addressLength);
            }

            if (result >= 0)
            {
                return;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno != Linux.Interrupted)
            {
                throw SendFailure(errno, packet.Length, destination);
            }
        }
    }

    private NetException SendFailure(int errno, int length, Address? destination)
    {
        var to = destination is { } address ? $"to {address}" : $"on {interfaceName}";
        var error = Linux.ErrorOf(errno);
        return new NetException(error, errno, destination is { } known ? new Endpoint(known, 0) : default, error switch
        {
            NetError.MessageTooLong => $"The packet of {length} octets is longer than the MTU of the way {to}: it has to be sent in fragments.",
            NetError.NetworkUnreachable or NetError.HostUnreachable when errno == PacketSocketCalls.NetworkDown => $"The interface {interfaceName} is down.",
            NetError.NetworkUnreachable or NetError.HostUnreachable => $"This host has no route {to}.",
            NetError.AccessDenied when errno == NotPermitted => $"A rule of a firewall does not let the packet {to} out.",
            NetError.AddressNotAvailable or NetError.Other when destination is { IsLinkLocal: true } && interfaceName is null =>
                $"{destination} is a link-local address: name the interface (-Interface).",
            _ => $"The packet {to} cannot be sent.",
        });
    }

    /// <summary>A program for the packets to an address; offsets count from the IP header, because the socket has no link header.</summary>
    private static FilterInstruction[] DestinationFilter(Address? address)
    {
        const ushort LoadWord = 0x20, JumpIfEqual = 0x15, Return = 0x06;
        if (address is not { } wanted)
        {
            return [new FilterInstruction(Return, 0, 0, MaximumPacket)];
        }

        Span<byte> octets = stackalloc byte[16];
        var words = wanted.Write(octets) / 4;
        var first = wanted.IsIPv4 ? IPv4Header.Fields.Destination.Offset : IPv6Header.Fields.Destination.Offset;
        var program = new FilterInstruction[(2 * words) + 2];
        for (var word = 0; word < words; word++)
        {
            program[2 * word] = new FilterInstruction(LoadWord, 0, 0, (uint)(first + (4 * word)));
            program[(2 * word) + 1] = new FilterInstruction(
                JumpIfEqual, 0, (byte)(2 * (words - word) - 1), BinaryPrimitives.ReadUInt32BigEndian(octets[(4 * word)..]));
        }

        program[^2] = new FilterInstruction(Return, 0, 0, MaximumPacket);
        program[^1] = new FilterInstruction(Return, 0, 0, 0);
        return program;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The socket is handed on.")]
    private static Socket? HoldPort(Endpoint local)
    {
        var socket = new Socket(local.Address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = 1;
            socket.Bind(new IPEndPoint(local.Address.ToIPAddress(), local.Port));
            return socket;
        }
        catch (SocketException)
        {
            // Somebody else has it, or the address is none of this host: then the kernel is quiet without this.
            socket.Dispose();
            return null;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The socket is handed on.")]
    private static SafePacketSocket? HoldProtocol(bool isIPv4, IpProtocol protocol)
    {
        var socket = PacketSocketCalls.Socket(
            isIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6, PacketSocketCalls.TypeRaw | PacketSocketCalls.CloseOnExec, (byte)protocol);
        if (socket.IsInvalid)
        {
            socket.Dispose();
            return null;
        }

        // Nobody reads it.
        var least = 1;
        PacketSocketCalls.SetOption(socket, PacketSocketCalls.LevelSocket, ReceiveBuffer, &least, sizeof(int));
        return socket;
    }
}
