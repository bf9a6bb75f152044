using System.Runtime.ExceptionServices;
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
    private readonly Queue<Action> work = [];
    private readonly Dictionary<uint, Carried> tunnels = [];
    private readonly Dictionary<int, Attached> uplinks = [];
    private readonly int device;
    private readonly int deviceMtu;
    private readonly SafeEventDescriptor wakeUp;
    private readonly Thread thread;
    private volatile Loaded? loaded;
    private IReadOnlyList<SecurityPolicy>? policies = [];
    private bool isStopping;

    /// <summary>Prepares for a device, in the network namespace of this thread; nothing is loaded yet.</summary>
    /// <param name="device">The TUN device.</param>
    /// <param name="deviceMtu">The longest packet that it takes, in octets.</param>
    /// <exception cref="NetException">There are no more descriptors.</exception>
    public KernelForwarder(int device, int deviceMtu)
    {
        (this.device, this.deviceMtu) = (device, deviceMtu);
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        if (wakeUp.IsInvalid)
        {
            throw new NetException(NetError.NoResources, Marshal.GetLastPInvokeError(), "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
        }

        thread = new Thread(Run) { Name = "DsmipTools routes to tunnel ends", IsBackground = true };
        thread.Start();
    }

    /// <summary>Loads the programs and attaches the first; once, and before the first tunnel.</summary>
    /// <param name="end">Which end of its tunnels this host is.</param>
    /// <exception cref="NetException">A capability is missing, or the kernel does not have what it takes.</exception>
    public void Load(KernelTunnelEnd end) => Do(() =>
    {
        loaded = new Loaded(device, deviceMtu, end);
        ReadPolicies();
    });

    /// <summary>Forwards the packets of a tunnel from now on.</summary>
    /// <exception cref="NetException">There is no room.</exception>
    public void Add(KernelTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Do(() =>
        {
            Programs.Add(tunnel);
            var added = new Carried(tunnel);
            tunnels.Add(tunnel.Id, added);
            Settle(added);
        });
    }

    /// <summary>Forwards its packets no more.</summary>
    public void Remove(KernelTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Do(() =>
        {
            if (tunnels.Remove(tunnel.Id, out var removed))
            {
                Programs.Remove(tunnel);
                Release(removed.Uplink.Index);
            }
        });
    }

    /// <summary>Leads packets into a tunnel. Also routes of tunnels that were not added belong here: packets to them are left to user space.</summary>
    /// <exception cref="NetException">There is no room.</exception>
    public void Add(KernelRoute route) => Programs.Add(route);

    /// <summary>Ends a route.</summary>
    public void Remove(KernelRoute route) => Programs.Remove(route);

    /// <summary>What was done with the packets of a tunnel; of those of none, with number 0. Zeros when the tunnel was not added.</summary>
    public KernelCounters Count(uint tunnel) => Programs.Count(tunnel);

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
    private void Do(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopping, this);
            work.Enqueue(() =>
            {
                try
                {
                    action();
                }
#pragma warning disable CA1031 // Handed on to the caller.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }

                done.Set();
            });
        }

        wakeUp.Signal();
        done.Wait();
        failure?.Throw();
    }

    private KernelPrograms Programs => loaded!.Programs;

    private unsafe void Run()
    {
        List<(Address Address, int Length)> routes = [];
        var descriptors = stackalloc Linux.PollDescriptor[3];
        descriptors[0] = Readable(wakeUp);
        while (true)
        {
            nuint count = 1;
            if (loaded?.Changes is { } changes)
            {
                descriptors[count++] = Readable(changes.Routing);
                if (changes.Policies is { } other)
                {
                    descriptors[count++] = Readable(other);
                }
            }

            if (Linux.Poll(descriptors, count, -1) <= 0)
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
                    action();
                }

                if (isStopping)
                {
                    foreach (var uplink in uplinks.Values)
                    {
                        uplink.Link.Dispose();
                    }

                    loaded?.Dispose();
                    return;
                }

                if (loaded is { } now)
                {
                    routes.Clear();
                    Follow(now.Changes.Take(routes), routes);
                }
            }
        }
    }

    private void ReadPolicies()
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

    /// <summary>Looks again for the interfaces that may be others now.</summary>
    private void Follow(bool anything, List<(Address Address, int Length)> routes)
    {
        if (anything)
        {
            ReadPolicies();
        }

        if (anything || routes.Count > 0)
        {
            foreach (var carried in tunnels.Values)
            {
                var remote = carried.Tunnel.Ends.Remote.Address;
                if (anything || routes.Exists(route => IsUnder(remote, route.Address, route.Length)))
                {
                    Settle(carried);
                }
            }
        }
    }

    /// <summary>Finds out who forwards the packets of a tunnel, and by which interface.</summary>
    private void Settle(Carried carried)
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
                found = Uplink.Find(loaded!.Routing, local, remote);
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
            Programs.SetUplink(carried.Tunnel, found.Index, found.Mtu);
            Programs.SetReceives(carried.Tunnel, isFree);
        }
        catch (NetException exception)
        {
            Programs.Leave(carried.Tunnel);
            carried.WhyNot = exception.Message;
        }

        Release(before.Index);
    }

    private void Hold(int index)
    {
        if (!uplinks.TryGetValue(index, out var attached))
        {
            uplinks.Add(index, attached = new Attached(Programs.Decapsulation.Attach(index, BpfHook.Ingress)));
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

    /// <summary>What is there while the programs are: all of it, or nothing.</summary>
    private sealed class Loaded : IDisposable
    {
        private readonly Stack<IDisposable> parts = [];

        public Loaded(int device, int deviceMtu, KernelTunnelEnd end)
        {
            try
            {
                Programs = Keep(new KernelPrograms(device, deviceMtu, end));
                Keep(Programs.Encapsulation.Attach(device, BpfHook.Egress));
                Changes = Keep(new NetworkChanges());
                Routing = Keep(new NetlinkSocket());
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public KernelPrograms Programs { get; }

        public NetworkChanges Changes { get; }

        public NetlinkSocket Routing { get; }

        public void Dispose()
        {
            while (parts.TryPop(out var part))
            {
                part.Dispose();
            }
        }

        private T Keep<T>(T part)
            where T : IDisposable
        {
            parts.Push(part);
            return part;
        }
    }

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
