using DsmipTools.Tunnels;

namespace DsmipTools.Hosting;

/// <summary>
/// The tunnels of this host that are configured by hand, in every world: addresses, routes and packets are real. What is enabled is gone with
/// <see cref="Disable"/>, with the host, and with the process however that ends. Safe for use by several threads.
/// </summary>
/// <remarks>Linux, with the capabilities CAP_NET_ADMIN and CAP_NET_RAW; in the network namespace of the thread that enables a tunnel.</remarks>
public sealed class HostedTunnels : IDisposable
{
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
    /// <exception cref="ArgumentException">
    /// An option is out of its range, the name, the ends or a prefix are another tunnel's, or the tunnel that it is to run over does not take it.
    /// </exception>
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

            RequireUnder(options);
            tunnels.Add(added);
            return added;
        }
    }

    /// <summary>Brings a tunnel up: device, sockets, addresses and routes, all of them or nothing. Does nothing when it is up.</summary>
    /// <exception cref="Net.NetException">A privilege is missing, the local address is none of this host, or a route or port is somebody else's.</exception>
    /// <exception cref="ArgumentException">The tunnel was removed, or the one that it runs over is not enabled.</exception>
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
            if (tunnel.Over is not null)
            {
                RequireUnder(tunnel.Options);
                Require(Find(tunnel.Over)!.State == TunnelState.Enabled, $"{tunnel.Name} runs over the tunnel {tunnel.Over}, which is not enabled: enable that first.");
                Require(Find(tunnel.Over)!.Carrier is not null, $"{tunnel.Name} runs over the tunnel {tunnel.Over}, which is an interface of the kernel: make that one with -Backend UserSpace.");
            }

            tunnel.Begin(tunnel.Options.Backend == TunnelBackend.Kernel ? new KernelInterfaceTunnel(tunnel.Options, tunnel.Counters, RaisedTunnel.AskedFor) : Raise(tunnel));
        }
    }

    /// <summary>Takes a tunnel down, and first those that run over it: nothing of it is left on the host. Does nothing when it is down.</summary>
    public void Disable(HostedTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        lock (gate)
        {
            End(tunnel);
        }
    }

    /// <summary>Takes a tunnel down and forgets it; those that run over it are down then, until there is one of its name.</summary>
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
            return new CarriedTunnel(++lastId, tunnel.Options, tunnel.Over is { } over ? Find(over)!.RouteTo(tunnel.Remote) : null, carrier, tunnel.Counters);
        }
        finally
        {
            Release(carrier);
        }
    }

    private void End(HostedTunnel tunnel)
    {
        foreach (var nested in tunnels.Where(nested => nested.State != TunnelState.Disabled && IsName(nested.Over, tunnel)).ToArray())
        {
            End(nested);
        }

        var carrier = tunnel.Carrier;
        tunnel.End();
        Release(carrier);
    }

    /// <summary>Throws unless the tunnel that one is to run over is there and can take it, and runs in its turn over others, of which the new one is none.</summary>
    private void RequireUnder(TunnelOptions options)
    {
        for (var above = options; above.Over is { } name; above = Find(name)!.Options)
        {
            Require(
                !string.Equals(name, options.Name, StringComparison.OrdinalIgnoreCase),
                above == options ? $"The tunnel {name} cannot run over itself." : $"The tunnel {options.Name} cannot run over {options.Over}, which runs over it.");
            Require(Find(name) is not null, $"There is no tunnel {name} that {above.Name} could run over.");
        }

        if (options.Over is { } under)
        {
            Find(under)!.Options.RequireUnder(options);
        }
    }

    private static bool IsName(string? name, HostedTunnel tunnel) => string.Equals(name, tunnel.Name, StringComparison.OrdinalIgnoreCase);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
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
