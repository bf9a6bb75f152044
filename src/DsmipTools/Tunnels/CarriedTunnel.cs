using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tunnels;

/// <summary>A tunnel whose packets this process carries, with programs in the kernel where that is possible.</summary>
internal sealed class CarriedTunnel : RaisedTunnel
{
    private readonly bool isInUserSpace;

    /// <summary>Brings a tunnel up.</summary>
    /// <param name="id">Its number, unique in the carrier.</param>
    /// <param name="options">How it is configured.</param>
    /// <param name="over">The route to its other end by the tunnel that it runs over; null for none.</param>
    /// <param name="carrier">What carries it.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <exception cref="NetException">The host refused.</exception>
    public CarriedTunnel(long id, TunnelOptions options, Route? over, TunnelCarrier carrier, TunnelCounters counters)
    {
        SourceAddress.ThrowUnlessLocal(options.Local);
        isInUserSpace = options.Backend == TunnelBackend.UserSpace;
        Carrier = carrier;
        Tunnel = options.ToTunnel(id, over);
        // What runs over another tunnel comes with the packets of that.
        IpProtocol[] protocols = over is null ? options.Protocols : [];
        Raise(() =>
        {
            Do(() => carrier.Add(Tunnel, protocols, counters, options.Backend), () => carrier.Remove(Tunnel, protocols));
            foreach (var address in options.Addresses)
            {
                Do(() => carrier.Add(address), () => carrier.Remove(address));
            }

            foreach (var prefix in options.Prefixes)
            {
                var route = new Route(prefix, Tunnel) { SendKey = options.Key, ReceiveKey = options.Key };
                Do(() => carrier.Add(route), () => carrier.Remove(route));
            }
        });
    }

    /// <summary>The tunnel as the forwarder knows it.</summary>
    public Tunnel Tunnel { get; }

    /// <summary>What carries it.</summary>
    public TunnelCarrier Carrier { get; }

    /// <inheritdoc/>
    public override string InterfaceName => Carrier.InterfaceName;

    /// <inheritdoc/>
    public override NetException? Failure => Carrier.Failure;

    /// <inheritdoc/>
    public override (TunnelBackend Backend, string Because) Backend => isInUserSpace ? (TunnelBackend.UserSpace, AskedFor) : Carrier.BackendOf(Tunnel);
}
