using System.Buffers;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <content>Nodes and links. Safe for use by several threads.</content>
public sealed partial class Lab
{
    private const int LongestName = 32;

    private static readonly SearchValues<char> InNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly Lock gate = new();
    private readonly LabWorld? links;
    private readonly List<LabNode> nodeList = [];
    private readonly List<LabLink> linkList = [];
    private bool disposed;

    /// <summary>The nodes, in the order in which they were added.</summary>
    public IReadOnlyList<LabNode> Nodes
    {
        get
        {
            lock (gate)
            {
                return nodeList.ToArray();
            }
        }
    }

    /// <summary>The links, in the order in which they were added.</summary>
    public IReadOnlyList<LabLink> Links
    {
        get
        {
            lock (gate)
            {
                return linkList.ToArray();
            }
        }
    }

    /// <summary>What a new link does to packets unless something else is said.</summary>
    /// <exception cref="NotSupportedException">The world has no links.</exception>
    public Link DefaultConditions => Topology.DefaultConditions;

    private LabWorld Topology => links ?? throw new NotSupportedException($"The {World} world has no nodes and links: choose Simulated or Namespace.");

    /// <summary>The node with a name, without regard to case; null when there is none.</summary>
    public LabNode? FindNode(string name) => Nodes.FirstOrDefault(node => IsNamed(node.Name, name));

    /// <summary>The link with a name, without regard to case; null when there is none.</summary>
    public LabLink? FindLink(string name) => Links.FirstOrDefault(link => IsNamed(link.Name, name));

    /// <summary>Adds a node that is on no link yet.</summary>
    /// <param name="name">The name, unique in the lab without regard to case: letters, digits, - and _.</param>
    /// <param name="kind">What it does with packets that are not for it.</param>
    /// <param name="outside">The name of a NAT's outside link, which need not be there yet.</param>
    /// <exception cref="ArgumentException">The name is taken or is none, or a NAT has no outside, or another node one.</exception>
    /// <exception cref="NotSupportedException">The world has no such nodes.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    public LabNode AddNode(string name, LabNodeKind kind = LabNodeKind.Host, string? outside = null)
    {
        ThrowUnlessName(name);
        // PowerShell gives an empty text where a script leaves a parameter of this type out.
        outside = string.IsNullOrEmpty(outside) ? null : outside;
        if (kind == LabNodeKind.Nat != outside is not null)
        {
            throw new ArgumentException(kind == LabNodeKind.Nat
                ? $"{name} is a NAT: name the link that is its outside."
                : $"{name} is no NAT, and has no outside link.");
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (FindNode(name) is not null)
            {
                throw new ArgumentException($"There is a node with the name {name} already.");
            }

            var node = new LabNode(this, name, kind, outside);
            Topology.Open(node);
            nodeList.Add(node);
            return node;
        }
    }

    /// <summary>Adds a link, with nodes on it; all of it, or nothing.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, the name is taken, there is no such node, or an address is in use on the link.</exception>
    /// <exception cref="NotSupportedException">The world has no such links.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    /// <exception cref="IOException">The capture cannot be written.</exception>
    public LabLink AddLink(LabLinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowUnlessName(options.Name);
        if (options.Prefixes.FirstOrDefault(prefix => !prefix.IsCanonical) is { Length: > 0 } stray)
        {
            throw new ArgumentException($"{stray} has bits set beyond its length. Did you mean {Destination.Of(stray.Address, stray.Length)}?");
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (FindLink(options.Name) is not null)
            {
                throw new ArgumentException($"There is a link with the name {options.Name} already.");
            }

            var members = options.Members.Select(member => (Node: NodeOf(member.Node), Member: member)).ToArray();
            if (members.GroupBy(each => each.Node).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            {
                throw new ArgumentException($"{twice.Key} is named twice: a node is on a link once.");
            }

            if (options.Gateway is { } gateway && !members.Any(each => IsNamed(each.Node.Name, gateway)))
            {
                throw new ArgumentException($"The gateway {gateway} is not among the members of the link.");
            }

            var path = options.CapturePath ?? (CaptureFolder is { } folder && World == World.Namespace ? Path.Combine(folder, $"{Name}-{options.Name}.pcapng") : null);
            var link = new LabLink(this, options with { CapturePath = path }, options.Conditions ?? Topology.DefaultConditions);
            CheckMtu(link, link.Mtu);
            try
            {
                Topology.Open(link);
                // The gateway first: the others are told its addresses.
                foreach (var (node, member) in members.OrderBy(each => options.Gateway is { } first && IsNamed(each.Node.Name, first) ? 0 : 1))
                {
                    var addresses = AddressesFor(link, member, Array.FindIndex(members, each => each.Node == node));
                    Join(Topology.Attach(node, link), addresses, member.Routes);
                }
            }
            catch
            {
                foreach (var attachment in link.Attachments)
                {
                    Topology.Detach(attachment);
                    attachment.Node.Remove(attachment);
                }

                Topology.Close(link);
                throw;
            }

            if (path is not null)
            {
                captures.Add(link.CapturePath!);
            }

            linkList.Add(link);
            return link;
        }
    }

    /// <summary>Changes a link while it runs. What is not given stays as it is.</summary>
    /// <param name="link">The link.</param>
    /// <param name="conditions">What it does to packets.</param>
    /// <param name="mtu">The longest packet in octets.</param>
    /// <param name="isUp">Whether it carries anything.</param>
    /// <exception cref="ArgumentException">The link is none of this lab, or the MTU is out of its range.</exception>
    /// <exception cref="NotSupportedException">The world has no such links.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    public void Change(LabLink link, Link? conditions = null, int? mtu = null, bool? isUp = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (gate)
        {
            ThrowUnlessHere(link);
            CheckMtu(link, mtu ?? link.Mtu);
            var before = (link.Conditions, link.Mtu, link.IsUp);
            (link.Conditions, link.Mtu, link.IsUp) = (conditions ?? link.Conditions, mtu ?? link.Mtu, isUp ?? link.IsUp);
            try
            {
                Topology.Apply(link);
            }
            catch
            {
                (link.Conditions, link.Mtu, link.IsUp) = before;
                throw;
            }
        }
    }

    /// <summary>
    /// Takes a node off its link and puts it on another one: the interface stays, loses its carrier and gets it back, and has other addresses and routes then.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="to">The link that it comes to.</param>
    /// <param name="from">The link that it leaves; null for the only one that it is on.</param>
    /// <param name="addresses">Its addresses there; null or none for what the prefixes of the link leave.</param>
    /// <param name="routes">Its routes there; null for the one to the link's gateway alone.</param>
    /// <exception cref="ArgumentException">The node is on the link, or not on the one that it is to leave, or an address is in use.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    public LabAttachment Move(
        LabNode node, LabLink to, LabLink? from = null, IReadOnlyList<InterfaceAddress>? addresses = null, IReadOnlyList<LabRoute>? routes = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(to);
        lock (gate)
        {
            ThrowUnlessHere(to);
            if (node.Attachments.Any(attachment => attachment.Link == to))
            {
                throw new ArgumentException($"{node} is on the link {to} already.");
            }

            var attachment = from is null && node.Attachments is [var only] ? only
                : node.Attachments.FirstOrDefault(attachment => attachment.Link == from)
                ?? throw new ArgumentException(from is null
                    ? $"{node} is on {(node.Attachments.Count == 0 ? "no link" : $"several links ({string.Join(", ", node.Links)}): say which one it leaves")}."
                    : $"{node} is not on the link {from}.");
            var chosen = AddressesFor(to, new LabMember(node.Name) { Addresses = addresses ?? [] }, to.Attachments.Count);
            Topology.Leave(attachment);
            attachment.Link.Remove(attachment);
            node.Remove(attachment);
            attachment.Link = to;
            Join(attachment, chosen, routes ?? []);
            return attachment;
        }
    }

    internal IReadOnlyList<LabLinkCounters> CountersOf(LabLink link)
    {
        lock (gate)
        {
            return disposed ? [] : Topology.Count(link);
        }
    }

    private static bool IsNamed(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static void ThrowUnlessName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > LongestName || name.AsSpan().ContainsAnyExcept(InNames))
        {
            throw new ArgumentException($"'{name}' is no name here: it has 1 to {LongestName} letters, digits, - and _.");
        }
    }

    private static void CheckMtu(LabLink link, int mtu)
    {
        const int SmallestWithIPv6 = 1280;
        var least = link.Prefixes.Any(prefix => prefix.Address.IsIPv6) || link.Attachments.Any(each => each.Addresses.Any(address => address.Address.IsIPv6))
            ? SmallestWithIPv6
            : LabLinkOptions.MinimumMtu;
        if (mtu < least || mtu > LabLinkOptions.MaximumMtu)
        {
            throw new ArgumentException($"The MTU {mtu} is not between {least} and {LabLinkOptions.MaximumMtu}{(least == SmallestWithIPv6 ? " (IPv6: RFC 8200, 5)" : "")}.");
        }
    }

    private void Join(LabAttachment attachment, IReadOnlyList<InterfaceAddress> addresses, IReadOnlyList<LabRoute> routes)
    {
        var (link, node) = (attachment.Link, attachment.Node);
        attachment.Addresses = addresses;
        attachment.Routes = [.. routes, .. DefaultRoutes(link, node, addresses, routes)];
        link.Add(attachment);
        node.Add(attachment);
        Topology.Join(attachment);
    }

    /// <summary>The routes to the gateway of a link, for the families in which a node has no default route.</summary>
    private static IEnumerable<LabRoute> DefaultRoutes(LabLink link, LabNode node, IReadOnlyList<InterfaceAddress> addresses, IReadOnlyList<LabRoute> given)
    {
        var gateway = link.Attachments.FirstOrDefault(attachment => link.Gateway is { } name && IsNamed(attachment.Node.Name, name));
        var has = node.Attachments.SelectMany(attachment => attachment.Routes).Concat(given).Where(route => route.Destination.Length == 0).ToArray();
        return
            from hop in gateway?.Addresses ?? []
            where addresses.Any(own => own.Prefix == hop.Prefix) && !has.Any(route => route.Gateway.IsIPv4 == hop.Address.IsIPv4)
            group hop.Address by hop.Address.IsIPv4 into family
            select new LabRoute(Destination.Of(family.Key ? Address.AnyIPv4 : default, 0), family.First());
    }

    /// <summary>The addresses that a member wants, or else the n-th of each prefix, or the next one that is free.</summary>
    private static IReadOnlyList<InterfaceAddress> AddressesFor(LabLink link, LabMember member, int position)
    {
        var taken = link.Attachments.SelectMany(attachment => attachment.Addresses).Select(address => address.Address).ToHashSet();
        foreach (var address in member.Addresses)
        {
            if (taken.Contains(address.Address))
            {
                throw new ArgumentException($"{address.Address} is in use on the link {link}.");
            }
        }

        return member.Addresses.Count > 0 ? [.. member.Addresses] : [.. link.Prefixes.Select(prefix => Next(prefix, position + 1))];

        InterfaceAddress Next(Destination prefix, int number)
        {
            while (true)
            {
                var next = new InterfaceAddress(
                    prefix.Address.IsIPv4 ? Address.FromIPv4((uint)prefix.Address.Value + (uint)number) : Address.FromIPv6(prefix.Address.Value + (uint)number), prefix.Length);
                if (next.Prefix != prefix)
                {
                    throw new ArgumentException($"{prefix} has no address left.");
                }

                if (!taken.Contains(next.Address))
                {
                    return next;
                }

                number++;
            }
        }
    }

    private LabNode NodeOf(string name) => FindNode(name) ?? throw new ArgumentException($"There is no node with the name {name} in the lab {Name}.");

    private void ThrowUnlessHere(LabLink link)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!linkList.Contains(link))
        {
            throw new ArgumentException($"The link {link} is none of the lab {Name}.");
        }
    }

    private void DisposeTopology()
    {
        lock (gate)
        {
            disposed = true;
            links?.Dispose();
        }
    }
}
