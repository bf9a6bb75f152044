using DsmipTools.Tunnels;

namespace DsmipTools.Hosting;

/// <summary>
/// The tunnels of this host that are configured by hand, in every world: addresses, routes and packets are real. What is enabled is gone with
/// <see cref="Disable"/>, with the host, and with the process however that ends. Safe for use by several threads.
/// </summary>
/// <remarks>Linux, with the capabilities CAP_NET_ADMIN and CAP_NET_RAW; in the network namespace of the thread that enables a tunnel.</remarks>
public sealed class HostedTunnels : IDisposable
{
    private const string AskedFor = "it was asked for";

    private readonly Lock gate = new();
    private readonly List<HostedTunnel> tunnels = [];
    private readonly TunnelCounters others = new();
    private TunnelCarrier? current;
    private long lastId;

    /// <summary>Packets that came for no tunnel, or that the host routed to none, by cause.</summary>
    public IReadOnlyList<TunnelDrop> OtherDrops => others.Drops;

    /// <summary>The tunnels, in the order in which they were added.</summary>
    public IReadOnlyList<HostedTunnel> List()
    {
        lock (gate)
        {
            // An array: PowerShell indexes no other list that only says that it is read-only.
            return tunnels.ToArray();
        }
    }

    /// <summary>The tunnel with a name, without regard to case; null when there is none.</summary>
    public HostedTunnel? Find(string name)
    {
        lock (gate)
        {
            return tunnels.Find(tunnel => string.Equals(tunnel.Name, name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Adds a tunnel, disabled.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or the name, the ends or a prefix are another tunnel's.</exception>
    public HostedTunnel Add(TunnelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        lock (gate)
        {
            var added = new HostedTunnel(options);
            if (Find(options.Name) is not null)
            {
                throw new ArgumentException($"There is a tunnel with the name {options.Name} already.");
            }

            if (tunnels.Find(tunnel => tunnel.Ends == added.Ends) is { } same)
            {
                throw new ArgumentException($"The tunnel {same.Name} runs between {options.Local} and {options.Remote} in the same way. One tunnel takes all prefixes; Gre and Udp carry both families.");
            }

            if (tunnels.Find(tunnel => tunnel.Prefix.Intersect(options.Prefixes).Any()) is { } other)
            {
                throw new ArgumentException($"{other.Prefix.Intersect(options.Prefixes).First()} is behind the tunnel {other.Name} already.");
            }

            tunnels.Add(added);
            return added;
        }
    }

    /// <summary>Brings a tunnel up: device, sockets, addresses and routes, all of them or nothing. Does nothing when it is up.</summary>
    /// <exception cref="Net.NetException">A privilege is missing, the local address is none of this host, or a route or port is somebody else's.</exception>
    /// <exception cref="ArgumentException">The tunnel was removed.</exception>
    public void Enable(HostedTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        lock (gate)
        {
            if (!tunnels.Contains(tunnel))
            {
                throw new ArgumentException($"The tunnel {tunnel.Name} was removed.");
            }

            if (tunnel.State == TunnelState.Enabled)
            {
                return;
            }

            End(tunnel);
            tunnel.Begin(tunnel.Options.Backend == TunnelBackend.Kernel ? new KernelInterfaceTunnel(tunnel.Options, tunnel.Counters, AskedFor) : Raise(tunnel));
        }
    }

    /// <summary>Takes a tunnel down: nothing of it is left on the host. Does nothing when it is down.</summary>
    public void Disable(HostedTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        lock (gate)
        {
            End(tunnel);
        }
    }

    /// <summary>Takes a tunnel down and forgets it.</summary>
    public void Remove(HostedTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        lock (gate)
        {
            Disable(tunnel);
            tunnels.Remove(tunnel);
        }
    }

    /// <summary>Removes all tunnels.</summary>
    public void Dispose()
    {
        foreach (var tunnel in List())
        {
            Remove(tunnel);
        }
    }

    /// <summary>Brings a tunnel up in the fastest way that this host has for it.</summary>
    private RaisedTunnel Raise(HostedTunnel tunnel)
    {
        var carried = RaiseCarried(tunnel);
        var (backend, because) = carried.Backend;
        if (tunnel.Options.Backend != TunnelBackend.Auto || backend != TunnelBackend.UserSpace || KernelInterfaceTunnel.WhyNot(tunnel.Options) is not null)
        {
            return carried;
        }

        carried.Dispose();
        Release(carried.Carrier);
        try
        {
            return new KernelInterfaceTunnel(tunnel.Options, tunnel.Counters, because);
        }
        catch (Net.NetException)
        {
            return RaiseCarried(tunnel);
        }
    }

    private CarriedTunnel RaiseCarried(HostedTunnel tunnel)
    {
        if (current is not { Failure: null })
        {
            current = new TunnelCarrier(others);
        }

        var carrier = current;
        try
        {
            return new CarriedTunnel(++lastId, tunnel.Options, carrier, tunnel.Counters);
        }
        finally
        {
            Release(carrier);
        }
    }

    private void End(HostedTunnel tunnel)
    {
        var carrier = tunnel.Carrier;
        tunnel.End();
        Release(carrier);
    }

    /// <summary>With the last tunnel the device goes.</summary>
    private void Release(TunnelCarrier? carrier)
    {
        if (carrier is { IsEmpty: true })
        {
            carrier.Dispose();
            current = current == carrier ? null : current;
        }
    }
}
