using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>
/// UDP by system calls: poll with an eventfd, recvfrom and sendto that never block. The sockets of the base class library would throw an
/// exception each time that nothing is left to receive. ICMP errors come through the error queue of the socket, which says whose they are.
/// </summary>
internal sealed unsafe class LinuxUdpTransport : UdpTransport
{
    private const int LongestAddress = 28;
    private const int MaximumSendRetries = 2;

    private readonly SafeSocketHandle handle;
    private readonly SafeEventDescriptor wakeUp;

    public LinuxUdpTransport(Socket socket)
        : base(socket)
    {
        handle = socket.SafeHandle;
        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        if (!BitConverter.IsLittleEndian)
        {
            on = [0, 0, 0, 1];
        }

        try
        {
            socket.SetRawSocketOption(
                Local.Address.IsIPv4 ? Linux.LevelIPv4 : Linux.LevelIPv6, Local.Address.IsIPv4 ? Linux.ReceiveErrorsIPv4 : Linux.ReceiveErrorsIPv6, on);
        }
        catch (SocketException)
        {
            // A sandboxed kernel may lack it: then ICMP errors are not reported, and all else works.
        }

        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        if (wakeUp.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            socket.Dispose();
            throw new NetException(
                Linux.ErrorOf(errno), errno, Local, "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
        }
    }

    public override WaitResult Wait(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var ready = PollOnce(timeout == Timeout.InfiniteTimeSpan ? -1 : Milliseconds(timeout - Stopwatch.GetElapsedTime(start)), out var result);
            if (result != WaitResult.TimedOut)
            {
                return result;
            }

            if (!ready && timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= timeout)
            {
                return WaitResult.TimedOut;
            }
        }
    }

    public override bool TryReceive(Span<byte> buffer, out int length, out Endpoint source)
    {
        var address = stackalloc byte[LongestAddress];
        for (var failures = 0; failures < ErrorQueue.MaximumAtOnce;)
        {
            uint addressLength = LongestAddress;
            nint result;
            fixed (byte* start = buffer)
            {
                result = Linux.ReceiveFrom(handle, start, (nuint)buffer.Length, Linux.DoNotWait | Linux.FullLength, address, &addressLength);
            }

            if (result > buffer.Length)
            {
                CountTruncated();
            }
            else if (result >= 0)
            {
                CountReceived();
                length = (int)result;
                source = ReadAddress(new ReadOnlySpan<byte>(address, (int)addressLength)) ?? default;
                return true;
            }
            else
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Linux.WouldBlock)
                {
                    break;
                }

                if (errno != Linux.Interrupted)
                {
                    failures++;
                    if (ErrorQueue.Read(handle, Report) == 0)
                    {
                        Report(new UdpFault(Linux.ErrorOf(errno), errno, null, null));
                    }
                }
            }
        }

        length = 0;
        source = default;
        return false;
    }

    public override bool Send(Endpoint destination, ReadOnlySpan<byte> message)
    {
        var address = stackalloc byte[LongestAddress];
        var addressLength = WriteAddress(destination, new Span<byte>(address, LongestAddress));
        var waited = false;
        var failures = 0;
        while (true)
        {
            nint result;
            fixed (byte* start = message)
            {
                result = Linux.SendTo(handle, start, (nuint)message.Length, Linux.DoNotWait | Linux.NoSignal, address, addressLength);
            }

            if (result >= 0)
            {
                CountSent();
                return true;
            }

            var errno = Marshal.GetLastPInvokeError();
            switch (errno)
            {
                case Linux.Interrupted:
                    continue;
                case Linux.WouldBlock or Linux.NoBuffers when !waited:
                    waited = true;
                    WaitForRoom();
                    continue;
                default:
                    // The error may be that of an earlier datagram to somebody else; this one was not sent then.
                    var read = ErrorQueue.Read(handle, Report);
                    if (failures++ < MaximumSendRetries)
                    {
                        continue;
                    }

                    if (read == 0)
                    {
                        Report(new UdpFault(Linux.ErrorOf(errno), errno, destination, null));
                    }

                    CountSendLost();
                    return false;
            }
        }
    }

    public override void Wake() => wakeUp.Signal();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            wakeUp.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int Milliseconds(TimeSpan duration) =>
        // Rounded up: a wait that ends early would come back to find nothing due.
        duration <= TimeSpan.Zero ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(duration.TotalMilliseconds));

    internal static Endpoint? ReadAddress(ReadOnlySpan<byte> address)
    {
        if (address.Length < 16)
        {
            return null;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return MemoryMarshal.Read<ushort>(address) switch
        {
            Linux.FamilyIPv4 => new Endpoint(Address.FromOctets(address.Slice(4, 4)), port),
            Linux.FamilyIPv6 when address.Length >= 24 => new Endpoint(Address.FromOctets(address.Slice(8, 16)), port),
            _ => null,
        };
    }

    internal static uint WriteAddress(Endpoint endpoint, Span<byte> address)
    {
        address.Clear();
        var isIPv4 = endpoint.Address.IsIPv4;
        MemoryMarshal.Write(address, isIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], endpoint.Port);
        endpoint.Address.Write(address[(isIPv4 ? 4 : 8)..]);
        return isIPv4 ? 16u : LongestAddress;
    }

    /// <summary>One poll; false when nothing at all was ready.</summary>
    private bool PollOnce(int milliseconds, out WaitResult result)
    {
        result = WaitResult.TimedOut;
        if (!wakeUp.Poll(handle, milliseconds, out var returned, out var signalled))
        {
            return false;
        }

        ObjectDisposedException.ThrowIf((returned & Linux.Invalid) != 0, this);
        if (signalled)
        {
            result |= WaitResult.Woken;
        }

        if ((returned & Linux.Error) != 0)
        {
            TakeErrors();
        }

        if ((returned & Linux.Readable) != 0)
        {
            result |= WaitResult.Data;
        }

        return true;
    }

    private void WaitForRoom()
    {
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var descriptor = new Linux.PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Writable };
            Linux.Poll(&descriptor, 1, SendPatienceMilliseconds);
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>The socket has an error: reading it is what ends the state.</summary>
    private void TakeErrors()
    {
        if (ErrorQueue.Read(handle, Report) != 0)
        {
            return;
        }

        var error = (SocketError)(int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            Report(new UdpFault(NetException.ErrorOf(error), 0, null, null));
        }
    }
}
