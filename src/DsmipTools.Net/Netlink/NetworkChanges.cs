using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>
/// Tells what changes in the network of the host: routes one by one, and that something else has changed on which they may depend (interfaces,
/// addresses, rules, policies of IPsec). It belongs to the network namespace that it was opened in.
/// </summary>
internal sealed unsafe class NetworkChanges : IDisposable
{
    private const int FamilyNetlink = 16;
    private const int LevelNetlink = 270;
    private const int AddMembership = 1;
    private const ushort NewRoute = 24;
    private const ushort DeleteRoute = 25;
    private const int RouteBody = 12;
    private const ushort RouteDestination = 1;
    private const int BufferSize = 1 << 16;
    private const int MostAtOnce = 256;

    // RTNLGRP: links, addresses, routes and rules of both families, next hops. XFRMNLGRP: policies.
    private static readonly int[] groups = [1, 5, 7, 8, 9, 11, 19, 32];
    private static readonly int[] policyGroups = [4];

    private readonly byte[] buffer = new byte[BufferSize];

    public NetworkChanges()
    {
        Routing = Open(NetlinkSocket.Routing, groups) ?? throw new NetException(
            NetError.NoResources, Marshal.GetLastPInvokeError(), "Changes of the host's routes cannot be followed.");
        Policies = Open(NetlinkSocket.Security, policyGroups);
    }

    /// <summary>Readable when routes or what they depend on have changed.</summary>
    public SafePacketSocket Routing { get; }

    /// <summary>Readable when policies of IPsec have changed; null in a kernel without IPsec.</summary>
    public SafePacketSocket? Policies { get; }

    /// <summary>Takes what has come.</summary>
    /// <param name="routes">The destinations of the routes that have changed.</param>
    /// <returns>True when something else has changed too, or when changes were lost, so that any route may be another one now.</returns>
    public bool Take(List<(Address Address, int Length)> routes)
    {
        var anything = false;
        for (var taken = 0; taken < MostAtOnce && TryReceive(Routing, out var rest, ref anything); taken++)
        {
            while (NetlinkSocket.Next(ref rest, out var type, out _, out _, out var body))
            {
                if (type is NewRoute or DeleteRoute && body.Length >= RouteBody)
                {
                    routes.Add(DestinationOf(body));
                }
                else
                {
                    anything = true;
                }
            }
        }

        while (Policies is not null && TryReceive(Policies, out _, ref anything))
        {
            anything = true;
        }

        return anything;
    }

    public void Dispose()
    {
        Routing.Dispose();
        Policies?.Dispose();
    }

    private static (Address Address, int Length) DestinationOf(ReadOnlySpan<byte> body)
    {
        var destination = NetlinkMessage.Find(body[RouteBody..], RouteDestination);
        return (destination.Length is 4 or 16 ? Address.FromOctets(destination) : body[0] == Linux.FamilyIPv4 ? Address.AnyIPv4 : default, body[1]);
    }

    private static SafePacketSocket? Open(int protocol, int[] groups)
    {
        var socket = PacketSocketCalls.Socket(FamilyNetlink, PacketSocketCalls.TypeRaw | PacketSocketCalls.CloseOnExec, protocol);
        if (socket.IsInvalid)
        {
            socket.Dispose();
            return null;
        }

        // Without an address of its own, a socket is told nothing. That of netlink is the start of one of packet sockets.
        var own = new PacketSocketCalls.LinkAddress { Family = FamilyNetlink };
        const int AddressLength = 12;
        var isBound = PacketSocketCalls.Bind(socket, &own, AddressLength) == 0;
        foreach (var group in groups)
        {
            var number = group;
            if (!isBound || PacketSocketCalls.SetOption(socket, LevelNetlink, AddMembership, &number, sizeof(int)) != 0)
            {
                socket.Dispose();
                return null;
            }
        }

        return socket;
    }

    private bool TryReceive(SafePacketSocket socket, out ReadOnlySpan<byte> messages, ref bool isLost)
    {
        messages = default;
        nint received;
        fixed (byte* start = buffer)
        {
            received = Linux.ReceiveFrom(socket, start, (nuint)buffer.Length, Linux.DoNotWait, null, null);
        }

        if (received >= 0)
        {
            messages = buffer.AsSpan(0, (int)received);
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        isLost |= errno is not (Linux.WouldBlock or Linux.Interrupted);
        return errno is Linux.NoBuffers or Linux.Interrupted;
    }
}
