using DsmipTools.Engine.Forwarding;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;

namespace DsmipTools.Tunnels;

/// <summary>
/// Something of DsmipTools on this host that no process carries any more: an interface, by its name, or a route or rule, by its protocol number. The kernel
/// removes a TUN device with its process, and the addresses and routes with the device; rules of a gateway, and its routes to access links, stay.
/// </summary>
/// <param name="Interface">The interface, the one that the route leads to, or the one that packets of the rule come in by; "none" without one.</param>
/// <param name="Destination">Where the route leads; null when it is something else that is left.</param>
/// <param name="Rule">The rule; null when it is something else that is left.</param>
public sealed record TunnelLeftover(string Interface, Destination? Destination, string? Rule = null)
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
        foreach (var (_, device, entry) in Find(network).Where(each => each.Leftover == this))
        {
            if (entry is not null)
            {
                network.Remove(entry);
            }
            else
            {
                network.RemoveInterface(device!.Index, device.Name);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Rule is not null ? $"rule '{Rule}'" : Destination is { } destination ? $"route to {destination} by {Interface}" : $"interface {Interface}";

    private static IEnumerable<(TunnelLeftover Leftover, HostInterface? Device, HostEntry? Entry)> Find(HostNetwork network)
    {
        // Devices last, so that nothing of a process that starts meanwhile is taken for a leftover.
        var (rules, routes, interfaces) = (network.Rules(), network.Routes(), network.Interfaces());
        // A TUN device has a carrier as long as a process has it open.
        var devices = interfaces.Where(each => each.Kind == "tun").ToArray();
        foreach (var device in devices.Where(each => !each.HasCarrier && IsNamed(each)).Concat(interfaces.Where(KernelInterfaceTunnel.IsLeftover)))
        {
            yield return (new TunnelLeftover(device.Name, null), device, null);
        }

        // The routes of a device go with it, also when somebody has given it another name.
        var others = interfaces.Where(each => IsNamed(each) || (each.Kind == "tun" && each.HasCarrier)).Select(each => each.Index).ToHashSet();
        foreach (var route in routes.Where(route => !IsCarried(route.Table) && !others.Contains(route.InterfaceIndex)))
        {
            var name = interfaces.FirstOrDefault(each => each.Index == route.InterfaceIndex)?.Name ?? "none";
            yield return (new TunnelLeftover(name, Engine.Forwarding.Destination.Of(route.Address, route.Length)), null, route);
        }

        foreach (var rule in rules.Where(rule => !IsCarried(rule.Table)))
        {
            // A rule that leads to the main table has no other mark than its device.
            if (rule.Table != HostEntry.MainTable || !devices.Any(device => device.HasCarrier && device.Name == rule.Interface))
            {
                yield return (new TunnelLeftover(rule.Interface ?? "none", null, rule.ToString()), null, rule);
            }
        }

        static bool IsNamed(HostInterface device) => device.Name.StartsWith(TunnelPort.NamePrefix, StringComparison.Ordinal);

        bool IsCarried(uint table) => devices.Any(device => device.HasCarrier && HostRouting.IsOf(table, device.Index));
    }
}
