using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Netlink;

/// <summary>
/// Talks to the kernel's routing (netlink(7), rtnetlink(7)) or packet filter. It belongs to the network namespace that it was opened in. One caller has its turn
/// after the other.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>Links, addresses, routes and rules.</summary>
    public const int Routing = 0;

    /// <summary>IPsec.</summary>
    public const int Security = 6;

    /// <summary>Packet filters (nftables).</summary>
    public const int Netfilter = 12;

    private const int FamilyNetlink = 16;
    private const int LevelNetlink = 270;
    private const int CapAcknowledgements = 10;
    private const int ExtendedAcknowledgements = 11;

    private const ushort Request = 0x001;
    private const ushort Acknowledge = 0x004;
    private const ushort DumpInterrupted = 0x010;
    private const ushort DumpAll = 0x300;

    private const ushort TypeError = 2;
    private const ushort TypeDone = 3;
    private const ushort ErrorMessage = 1;

    private const int NoSuchDevice = 19;
    private const int BufferSize = 1 << 16;

    private readonly Lock gate = new();
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly SafePacketSocket socket;
    private uint sequence;

    /// <summary>Opens a socket.</summary>
    /// <param name="protocol">Whom it talks to: <see cref="Routing"/>, <see cref="Security"/> or <see cref="Netfilter"/>.</param>
    /// <exception cref="NetException">The system is not Linux, or there are no more sockets.</exception>
    public NetlinkSocket(int protocol = Routing)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, $"The host's interfaces and routes are changed on Linux only; this is {RuntimeInformation.OSDescription}.");
        }

        socket = PacketSocketCalls.Socket(FamilyNetlink, PacketSocketCalls.TypeRaw | PacketSocketCalls.CloseOnExec, protocol);
        if (socket.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            socket.Dispose();
            throw new NetException(Linux.ErrorOf(errno), errno, "No netlink socket can be had: the host's network cannot be read or changed.");
        }

        // Old kernels may lack these: errors are then less plain.
        var on = 1;
        PacketSocketCalls.SetOption(socket, LevelNetlink, CapAcknowledgements, &on, sizeof(int));
        PacketSocketCalls.SetOption(socket, LevelNetlink, ExtendedAcknowledgements, &on, sizeof(int));
    }

    /// <summary>Asks for a change and waits until the kernel has made it.</summary>
    /// <param name="message">The request.</param>
    /// <param name="what">What it is for, at the start of a sentence.</param>
    /// <exception cref="NetException">The kernel refused.</exception>
    public void Ask(NetlinkMessage message, string what)
    {
        lock (gate)
        {
            Send(message.Finish(++sequence, Request | Acknowledge));
            while (true)
            {
                for (var rest = Receive(); Next(ref rest, out var type, out _, out var number, out var body);)
                {
                    if (type == TypeError && number == sequence)
                    {
                        ThrowOnError(body, what);
                        return;
                    }
                }
            }
        }
    }

    /// <summary>Asks for changes that are made together or not at all, between a message that begins them and one that ends them.</summary>
    /// <param name="messages">The requests.</param>
    /// <param name="what">What they are for, at the start of a sentence.</param>
    /// <exception cref="NetException">The kernel refused one of them, and so all.</exception>
    public void AskAll(ReadOnlySpan<NetlinkMessage> messages, string what)
    {
        lock (gate)
        {
            List<byte> all = [];
            var first = sequence + 1;
            // The message that ends them is no change, and is not acknowledged.
            var last = sequence + (uint)messages.Length - 1;
            foreach (var message in messages)
            {
                sequence++;
                all.AddRange(message.Finish(sequence, sequence == last ? (ushort)(Request | Acknowledge) : Request));
            }

            Send(CollectionsMarshal.AsSpan(all));
            while (true)
            {
                for (var rest = Receive(); Next(ref rest, out var type, out _, out var number, out var body);)
                {
                    if (type == TypeError && number >= first && number <= sequence)
                    {
                        ThrowOnError(body, what);
                        if (number == last)
                        {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Asks for one object.</summary>
    /// <param name="message">The request.</param>
    /// <param name="what">What it is for, at the start of a sentence.</param>
    /// <returns>The body of the answer, with its attributes.</returns>
    /// <exception cref="NetException">There is none.</exception>
    public byte[] Get(NetlinkMessage message, string what)
    {
        lock (gate)
        {
            Send(message.Finish(++sequence, Request));
            while (true)
            {
                for (var rest = Receive(); Next(ref rest, out var type, out _, out var number, out var body);)
                {
                    if (number != sequence)
                    {
                        continue;
                    }

                    if (type == TypeError)
                    {
                        ThrowOnError(body, what);
                    }

                    return body.ToArray();
                }
            }
        }
    }

    /// <summary>Asks for all objects of a kind.</summary>
    /// <param name="message">The request.</param>
    /// <param name="what">What it is for, at the start of a sentence.</param>
    /// <returns>The bodies of the answers, each with its attributes.</returns>
    /// <exception cref="NetException">The kernel refused.</exception>
    public IReadOnlyList<byte[]> Dump(NetlinkMessage message, string what)
    {
        lock (gate)
        {
            while (true)
            {
                List<byte[]> found = [];
                if (TryDump(message, what, found))
                {
                    return found;
                }
            }
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>False when something changed meanwhile, so that the answer may not be whole.</summary>
    private bool TryDump(NetlinkMessage message, string what, List<byte[]> found)
    {
        var isWhole = true;
        Send(message.Finish(++sequence, Request | DumpAll));
        while (true)
        {
            for (var rest = Receive(); Next(ref rest, out var type, out var flags, out var number, out var body);)
            {
                if (number != sequence)
                {
                    continue;
                }

                isWhole &= (flags & DumpInterrupted) == 0;
                switch (type)
                {
                    case TypeDone:
                        return isWhole;
                    case TypeError:
                        ThrowOnError(body, what);
                        break;
                    default:
                        found.Add(body.ToArray());
                        break;
                }
            }
        }
    }

    /// <summary>Takes the next message off what was received.</summary>
    internal static bool Next(ref ReadOnlySpan<byte> rest, out ushort type, out ushort flags, out uint number, out ReadOnlySpan<byte> body)
    {
        (type, flags, number) = (0, 0, 0);
        body = [];
        if (rest.Length < NetlinkMessage.HeaderLength)
        {
            return false;
        }

        var length = (int)Math.Min(MemoryMarshal.Read<uint>(rest), (uint)rest.Length);
        if (length < NetlinkMessage.HeaderLength)
        {
            return false;
        }

        type = MemoryMarshal.Read<ushort>(rest[4..]);
        flags = MemoryMarshal.Read<ushort>(rest[6..]);
        number = MemoryMarshal.Read<uint>(rest[8..]);
        body = rest[NetlinkMessage.HeaderLength..length];
        rest = rest[Math.Min(rest.Length, NetlinkMessage.Align(length))..];
        return true;
    }

    private static void ThrowOnError(ReadOnlySpan<byte> body, string what)
    {
        var errno = -MemoryMarshal.Read<int>(body);
        if (errno == 0)
        {
            return;
        }

        // Behind the number stands the header of the request, and then what the kernel has to say.
        const int Attributes = sizeof(int) + NetlinkMessage.HeaderLength;
        var said = body.Length > Attributes ? NetlinkMessage.Find(body[Attributes..], ErrorMessage) : [];
        var because = said.IsEmpty ? "" : $" The kernel says: {Encoding.UTF8.GetString(said).TrimEnd('\0')}";
        var error = errno == NoSuchDevice ? NetError.InterfaceNotFound : Linux.ErrorOf(errno);
        throw error switch
        {
            NetError.AccessDenied => NetException.NeedsCapability(what, "CAP_NET_ADMIN", errno),
            NetError.AlreadyExists => new NetException(error, errno, $"{what} is not possible: the host has it already, from somebody else.{because}"),
            _ => new NetException(error, errno, $"{what} failed.{because}"),
        };
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        while (true)
        {
            nint sent;
            fixed (byte* start = message)
            {
                sent = Linux.SendTo(socket, start, (nuint)message.Length, 0, null, 0);
            }

            if (sent >= 0)
            {
                return;
            }

            ThrowUnlessInterrupted();
        }
    }

    private ReadOnlySpan<byte> Receive()
    {
        while (true)
        {
            nint received;
            fixed (byte* start = buffer)
            {
                received = Linux.ReceiveFrom(socket, start, (nuint)buffer.Length, 0, null, null);
            }

            if (received >= 0)
            {
                return buffer.AsSpan(0, (int)received);
            }

            ThrowUnlessInterrupted();
        }
    }

    private static void ThrowUnlessInterrupted()
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != Linux.Interrupted)
        {
            throw new NetException(Linux.ErrorOf(errno), errno, "The kernel's network does not answer.");
        }
    }
}
