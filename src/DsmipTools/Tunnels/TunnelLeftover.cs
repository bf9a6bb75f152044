using DsmipTools.Engine.Forwarding;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;

namespace DsmipTools.Tunnels;

/// <summary>
/// Something of DsmipTools on this host that no process carries any more: an interface, by its name, or a route, by its protocol number. As a rule
/// there is none, because the kernel removes a TUN device with its process, and the addresses and routes with the device.
/// </summary>
/// <param name="Interface">The interface, or the one that the route leads to.</param>
/// <param name="Destination">Where the route leads; null when it is the interface that is left.</param>
public sealed record TunnelLeftover(string Interface, Destination? Destination)
{
    /// <summary>All that is left in the network namespace of this thread.</summary>
    /// <exception cref="Net.NetException">The system is not Linux.</exception>
    public static IReadOnlyList<TunnelLeftover> FindAll()
    {
        using var network = new HostNetwork();
        return Find(network).Select(found => found.Leftover).ToArray();
    }

    /// <summary>Removes it; does nothing when it is gone, or when a process carries it by now.</summary>
    /// <exception cref="Net.NetException">A privilege is missing.</exception>
    public void Remove()
    {
        using var network = new HostNetwork();
        foreach (var (_, device, route) in Find(network).Where(each => each.Leftover == this))
        {
            if (route is not null)
            {
                network.Remove(route);
            }
            else
            {
                network.RemoveInterface(device!.Index, device.Name);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Destination is { } destination ? $"route to {destination} by {Interface}" : $"interface {Interface}";

    private static IEnumerable<(TunnelLeftover Leftover, HostInterface? Device, HostRoute? Route)> Find(HostNetwork network)
    {
        var interfaces = network.Interfaces();
        // A TUN device has a carrier as long as a process has it open.
        var devices = interfaces.Where(each => each.Kind == "tun" && each.Name.StartsWith(TunnelPort.NamePrefix, StringComparison.Ordinal)).ToArray();
        foreach (var device in devices.Where(each => !each.HasCarrier))
        {
            yield return (new TunnelLeftover(device.Name, null), device, null);
        }

        // The routes of a device go with it.
        foreach (var route in network.Routes().Where(route => !devices.Any(device => device.Index == route.InterfaceIndex)))
        {
            var name = interfaces.FirstOrDefault(each => each.Index == route.InterfaceIndex)?.Name ?? "none";
            yield return (new TunnelLeftover(name, Engine.Forwarding.Destination.Of(route.Address, route.Length)), null, route);
        }
    }
}
