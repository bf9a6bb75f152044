using System.Runtime.InteropServices;
using DsmipTools.Net.Netlink;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Net.Ebpf;

/// <summary>
/// Forwards the packets of tunnels in the kernel, past this process: one program at the TUN device, and one at each interface that leads to the other
/// end of a tunnel. What they are not sure of comes to the process as without them. Linux 6.6, with the capabilities CAP_BPF and CAP_NET_ADMIN; gone
/// with <see cref="Dispose"/>, and with the process however that ends. Safe for use by several threads.
/// </summary>
/// <remarks>
/// A thread of its own, in the network namespace of the one that makes it, follows the host's routes. A tunnel whose other end cannot be reached by an
/// interface with Ethernet headers, or whose packets an IPsec policy may be about, is left to user space as long as that is so.
/// </remarks>
public sealed class KernelForwarder : IDisposable
{
    private readonly object gate = new();
    private readonly Queue<Action<NetlinkSocket>> work = [];
    private readonly Dictionary<uint, Carried> tunnels = [];
    private readonly Dictionary<int, Attached> uplinks = [];
    private readonly SafeEventDescriptor wakeUp;
    private readonly Thread thread;
    private KernelPrograms? programs;
    private IReadOnlyList<SecurityPolicy>? policies = [];
    private bool isStopping;

    /// <summary>Loads the programs and attaches the first.</summary>
    /// <param name="device">The TUN device.</param>
    /// <param name="deviceMtu">The longest packet that it takes, in octets.</param>
    /// <exception cref="NetException">A capability is missing, or the kernel does not have what it takes.</exception>
    public KernelForwarder(int device, int deviceMtu)
    {
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        if (wakeUp.IsInvalid)
        {
            throw new NetException(NetError.NoResources, Marshal.GetLastPInvokeError(), "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
        }

        using var ready = new ManualResetEventSlim();
        Exception? failure = null;
        thread = new Thread(() =>
        {
            try
            {
                using var loaded = new KernelPrograms(device, deviceMtu);
                using var egress = loaded.Encapsulation.Attach(device, BpfHook.Egress);
                using var changes = new NetworkChanges();
                using var routing = new NetlinkSocket();
                policies = SecurityPolicy.ReadAll();
                programs = loaded;
                ready.Set();
                Run(changes, routing);
                foreach (var uplink in uplinks.Values)
                {
                    uplink.Link.Dispose();
                }
            }
            catch (NetException exception) when (programs is null)
            {
                failure = exception;
                ready.Set();
            }
        }) { Name = "DsmipTools routes to tunnel ends", IsBackground = true };
        thread.Start();
        ready.Wait();
        if (failure is not null)
        {
            thread.Join();
            wakeUp.Dispose();
            throw failure;
        }
    }

    /// <summary>Forwards the packets of a tunnel from now on.</summary>
    /// <exception cref="NetException">There is no room.</exception>
    public void Add(KernelTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Do(routing =>
        {
            programs!.Add(tunnel);
            var added = new Carried(tunnel);
            tunnels.Add(tunnel.Id, added);
            Settle(added, routing);
        });
    }

    /// <summary>Forwards its packets no more.</summary>
    public void Remove(KernelTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Do(_ =>
        {
            if (tunnels.Remove(tunnel.Id, out var removed))
            {
                programs!.Remove(tunnel);
                Release(removed.Uplink.Index);
            }
        });
    }

    /// <summary>Leads packets into a tunnel. Also routes of tunnels that were not added belong here: packets to them are left to user space.</summary>
    /// <exception cref="NetException">There is no room.</exception>
    public void Add(KernelRoute route) => programs!.Add(route);

    /// <summary>Ends a route.</summary>
    public void Remove(KernelRoute route) => programs!.Remove(route);

    /// <summary>What was done with the packets of a tunnel; of those of none, with number 0. Zeros when the tunnel was not added.</summary>
    public KernelCounters Count(uint tunnel) => programs!.Count(tunnel);

    /// <summary>Says whether the kernel forwards the packets of a tunnel that was added.</summary>
    /// <param name="tunnel">Its number.</param>
    /// <param name="because">By which interface, or else why user space has them, as part of a sentence.</param>
    public bool Forwards(uint tunnel, out string because)
    {
        lock (gate)
        {
            if (!tunnels.TryGetValue(tunnel, out var carried))
            {
                because = "the programs in the kernel were not given the tunnel";
                return false;
            }

            because = carried.WhyNot ?? $"{carried.Uplink.Name} leads to {carried.Tunnel.Ends.Remote.Address}";
            return carried.WhyNot is null;
        }
    }

    /// <summary>Detaches the programs; user space has all packets from now on.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isStopping)
            {
                return;
            }

            isStopping = true;
        }

        wakeUp.Signal();
        thread.Join();
        wakeUp.Dispose();
    }

    /// <summary>Does something on the thread, because interfaces have numbers in its network namespace only.</summary>
    private void Do(Action<NetlinkSocket> action)
    {
        Exception? failure = null;
        using var done = new ManualResetEventSlim();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopping, this);
            work.Enqueue(socket =>
            {
                try
                {
                    action(socket);
                }
                catch (NetException exception)
                {
                    failure = exception;
                }

                done.Set();
            });
        }

        wakeUp.Signal();
        done.Wait();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private unsafe void Run(NetworkChanges changes, NetlinkSocket routing)
    {
        List<(Address Address, int Length)> routes = [];
        var descriptors = stackalloc Linux.PollDescriptor[3];
        descriptors[0] = Readable(wakeUp);
        descriptors[1] = Readable(changes.Routing);
        var count = 2;
        if (changes.Policies is { } other)
        {
            descriptors[count++] = Readable(other);
        }

        while (true)
        {
            if (Linux.Poll(descriptors, (nuint)count, -1) <= 0)
            {
                continue;
            }

            if (descriptors[0].Returned != 0)
            {
                ulong signals;
                Linux.Read(wakeUp, &signals, sizeof(ulong));
            }

            lock (gate)
            {
                while (work.TryDequeue(out var action))
                {
                    action(routing);
                }

                if (isStopping)
                {
                    return;
                }

                routes.Clear();
                Follow(changes.Take(routes), routes, routing);
            }
        }
    }

    /// <summary>Looks again for the interfaces that may be others now.</summary>
    private void Follow(bool anything, List<(Address Address, int Length)> routes, NetlinkSocket routing)
    {
        if (anything)
        {
            try
            {
                policies = SecurityPolicy.ReadAll();
            }
            catch (NetException)
            {
                policies = null;
            }
        }

        if (anything || routes.Count > 0)
        {
            foreach (var carried in tunnels.Values)
            {
                var remote = carried.Tunnel.Ends.Remote.Address;
                if (anything || routes.Exists(route => IsUnder(remote, route.Address, route.Length)))
                {
                    Settle(carried, routing);
                }
            }
        }
    }

    /// <summary>Finds out who forwards the packets of a tunnel, and by which interface.</summary>
    private void Settle(Carried carried, NetlinkSocket routing)
    {
        var (local, remote) = (carried.Tunnel.Ends.Local.Address, carried.Tunnel.Ends.Remote.Address);
        var isFree = policies?.Any(policy => policy.Covers(local, remote, ProtocolsOf(carried.Tunnel.Ends.Encapsulation))) == false;
        Uplink found = default;
        try
        {
            if (!isFree)
            {
                carried.WhyNot = "an IPsec policy of the host may be about its packets, and a program would go past it";
            }
            else
            {
                found = Uplink.Find(routing, local, remote);
                carried.WhyNot = !found.IsEthernet ? $"the route to {remote} leads to {found.Name}, which is no Ethernet"
                    : !found.IsUp ? $"the route to {remote} leads to {found.Name}, which is down"
                    : null;
            }

            if (carried.WhyNot is null)
            {
                Hold(found.Index);
            }
        }
        catch (NetException exception)
        {
            carried.WhyNot = exception.Message;
        }

        if (carried.WhyNot is not null)
        {
            found = default;
        }

        var before = carried.Uplink;
        carried.Uplink = found;
        try
        {
            programs!.SetUplink(carried.Tunnel, found.Index, found.Mtu);
            programs.SetReceives(carried.Tunnel, isFree);
        }
        catch (NetException exception)
        {
            programs!.Leave(carried.Tunnel);
            carried.WhyNot = exception.Message;
        }

        Release(before.Index);
    }

    private void Hold(int index)
    {
        if (!uplinks.TryGetValue(index, out var attached))
        {
            uplinks.Add(index, attached = new Attached(programs!.Decapsulation.Attach(index, BpfHook.Ingress)));
        }

        attached.Uses++;
    }

    private void Release(int index)
    {
        if (uplinks.TryGetValue(index, out var attached) && --attached.Uses == 0)
        {
            uplinks.Remove(index);
            attached.Link.Dispose();
        }
    }

    private static bool IsUnder(Address address, Address prefix, int length) => address.IsIPv4 == prefix.IsIPv4
        && (length == 0 || (address.Value ^ prefix.Value) >> ((prefix.IsIPv4 ? 32 : 128) - length) == UInt128.Zero);

    private static IpProtocol[] ProtocolsOf(Encapsulation encapsulation) => encapsulation switch
    {
        Encapsulation.Gre => [IpProtocol.Gre],
        Encapsulation.Udp => [IpProtocol.Udp],
        _ => [IpProtocol.IPv4, IpProtocol.IPv6],
    };

    private static Linux.PollDescriptor Readable(SafeHandle handle) =>
        new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Linux.Readable };

    private sealed class Carried(KernelTunnel tunnel)
    {
        public KernelTunnel Tunnel { get; } = tunnel;

        public Uplink Uplink { get; set; }

        public string? WhyNot { get; set; }
    }

    private sealed class Attached(IDisposable link)
    {
        public IDisposable Link { get; } = link;

        public int Uses { get; set; }
    }
}
