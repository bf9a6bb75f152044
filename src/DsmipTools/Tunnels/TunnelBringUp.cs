using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tunnels;

/// <summary>A tunnel that is configured by hand, on the host: all of it came up, or nothing.</summary>
internal sealed class TunnelBringUp
{
    private readonly Stack<Action> undo = [];

    /// <summary>Brings a tunnel up.</summary>
    /// <param name="id">Its number, unique in the carrier.</param>
    /// <param name="options">How it is configured.</param>
    /// <param name="over">The route to its other end by the tunnel that it runs over; null for none.</param>
    /// <param name="carrier">What carries it.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <exception cref="NetException">The host refused.</exception>
    public TunnelBringUp(long id, TunnelOptions options, Route? over, TunnelCarrier carrier, TunnelCounters counters)
    {
        SourceAddress.ThrowUnlessLocal(options.Local);
        var tunnel = Tunnel = options.ToTunnel(id, over);
        // What runs over another tunnel comes with the packets of that.
        IpProtocol[] protocols = over is null ? options.Protocols : [];
        try
        {
            Do(() => carrier.Add(tunnel, protocols, counters), () => carrier.Remove(tunnel, protocols));
            foreach (var address in options.Addresses)
            {
                Do(() => carrier.Add(address), () => carrier.Remove(address));
            }

            foreach (var prefix in options.Prefixes)
            {
                var route = new Route(prefix, tunnel) { SendKey = options.Key, ReceiveKey = options.Key };
                Do(() => carrier.Add(route), () => carrier.Remove(route));
            }
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>The tunnel as the forwarder knows it.</summary>
    public Tunnel Tunnel { get; }

    /// <summary>Takes it down.</summary>
    public void Undo()
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

    private void Do(Action action, Action inverse)
    {
        action();
        undo.Push(inverse);
    }
}
