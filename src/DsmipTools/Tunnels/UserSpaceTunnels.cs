using System.Collections.Concurrent;
using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tunnels;

/// <summary>
/// The tunnels that this process carries: all share one device, one thread and the tables of the forwarder, which decides about each packet. The
/// owner calls one thing at a time.
/// </summary>
internal sealed class UserSpaceTunnels : ITunnelTraffic, IDisposable
{
    private readonly ForwardingTable table = new();
    private readonly ConcurrentDictionary<long, TunnelCounters> countersById = new();
    private readonly TunnelCounters others;
    private readonly Dictionary<Address, int> addresses = [];
    private readonly byte[] output = GC.AllocateUninitializedArray<byte>(TunnelPort.Headroom + TunnelPort.MaximumPacket, pinned: true);
    private readonly TunnelPort port;
    private long lastId;
    private volatile NetException? failure;

    /// <summary>Makes the device.</summary>
    /// <param name="others">Counts the packets of no tunnel.</param>
    /// <exception cref="NetException">A privilege is missing, or the host has no TUN devices.</exception>
    public UserSpaceTunnels(TunnelCounters others)
    {
        this.others = others;
        port = new TunnelPort(this);
    }

    /// <summary>The device.</summary>
    public string InterfaceName => port.InterfaceName;

    /// <summary>Why nothing is carried any more; null as long as all is well.</summary>
    public NetException? Failure => failure;

    /// <summary>True when there are no tunnels.</summary>
    public bool IsEmpty => countersById.IsEmpty;

    /// <summary>Brings a tunnel up; all of it, or nothing.</summary>
    /// <returns>What takes it down again.</returns>
    /// <exception cref="NetException">The host refused.</exception>
    public Action Add(TunnelOptions options, TunnelCounters counters)
    {
        SourceAddress.ThrowUnlessLocal(options.Local);
        var tunnel = options.ToTunnel(++lastId);
        var local = tunnel.Ends.Local;
        Stack<Action> undo = [];
        try
        {
            Do(() => countersById[tunnel.Id] = counters, () => countersById.TryRemove(tunnel.Id, out _));
            Do(() => table.Add(tunnel), () => table.Remove(tunnel));
            Do(() => port.Listen(options.Protocol, local), () => port.Unlisten(options.Protocol, local));
            foreach (var address in options.Addresses)
            {
                Do(() => Take(address), () => Give(address));
            }

            foreach (var prefix in options.Prefixes)
            {
                var route = new Route(prefix, tunnel) { SendKey = options.Key, ReceiveKey = options.Key };
                var onHost = new HostRoute(prefix.Address, prefix.Length, port.InterfaceIndex, options.Mtu);
                Do(() => table.Add(route), () => table.Remove(route));
                Do(() => port.Network.Add(onHost), () => port.Network.Remove(onHost));
            }
        }
        catch
        {
            Undo();
            throw;
        }

        return Undo;

        void Do(Action action, Action inverse)
        {
            action();
            undo.Push(inverse);
        }

        void Undo()
        {
            while (undo.TryPop(out var inverse))
            {
                try
                {
                    inverse();
                }
                catch (NetException)
                {
                    // An administrator, or the loss of the device, was faster; the rest has its turn all the same.
                }
            }
        }
    }

    /// <inheritdoc/>
    public void FromHost(ReadOnlySpan<byte> packet)
    {
        var decision = Forwarder.FromHost(packet, table);
        var counters = CountersOf(decision.Route?.Tunnel);
        if (decision.Action == ForwardingAction.Drop)
        {
            counters.Count(decision.Drop);
            return;
        }

        // The kernel puts an identification in place of 0.
        var length = Forwarder.Write(packet, decision, 0, output);
        if (port.Send(output.AsSpan(0, length)) is { } error)
        {
            counters.Count(CauseOf(error));
        }
        else
        {
            counters.CountOut(decision.Length);
        }
    }

    /// <inheritdoc/>
    public void FromNetwork(ReadOnlySpan<byte> packet)
    {
        var decision = Forwarder.FromNetwork(packet, table);
        var counters = CountersOf(decision.From);
        if (decision.Action == ForwardingAction.Drop)
        {
            counters.Count(decision.Drop);
            return;
        }

        var length = Forwarder.Write(packet, decision, 0, output.AsSpan(TunnelPort.Headroom));
        if (port.TryDeliver(output.AsSpan(0, TunnelPort.Headroom + length), decision.From!.Mtu) is { } error)
        {
            counters.Count(CauseOf(error));
        }
        else
        {
            counters.CountIn(decision.Length);
        }
    }

    /// <inheritdoc/>
    public void Fail(NetException reason) => failure = reason;

    /// <inheritdoc/>
    public void Dispose() => port.Dispose();

    private static ForwardingDrop CauseOf(NetError error) => error == NetError.MessageTooLong ? ForwardingDrop.TooBig : ForwardingDrop.Refused;

    private TunnelCounters CountersOf(Tunnel? tunnel) =>
        tunnel is not null && countersById.TryGetValue(tunnel.Id, out var counters) ? counters : others;

    /// <summary>Several tunnels may have one address of the host.</summary>
    private void Take(Address address)
    {
        if (!addresses.TryGetValue(address, out var uses))
        {
            port.Network.AddAddress(port.InterfaceIndex, address);
        }

        addresses[address] = uses + 1;
    }

    private void Give(Address address)
    {
        if (--addresses[address] == 0)
        {
            addresses.Remove(address);
            port.Network.RemoveAddress(port.InterfaceIndex, address);
        }
    }
}
