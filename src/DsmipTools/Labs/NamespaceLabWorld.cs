using System.Diagnostics;
using System.Globalization;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Links;
using DsmipTools.Net.Namespaces;
using DsmipTools.Net.Netlink;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>
/// Nodes are network namespaces. Each attachment is a pair of Ethernet interfaces, one end in the node and the other in a namespace of the lab, where a link is
/// a bridge, or a <see cref="LinkElement"/> as long as it does something to packets. So a node's interface stays what it is whatever becomes of its link, and a
/// node that moves keeps its interface.
/// </summary>
internal sealed class NamespaceLabWorld : LabWorld
{
    private const int AllSegments = 65_535;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly string prefix;
    private readonly bool hasNames;
    private readonly ulong seed;
    private readonly NetworkNamespace wire;
    private readonly HostNetwork wireNetwork;
    private readonly string? temporaryFiles;
    private readonly Lock ending = new();
    private readonly List<LabNode> nodes = [];
    private readonly Dictionary<LabLink, Cable> cables = [];
    private int attachments;
    private int bridges;
    private bool disposed;

    public NamespaceLabWorld(string lab, ulong seed)
    {
        this.seed = seed;
        prefix = string.Create(CultureInfo.InvariantCulture, $"{LabRegistry.NamePrefix}{Environment.ProcessId}.{lab}");
        hasNames = LabRegistry.TryRegister(prefix, lab) && LabRegistry.TryPrepareNames(prefix);
        try
        {
            wire = NetworkNamespace.Create(hasNames ? prefix : null);
            if (hasNames && wire.Name is null)
            {
                hasNames = false;
                LabRegistry.Remove(prefix);
            }

            temporaryFiles = hasNames ? null : Directory.CreateTempSubdirectory($"{prefix}.").FullName;
            wireNetwork = wire.Run(() =>
            {
                // Nothing but what nodes send is to be on a link.
                Set("ipv6/conf/all/disable_ipv6", 1);
                Set("ipv6/conf/default/disable_ipv6", 1);
                return new HostNetwork();
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override Link DefaultConditions => Link.Perfect;

    /// <summary>Ends the programs that run in namespaces.</summary>
    public static void EndPrograms(IReadOnlyList<NetworkNamespace> namespaces)
    {
        foreach (var process in NetworkNamespace.ProcessesIn(namespaces))
        {
            try
            {
                using var program = Process.GetProcessById(process);
                program.Kill();
                program.WaitForExit(LongestEnd);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended by itself, or belongs to somebody else.
            }
        }
    }

    public override void Open(LabNode node)
    {
        if (node.Kind == LabNodeKind.Nat)
        {
            NatRules.ThrowUnlessThere();
        }

        var name = $"{prefix}.{node.Name}";
        nodes.Add(node);
        try
        {
            Make(node, name);
        }
        catch
        {
            nodes.Remove(node);
            Take(node);
            throw;
        }
    }

    public override void Open(LabLink link)
    {
        var bridge = string.Create(CultureInfo.InvariantCulture, $"br{bridges++}");
        wireNetwork.AddBridge(bridge);
        var cable = new Cable(bridge, wireNetwork.IndexOf(bridge), new CableConditions(link.Conditions, seed, link.Name));
        cables.Add(link, cable);
        wireNetwork.SetUp(cable.Bridge, isUp: true);
        cable.Capture = link.CapturePath is { } path ? new LinkCapture(path) : null;
        cable.Element = link.Conditions.IsPerfect ? null : new LinkElement(cable.Conditions, link.Name);
    }

    public override void Close(LabLink link)
    {
        if (cables.Remove(link, out var cable))
        {
            cable.Dispose();
            wireNetwork.RemoveInterface(cable.Bridge, cable.Name);
        }
    }

    public override LabAttachment Attach(LabNode node, LabLink link)
    {
        var number = attachments++;
        var attachment = new LabAttachment(node, link, number, string.Create(CultureInfo.InvariantCulture, $"eth{node.NextInterface++}"));
        var other = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        wireNetwork.AddPair(other, attachment.Interface!, node.Namespace!, link.Mtu);
        attachment.Index = (node.Network!.IndexOf(attachment.Interface!), wireNetwork.IndexOf(other));
        node.Network.SetUp(attachment.Index.Node, isUp: true);
        return attachment;
    }

    public override void Detach(LabAttachment attachment) => wireNetwork.RemoveInterface(attachment.Index.Wire, attachment.Interface!);

    public override void Join(LabAttachment attachment)
    {
        var (link, network, index) = (attachment.Link, attachment.Node.Network!, attachment.Index.Node);
        var cable = cables[link];
        Fit(attachment);
        attachment.CountedBefore = wireNetwork.Counters().GetValueOrDefault(attachment.Index.Wire);
        // Only what is up can be captured on.
        wireNetwork.SetUp(attachment.Index.Wire, isUp: true);
        cable.Capture?.Add($"{attachment.Node.Name}:{attachment.Interface}", WireName(attachment), wire);
        Plug(cable, attachment);
        wireNetwork.SetUp(attachment.Index.Wire, link.IsUp);
        foreach (var address in attachment.Addresses)
        {
            network.AddAddress(index, address.Address, address.Length);
        }

        foreach (var route in attachment.Routes)
        {
            network.Add(RouteOf(route, index));
        }

        if (attachment.Node is { Kind: LabNodeKind.Nat } nat && string.Equals(nat.Outside, link.Name, StringComparison.OrdinalIgnoreCase))
        {
            NatRules.Translate(nat.Namespace!, attachment.Interface!);
        }
    }

    public override void Leave(LabAttachment attachment)
    {
        var (cable, network, index) = (cables[attachment.Link], attachment.Node.Network!, attachment.Index.Node);
        wireNetwork.SetUp(attachment.Index.Wire, isUp: false);
        Unplug(cable, attachment);
        cable.Capture?.Remove(WireName(attachment));
        cable.Conditions.Forget(attachment.Number);
        foreach (var route in attachment.Routes)
        {
            Attempt(() => network.Remove(RouteOf(route, index)));
        }

        foreach (var address in attachment.Addresses)
        {
            Attempt(() => network.RemoveAddress(index, address.Address, address.Length));
        }
    }

    public override void Apply(LabLink link)
    {
        var cable = cables[link];
        var isPerfect = link.Conditions.IsPerfect;
        cable.Conditions.Link = link.Conditions;
        if (isPerfect != cable.Element is null)
        {
            foreach (var attachment in link.Attachments)
            {
                Unplug(cable, attachment);
            }

            cable.Element?.Dispose();
            cable.Element = isPerfect ? null : new LinkElement(cable.Conditions, link.Name);
            foreach (var attachment in link.Attachments)
            {
                Plug(cable, attachment);
            }
        }

        foreach (var attachment in link.Attachments)
        {
            Fit(attachment);
            wireNetwork.SetUp(attachment.Index.Wire, link.IsUp);
        }
    }

    public override IReadOnlyList<LabLinkCounters> Count(LabLink link)
    {
        var interfaces = wireNetwork.Counters();
        var cable = cables[link];
        return link.Attachments.Select(attachment =>
        {
            var counted = interfaces.GetValueOrDefault(attachment.Index.Wire);
            var before = attachment.CountedBefore;
            return new LabLinkCounters(
                attachment.Node.Name,
                counted.PacketsIn - before.PacketsIn,
                counted.OctetsIn - before.OctetsIn,
                counted.PacketsOut - before.PacketsOut,
                counted.OctetsOut - before.OctetsOut,
                cable.Conditions.LostFrom(attachment.Number));
        }).ToArray();
    }

    public override void Dispose()
    {
        lock (ending)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            EndPrograms([.. nodes.Select(node => node.Namespace).Append(wire).OfType<NetworkNamespace>()]);
            foreach (var cable in cables.Values)
            {
                cable.Dispose();
            }

            nodes.ForEach(Take);
            wireNetwork?.Dispose();
            wire?.Dispose();
            if (hasNames)
            {
                LabRegistry.Remove(prefix);
            }
            else if (temporaryFiles is not null)
            {
                Directory.Delete(temporaryFiles, recursive: true);
            }
        }
    }

    private static HostRoute RouteOf(LabRoute route, int index) => new(route.Destination.Address, route.Destination.Length, index, 0) { Gateway = route.Gateway };

    private static string WireName(LabAttachment attachment) => string.Create(CultureInfo.InvariantCulture, $"p{attachment.Number}");

    /// <summary>Writes to a setting of this thread's namespace. A kernel without the protocol has none of its settings.</summary>
    private static void Set(string name, int value)
    {
        try
        {
            File.WriteAllText($"/proc/sys/net/{name}", value.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NetException(
                NetError.AccessDenied, 0, $"The setting net/{name} of a node cannot be written: /proc/sys is read-only here. Containers need '--privileged', or /proc/sys mounted writable.", exception);
        }
    }

    /// <summary>What an administrator has taken away already is not missed.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (NetException exception) when (exception.Error != NetError.AccessDenied)
        {
        }
    }

    private void Make(LabNode node, string name)
    {
        if (hasNames)
        {
            LabRegistry.MakeFolder(LabRegistry.FilesFolder);
        }

        node.FilesFolder = hasNames ? $"{LabRegistry.FilesFolder}/{name}" : $"{temporaryFiles}/{node.Name}";
        Directory.CreateDirectory(node.FilesFolder);
        // Before any program starts: one that looks for name servers would write to the host's file.
        File.WriteAllText($"{node.FilesFolder}/resolv.conf", "");
        node.Namespace = NetworkNamespace.Create(hasNames ? name : null);
        var forwards = node.Kind == LabNodeKind.Host ? 0 : 1;
        node.Network = node.Namespace.Run(() =>
        {
            Set("ipv4/ip_forward", forwards);
            Set("ipv4/conf/all/rp_filter", 0);
            Set("ipv4/conf/default/rp_filter", 0);
            Set("ipv6/conf/all/forwarding", forwards);
            Set("ipv6/conf/default/forwarding", forwards);
            // Addresses are usable at once.
            Set("ipv6/conf/all/accept_dad", 0);
            Set("ipv6/conf/default/accept_dad", 0);
            return new HostNetwork();
        });
        node.Network.SetUp(node.Network.IndexOf("lo"), isUp: true);
    }

    private static void Take(LabNode node)
    {
        node.Network?.Dispose();
        node.Namespace?.Dispose();
        if (Directory.Exists(node.FilesFolder))
        {
            Directory.Delete(node.FilesFolder, recursive: true);
        }
    }

    /// <summary>
    /// Gives both ends the MTU of the link. Where something happens to single packets the node is to send single packets, and not one long one for many segments.
    /// </summary>
    private void Fit(LabAttachment attachment)
    {
        var link = attachment.Link;
        attachment.Node.Network!.SetMtu(attachment.Index.Node, link.Mtu);
        wireNetwork.SetMtu(attachment.Index.Wire, link.Mtu);
        attachment.Node.Network.SetSegments(attachment.Index.Node, link.Conditions.IsSelective ? 1 : AllSegments);
    }

    private void Plug(Cable cable, LabAttachment attachment)
    {
        if (cable.Element is null)
        {
            wireNetwork.SetBridge(attachment.Index.Wire, cable.Bridge);
        }
        else
        {
            cable.Element.Add(attachment.Number, attachment.Index.Wire, wire);
        }
    }

    private void Unplug(Cable cable, LabAttachment attachment)
    {
        if (cable.Element is null)
        {
            wireNetwork.SetBridge(attachment.Index.Wire, 0);
        }
        else
        {
            cable.Element.Remove(attachment.Number);
        }
    }
}
