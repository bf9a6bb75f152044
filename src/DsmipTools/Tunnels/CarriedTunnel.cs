using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;

namespace DsmipTools.Tunnels;

/// <summary>A tunnel whose packets this process carries, with programs in the kernel where that is possible.</summary>
internal sealed class CarriedTunnel : RaisedTunnel
{
    private readonly Tunnel tunnel;

    /// <summary>Brings a tunnel up.</summary>
    /// <param name="id">Its number, unique in the carrier.</param>
    /// <param name="options">How it is configured.</param>
    /// <param name="carrier">What carries it.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <exception cref="NetException">The host refused.</exception>
    public CarriedTunnel(long id, TunnelOptions options, TunnelCarrier carrier, TunnelCounters counters)
    {
        SourceAddress.ThrowUnlessLocal(options.Local);
        Carrier = carrier;
        tunnel = options.ToTunnel(id);
        Raise(() =>
        {
            Do(() => carrier.Add(tunnel, [options.Protocol], counters, options.Backend), () => carrier.Remove(tunnel, [options.Protocol]));
            foreach (var address in options.Addresses)
            {
                Do(() => carrier.Add(address), () => carrier.Remove(address));
            }

            foreach (var prefix in options.Prefixes)
            {
                var route = new Route(prefix, tunnel) { SendKey = options.Key, ReceiveKey = options.Key };
                Do(() => carrier.Add(route), () => carrier.Remove(route));
            }
        });
    }

    /// <summary>What carries it.</summary>
    public TunnelCarrier Carrier { get; }

    /// <inheritdoc/>
    public override string InterfaceName => Carrier.InterfaceName;

    /// <inheritdoc/>
    public override NetException? Failure => Carrier.Failure;

    /// <inheritdoc/>
    public override (TunnelBackend Backend, string Because) Backend => Carrier.BackendOf(tunnel);
}
