using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>
/// The error queue of a socket (ip(7), IP_RECVERR; ipv6(7), IPV6_RECVERR): what ICMP said about packets that it sent, and whose word that is.
/// </summary>
internal static unsafe class ErrorQueue
{
    /// <summary>Errors that are taken in a row, before what came in has its turn.</summary>
    public const int MaximumAtOnce = 64;

    private const int LongestAddress = 28;
    private const int ControlSize = 512;

    /// <summary>Takes the errors out of the queue.</summary>
    /// <param name="socket">The socket, which asked for them.</param>
    /// <param name="report">Told of each.</param>
    /// <returns>How many there were.</returns>
    public static int Read(SafeHandle socket, Action<UdpFault> report)
    {
        var address = stackalloc byte[LongestAddress];
        var control = stackalloc byte[ControlSize];
        byte payload;
        var vector = new Linux.Vector { Start = &payload, Length = 1 };
        var count = 0;
        while (count < MaximumAtOnce)
        {
            var message = new Linux.MessageHeader
            {
                Address = address,
                AddressLength = LongestAddress,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            if (Linux.ReceiveMessage(socket, &message, Linux.ErrorQueue | Linux.DoNotWait) < 0)
            {
                break;
            }

            count++;
            var peer = LinuxUdpTransport.ReadAddress(new ReadOnlySpan<byte>(address, (int)Math.Min(message.AddressLength, LongestAddress)));
            report(FaultOf(new ReadOnlySpan<byte>(control, (int)Math.Min(message.ControlLength, ControlSize)), peer));
        }

        return count;
    }

    private static UdpFault FaultOf(ReadOnlySpan<byte> control, Endpoint? peer)
    {
        while (ControlMessage.TryTake(ref control, out var level, out var type, out var data))
        {
            if (data.Length >= sizeof(Linux.ExtendedError) && (level, type) is (Linux.LevelIPv4, Linux.ReceiveErrorsIPv4) or (Linux.LevelIPv6, Linux.ReceiveErrorsIPv6))
            {
                var error = MemoryMarshal.Read<Linux.ExtendedError>(data);
                return new UdpFault(Linux.ErrorOf(error.Errno), error.Errno, peer, LinuxUdpTransport.ReadAddress(data[sizeof(Linux.ExtendedError)..])?.Address);
            }
        }

        return new UdpFault(NetError.Other, 0, peer, null);
    }
}
