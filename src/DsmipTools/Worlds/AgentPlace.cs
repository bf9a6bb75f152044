using DsmipTools.Labs;
using DsmipTools.Net.Namespaces;

namespace DsmipTools.Worlds;

/// <summary>Where an agent runs: which world, and in that of network namespaces, which one.</summary>
public sealed record AgentPlace
{
    private readonly string? name;

    private AgentPlace(World world, NetworkNamespace? networkNamespace = null, string? node = null, string? name = null) =>
        (World, Namespace, Node, this.name) = (world, networkNamespace, node, name);

    /// <summary>The world.</summary>
    public World World { get; }

    /// <summary>The network namespace; null for that of the process, or one that is known by its name. It is not disposed with the agent.</summary>
    public NetworkNamespace? Namespace { get; }

    /// <summary>The name of the node that has the namespace; null for none.</summary>
    public string? Node { get; }

    /// <summary>True where nobody else is but the nodes of a lab.</summary>
    internal bool IsOfLab { get; private init; }

    /// <summary>True where tunnels carry packets, by devices, routes and rules of the place.</summary>
    internal bool CarriesTraffic => World is World.Host or World.Namespace;

    /// <summary>A world as a whole.</summary>
    /// <exception cref="ArgumentException">It consists of network namespaces: <see cref="In(LabNode)"/> names one.</exception>
    public static AgentPlace Of(World world) => world != World.Namespace
        ? new AgentPlace(world)
        : throw new ArgumentException("An agent in the world of network namespaces runs in one of them: say in which.", nameof(world));

    /// <summary>A network namespace.</summary>
    /// <param name="networkNamespace">The namespace.</param>
    /// <param name="node">What administrators know it by; by default its name.</param>
    public static AgentPlace In(NetworkNamespace networkNamespace, string? node = null)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        return new AgentPlace(World.Namespace, networkNamespace, node ?? networkNamespace.ToString());
    }

    /// <summary>A network namespace that has a name, as <c>ip netns</c> gives it; it is looked for whenever something is opened there.</summary>
    public static AgentPlace In(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new AgentPlace(World.Namespace, null, name, name);
    }

    /// <summary>A node of a lab.</summary>
    /// <exception cref="ArgumentException">The lab is simulated: its nodes are no places for sockets.</exception>
    public static AgentPlace In(LabNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Namespace is { } inside
            ? new AgentPlace(World.Namespace, inside, node.Name) { IsOfLab = true }
            : throw new ArgumentException($"The node {node} is simulated: its lab's own host runs agents there.", nameof(node));
    }

    /// <inheritdoc/>
    public override string ToString() => Node is null ? $"{World}" : $"{World} {Node}";

    /// <summary>Opens something whose descriptors belong to the network of the place.</summary>
    /// <exception cref="Net.NetException">There is no such namespace, or a privilege is missing.</exception>
    internal T Open<T>(Func<T> open)
    {
        if (Namespace is { } inside)
        {
            return inside.Run(open);
        }

        if (name is null)
        {
            return open();
        }

        using var found = NetworkNamespace.Open(name);
        return found.Run(open);
    }

    /// <summary>Does something whose descriptors belong to the network of the place.</summary>
    internal void Open(Action open) => Open(() =>
    {
        open();
        return true;
    });
}
