using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>Which packets a policy of the host's IPsec is about (struct xfrm_userpolicy_info).</summary>
internal sealed class SecurityPolicy
{
    private const ushort GetPolicy = 0x15;
    private const int RequestBody = 64;
    private const int DirectionAt = 160;
    private const int Out = 1;
    private const int OfSockets = 3;
    private const int FamilyAt = 40;

    private readonly byte[] body;

    private SecurityPolicy(byte[] body) => this.body = body;

    /// <summary>All policies of the network namespace of this thread but those of single sockets; none in a kernel without IPsec.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public static IReadOnlyList<SecurityPolicy> ReadAll()
    {
        try
        {
            using var socket = new NetlinkSocket(NetlinkSocket.Security);
            return [.. socket.Dump(new NetlinkMessage(GetPolicy, 0, new byte[RequestBody]), "Reading the host's IPsec policies")
                .Where(body => body.Length > DirectionAt && body[DirectionAt] < OfSockets)
                .Select(body => new SecurityPolicy(body))];
        }
        catch (NetException exception) when (exception.Error == NetError.NotSupported)
        {
            return [];
        }
    }

    /// <summary>True when packets between two addresses, behind whose IP header a protocol of the given ones stands, may be meant.</summary>
    public bool Covers(Address local, Address remote, ReadOnlySpan<IpProtocol> protocols)
    {
        var (source, destination) = body[DirectionAt] == Out ? (local, remote) : (remote, local);
        var family = MemoryMarshal.Read<ushort>(body.AsSpan(FamilyAt));
        var protocol = (IpProtocol)body[44];
        return (family == 0 || family == (local.IsIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6))
            && (protocol == 0 || protocols.Contains(protocol))
            && IsUnder(destination, body.AsSpan(0, 16), body[42])
            && IsUnder(source, body.AsSpan(16, 16), body[43]);
    }

    private static bool IsUnder(Address address, ReadOnlySpan<byte> prefix, int length)
    {
        if (address.IsIPv4)
        {
            return length == 0 || ((uint)address.Value ^ BinaryPrimitives.ReadUInt32BigEndian(prefix)) >> (32 - Math.Min(length, 32)) == 0;
        }

        return length == 0 || (address.Value ^ BinaryPrimitives.ReadUInt128BigEndian(prefix)) >> (128 - Math.Min(length, 128)) == UInt128.Zero;
    }
}
