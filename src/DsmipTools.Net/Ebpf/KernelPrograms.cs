namespace DsmipTools.Net.Ebpf;

/// <summary>The two programs with their tables, loaded, and attached to nothing yet.</summary>
internal sealed class KernelPrograms : IDisposable
{
    /// <summary>Loads the programs.</summary>
    /// <param name="device">The TUN device.</param>
    /// <param name="deviceMtu">The longest packet that it takes, in octets.</param>
    /// <param name="end">Which end of its tunnels this host is.</param>
    /// <param name="linkHeader">Octets in front of the IP header of what the host sends: none at a TUN device, an Ethernet header in a test run.</param>
    /// <exception cref="NetException">The kernel refused.</exception>
    public KernelPrograms(int device, int deviceMtu, KernelTunnelEnd end, int linkHeader = 0)
    {
        Maps = new ForwardingMaps();
        try
        {
            Encapsulation = new BpfProgram("dsmip_encap", EncapsulationProgram.Assemble(Maps, end, linkHeader));
            Decapsulation = new BpfProgram("dsmip_decap", DecapsulationProgram.Assemble(Maps, end, device, deviceMtu));
        }
        catch
        {
            Encapsulation?.Dispose();
            Maps.Dispose();
            throw;
        }
    }

    public BpfProgram Encapsulation { get; }

    public BpfProgram Decapsulation { get; }

    private ForwardingMaps Maps { get; }

    /// <summary>Counts for a tunnel from now on, which is left to user space until more is said.</summary>
    public void Add(KernelTunnel tunnel) => Maps.AddCounters(tunnel.Id);

    /// <summary>Takes packets out of a tunnel, or leaves them to user space.</summary>
    public void SetReceives(KernelTunnel tunnel, bool value)
    {
        if (value)
        {
            Maps.Ends.Set(ForwardingMaps.Key(tunnel.Ends), ForwardingMaps.Key(tunnel.Id));
        }
        else
        {
            Maps.Ends.Remove(ForwardingMaps.Key(tunnel.Ends));
        }
    }

    /// <summary>Sends the packets of a tunnel by an interface; by none, user space does.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="uplink">The interface, or 0.</param>
    /// <param name="mtu">The longest packet there, in octets.</param>
    public void SetUplink(KernelTunnel tunnel, int uplink, int mtu) =>
        Maps.Peers.Set(ForwardingMaps.Key(tunnel.Id), ForwardingMaps.Value(tunnel, uplink, mtu));

    /// <summary>Leaves the packets of a tunnel to user space.</summary>
    public void Leave(KernelTunnel tunnel)
    {
        Maps.Ends.Remove(ForwardingMaps.Key(tunnel.Ends));
        Maps.Peers.Remove(ForwardingMaps.Key(tunnel.Id));
    }

    public void Remove(KernelTunnel tunnel)
    {
        Leave(tunnel);
        Maps.Counters.Remove(ForwardingMaps.Key(tunnel.Id));
    }

    public void Add(KernelRoute route) => Maps.Routes.Set(ForwardingMaps.Key(route), ForwardingMaps.Value(route));

    public void Remove(KernelRoute route) => Maps.Routes.Remove(ForwardingMaps.Key(route));

    /// <summary>What was done with the packets of a tunnel; of those of none, with number 0.</summary>
    public KernelCounters Count(uint tunnel) => KernelCounters.Of(Maps.Counters.Sum(ForwardingMaps.Key(tunnel)));

    public void Dispose()
    {
        Encapsulation.Dispose();
        Decapsulation.Dispose();
        Maps.Dispose();
    }
}
