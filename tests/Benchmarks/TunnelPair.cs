using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Benchmarks;

/// <summary>Tunnels between two hosts, both ends in this process, or the near ends alone; all of it is gone when disposed.</summary>
internal sealed class TunnelPair : IDisposable
{
    private readonly BenchHost near;
    private readonly BenchHost? far;
    private readonly HostedTunnels nearTunnels = new();
    private readonly HostedTunnels farTunnels = new();

    /// <summary>Brings them up.</summary>
    /// <param name="near">The host that sends.</param>
    /// <param name="far">The host that receives.</param>
    /// <param name="options">The near ends; the far ones are the same with the ends exchanged.</param>
    /// <param name="behind">What is behind the near ends: an address, which the host has unless it is another's, or a prefix.</param>
    /// <exception cref="NetException">The host refused.</exception>
    public TunnelPair(BenchHost near, BenchHost far, IReadOnlyList<TunnelOptions> options, IReadOnlyList<Destination> behind)
    {
        this.near = near;
        this.far = far;
        try
        {
            near.Run(() => Enable(nearTunnels, options));
            far.Run(() => Enable(farTunnels, [.. options.Select((each, at) => each with
            {
                Local = each.Remote,
                Remote = each.Local,
                LocalPort = each.RemotePort,
                RemotePort = each.LocalPort,
                Prefixes = [behind[at]],
                Addresses = [.. each.Prefixes.Where(IsAddress).Select(prefix => prefix.Address)],
            })]));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Brings near ends up.</summary>
    public TunnelPair(BenchHost near, IReadOnlyList<TunnelOptions> options)
    {
        this.near = near;
        try
        {
            near.Run(() => Enable(nearTunnels, options));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What carries the near end.</summary>
    public TunnelBackend Backend => nearTunnels.List()[0].Backend;

    /// <summary>Options of one tunnel between two addresses.</summary>
    public static TunnelOptions Between(TunnelEncapsulation encapsulation, TunnelBackend backend, Address local, Address remote, Address inside, Destination behind) => new()
    {
        Name = "bench",
        Local = local,
        Remote = remote,
        Encapsulation = encapsulation,
        Backend = backend,
        Mtu = 1400,
        Addresses = [inside],
        Prefixes = [behind],
    };

    public void Dispose()
    {
        near.Run(nearTunnels.Dispose);
        far?.Run(farTunnels.Dispose);
    }

    private static bool IsAddress(Destination destination) => destination.Length == (destination.Address.IsIPv4 ? 32 : 128);

    private static void Enable(HostedTunnels tunnels, IReadOnlyList<TunnelOptions> options)
    {
        foreach (var each in options)
        {
            tunnels.Enable(tunnels.Add(each));
        }
    }
}
