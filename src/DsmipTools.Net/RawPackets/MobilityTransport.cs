using System.Diagnostics;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Netfilter;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;

namespace DsmipTools.Net.RawPackets;

/// <summary>
/// Mobility Headers right behind IPv6 (RFC 6275, 6.1), with a Home Address option and a type 2 routing header where their envelope has them, of
/// one address of this host. It is made for a dedicated thread that waits, receives and sends; <see cref="Wake"/> alone may be called from
/// any thread. Errors of the network, ICMPv6 answers included, are counted and reported; they never end the loop.
/// </summary>
/// <remarks>
/// Linux, with the capability CAP_NET_RAW; kernels with and without Mobile IPv6. Everything belongs to the network namespace of the thread
/// that opens it.
/// </remarks>
public sealed unsafe class MobilityTransport : IDisposable
{
    /// <summary>The longest packet; a buffer of this length takes every message with its headers.</summary>
    public const int MaximumPacket = 65_535 + IPv6HeaderLength;

    private const int IPv6HeaderLength = 40;
    private const int LongestAddress = 28;
    private const int ControlSize = 4096;
    private const int SendPatienceMilliseconds = 10;

    private const int Checksum = 7;
    private const int ReceiveRoutingHeader = 56;
    private const int RoutingHeader = 57;
    private const int ReceiveDestinationOptions = 58;
    private const int DestinationOptions = 59;

    private readonly SafeEventDescriptor wakeUp;
    private readonly SafePacketSocket messages;
    private readonly SafePacketSocket routed;
    private readonly SafePacketSocket optioned;
    private readonly SafePacketSocket sending;
    private readonly ParameterProblemFilter? filter;
    private readonly byte[] output = new byte[MaximumPacket];
    private long received;
    private long sent;
    private long sendLost;
    private long truncated;
    private long errors;

    private MobilityTransport(Address local)
    {
        Local = new Endpoint(local, 0);
        try
        {
            wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
            messages = Open(IpProtocol.MobilityHeader);
            // Agents verify the checksum, by the addresses that an option may name, and count what is wrong.
            RawSockets.SetNumber(messages, Linux.LevelIPv6, Checksum, -1);
            RawSockets.SetNumber(messages, Linux.LevelIPv6, Linux.ReceiveErrorsIPv6, 1);
            routed = Open(IpProtocol.Routing);
            optioned = Open(IpProtocol.DestinationOptions);
            sending = RawSockets.OpenHeaderIncluded(isIPv4: false, null);
            filter = TryKeepQuiet(out var reason);
            NotQuiet = reason;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The address.</summary>
    public Endpoint Local { get; }

    /// <summary>
    /// Why the kernel may tell a peer by ICMPv6 Parameter Problem that it does not know a type 2 routing header or a Home Address option; null
    /// when it is kept from that.
    /// </summary>
    public NetException? NotQuiet { get; }

    /// <summary>What has been counted.</summary>
    public UdpStatistics Statistics => new(
        Volatile.Read(ref received), Volatile.Read(ref sent), Volatile.Read(ref sendLost), Volatile.Read(ref truncated), Volatile.Read(ref errors));

    /// <summary>Called on the thread of the loop for each error that was survived.</summary>
    public Action<UdpFault>? Fault { get; set; }

    /// <summary>Opens a transport.</summary>
    /// <param name="local">An IPv6 address of this host.</param>
    /// <exception cref="NetException">The privilege is missing, the address is none of this host's, or the system is not Linux.</exception>
    public static MobilityTransport Open(Address local)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, "Mobility Headers over IPv6 need raw sockets as Linux has them. In UDP they travel everywhere.");
        }

        if (!local.IsIPv6)
        {
            throw new ArgumentException($"Mobility Headers stand behind IPv6, and {local} is an IPv4 address.", nameof(local));
        }

        SourceAddress.ThrowUnlessLocal(local);
        return new MobilityTransport(local);
    }

    /// <summary>Waits until a message has come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    /// <param name="timeout">How long; zero or less looks once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public WaitResult Wait(TimeSpan timeout)
    {
        const int Sockets = 3;
        var start = Stopwatch.GetTimestamp();
        var descriptors = stackalloc Linux.PollDescriptor[Sockets + 1];
        while (true)
        {
            descriptors[0] = Readable(messages);
            descriptors[1] = Readable(routed);
            descriptors[2] = Readable(optioned);
            descriptors[Sockets] = Readable(wakeUp);
            var left = timeout - Stopwatch.GetElapsedTime(start);
            var milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1
                : left <= TimeSpan.Zero ? 0
                : (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalMilliseconds));
            if (Linux.Poll(descriptors, Sockets + 1, milliseconds) > 0)
            {
                return ResultOf(descriptors, Sockets);
            }

            if (milliseconds == 0)
            {
                return WaitResult.TimedOut;
            }
        }
    }

    /// <summary>Receives a message, if one has come.</summary>
    /// <param name="buffer">Room for it and its headers; a longer one is counted and skipped.</param>
    /// <param name="message">The message, a part of the buffer.</param>
    /// <param name="envelope">How it came.</param>
    public bool TryReceive(Span<byte> buffer, out ReadOnlySpan<byte> message, out Envelope envelope) =>
        TryReceive(messages, IpProtocol.MobilityHeader, buffer, out message, out envelope)
        || TryReceive(routed, IpProtocol.Routing, buffer, out message, out envelope)
        || TryReceive(optioned, IpProtocol.DestinationOptions, buffer, out message, out envelope);

    /// <summary>Sends a message. False when it is lost for a reason that this host knows; it is counted and reported.</summary>
    /// <param name="envelope">How: <see cref="Transport.IPv6"/>, from the address of this transport.</param>
    /// <param name="message">The message, sealed.</param>
    /// <exception cref="ArgumentException">The envelope is another transport's, or the packet is too long for IP.</exception>
    public bool Send(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        if (envelope.Transport != Transport.IPv6 || envelope.IsProtected || envelope.Source.Address != Local.Address)
        {
            throw new ArgumentException($"{Local.Address} sends Mobility Headers over IPv6 in its own name, not {envelope}.", nameof(envelope));
        }

        // Without the headers that name home addresses the kernel composes the packet, and fragments what is longer than the path.
        var isPlain = envelope.InnerSource is null && envelope.InnerDestination is null;
        return isPlain
            ? SendBy(messages, message, envelope.Destination)
            : SendBy(sending, output.AsSpan(0, PacketFrame.Write(envelope, message, output)), envelope.Destination);
    }

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    public void Wake() => wakeUp.Signal();

    /// <summary>Closes the sockets; the kernel answers as it did before.</summary>
    public void Dispose()
    {
        filter?.Dispose();
        messages?.Dispose();
        routed?.Dispose();
        optioned?.Dispose();
        sending?.Dispose();
        wakeUp?.Dispose();
    }

    private SafePacketSocket Open(IpProtocol protocol)
    {
        var opened = RawSockets.Open(Linux.FamilyIPv6, PacketSocketCalls.TypeRaw, (int)protocol);
        try
        {
            RawSockets.SetBuffer(opened, RawSockets.ReceiveBuffer, RawSockets.ReceiveBufferForced);
            RawSockets.SetNumber(opened, Linux.LevelIPv6, ReceiveRoutingHeader, 1);
            RawSockets.SetNumber(opened, Linux.LevelIPv6, ReceiveDestinationOptions, 1);
            RawSockets.Bind(opened, Local);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private ParameterProblemFilter? TryKeepQuiet(out NetException? reason)
    {
        try
        {
            reason = null;
            return new ParameterProblemFilter(Local.Address, IpProtocol.Routing, IpProtocol.DestinationOptions);
        }
        catch (NetException exception)
        {
            reason = exception;
            return null;
        }
    }

    private WaitResult ResultOf(Linux.PollDescriptor* descriptors, int sockets)
    {
        var result = WaitResult.TimedOut;
        for (var i = 0; i < sockets; i++)
        {
            ObjectDisposedException.ThrowIf((descriptors[i].Returned & Linux.Invalid) != 0, this);
            result |= (descriptors[i].Returned & Linux.Readable) != 0 ? WaitResult.Data : 0;
        }

        if ((descriptors[0].Returned & Linux.Error) != 0)
        {
            ErrorQueue.Read(messages, Report);
        }

        if ((descriptors[sockets].Returned & Linux.Readable) != 0)
        {
            ulong count;
            Linux.Read(wakeUp, &count, sizeof(ulong));
            result |= WaitResult.Woken;
        }

        return result;
    }

    private bool TryReceive(SafePacketSocket socket, IpProtocol protocol, Span<byte> buffer, out ReadOnlySpan<byte> message, out Envelope envelope)
    {
        var address = stackalloc byte[LongestAddress];
        var control = stackalloc byte[ControlSize];
        // Whatever comes that is for others, deadlines and commands have their turn.
        for (var looked = 0; looked < ErrorQueue.MaximumAtOnce; looked++)
        {
            nint length;
            Linux.MessageHeader header;
            fixed (byte* start = buffer[IPv6HeaderLength..])
            {
                var vector = new Linux.Vector { Start = start, Length = (nuint)(buffer.Length - IPv6HeaderLength) };
                header = new Linux.MessageHeader
                {
                    Address = address, AddressLength = LongestAddress, Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize,
                };
                length = Linux.ReceiveMessage(socket, &header, Linux.DoNotWait | Linux.FullLength);
            }

            if (length > buffer.Length - IPv6HeaderLength)
            {
                truncated++;
            }
            else if (length >= 0)
            {
                var source = LinuxUdpTransport.ReadAddress(new ReadOnlySpan<byte>(address, (int)header.AddressLength)) ?? default;
                if (!IsSeenElsewhere(protocol, new ReadOnlySpan<byte>(control, (int)Math.Min(header.ControlLength, ControlSize)))
                    && TryRead(protocol, source.Address, buffer[..(IPv6HeaderLength + (int)length)], out message, out envelope))
                {
                    received++;
                    return true;
                }
            }
            else
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Linux.WouldBlock)
                {
                    break;
                }

                if (errno != Linux.Interrupted && ErrorQueue.Read(socket, Report) == 0)
                {
                    Report(new UdpFault(Linux.ErrorOf(errno), errno, null, null));
                }
            }
        }

        message = default;
        envelope = default;
        return false;
    }

    /// <summary>
    /// A raw socket has a packet as soon as its header is reached, whether the kernel knows that header or not. What a kernel with Mobile
    /// IPv6 then walks past comes to the sockets of later headers too: the first one counts, which has the addresses as they came.
    /// </summary>
    private static bool IsSeenElsewhere(IpProtocol protocol, ReadOnlySpan<byte> control)
    {
        const byte TypeAt = 2;
        while (ControlMessage.TryTake(ref control, out var level, out var type, out var data))
        {
            if (level == Linux.LevelIPv6
                && ((type == RoutingHeader && protocol != IpProtocol.Routing && data.Length > TypeAt && data[TypeAt] == Type2RoutingHeader.Type)
                    || (type == DestinationOptions && protocol == IpProtocol.MobilityHeader && PacketFrame.HasHomeAddress(data))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what a socket gave behind the IPv6 header, which the kernel took off. What brings no Mobility Header is for others.</summary>
    private bool TryRead(IpProtocol protocol, Address source, Span<byte> packet, out ReadOnlySpan<byte> message, out Envelope envelope)
    {
        packet[..IPv6HeaderLength].Clear();
        IPv6Header.Fields.Version.Write(packet, 6);
        IPv6Header.Fields.PayloadLength.Write(packet, (ulong)(packet.Length - IPv6HeaderLength));
        IPv6Header.Fields.NextHeader.Write(packet, (byte)protocol);
        IPv6Header.Fields.Source.Write(packet, source);
        IPv6Header.Fields.Destination.Write(packet, Local.Address);
        // Where the header names no home address, the kernel walks past it, and the next socket has the packet.
        return PacketFrame.TryRead(packet, Transport.IPv6, out envelope, out message, out _)
            && !envelope.IsProtected
            && protocol switch
            {
                IpProtocol.Routing => envelope.InnerDestination is not null,
                IpProtocol.DestinationOptions => envelope.InnerSource is not null,
                _ => true,
            };
    }

    private bool SendBy(SafePacketSocket socket, ReadOnlySpan<byte> packet, Endpoint destination)
    {
        var address = stackalloc byte[LongestAddress];
        // A raw socket takes no port.
        var length = LinuxUdpTransport.WriteAddress(destination with { Port = 0 }, new Span<byte>(address, LongestAddress));
        var mayWait = true;
        var mayRetry = true;
        while (true)
        {
            nint result;
            fixed (byte* start = packet)
            {
                result = Linux.SendTo(socket, start, (nuint)packet.Length, Linux.DoNotWait | Linux.NoSignal, address, length);
            }

            if (result >= 0)
            {
                sent++;
                return true;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno == Linux.Interrupted)
            {
                continue;
            }

            if (errno is Linux.WouldBlock or Linux.NoBuffers && mayWait)
            {
                mayWait = false;
                var descriptor = Readable(socket) with { Events = Linux.Writable };
                Linux.Poll(&descriptor, 1, SendPatienceMilliseconds);
                continue;
            }

            // The error may be that of an earlier packet to somebody else: then this one was not sent.
            if (ErrorQueue.Read(messages, Report) > 0 && mayRetry)
            {
                mayRetry = false;
                continue;
            }

            Report(new UdpFault(Linux.ErrorOf(errno), errno, destination, null));
            sendLost++;
            return false;
        }
    }

    private void Report(UdpFault fault)
    {
        errors++;
        Fault?.Invoke(fault);
    }

    private static Linux.PollDescriptor Readable(SafeHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Readable };
}
