using DsmipTools.Net.Namespaces;

namespace DsmipTools.Worlds;

/// <summary>Where an agent runs: which world, and in that of network namespaces, which one.</summary>
public sealed record AgentPlace
{
    private AgentPlace(World world, NetworkNamespace? networkNamespace = null, string? node = null) =>
        (World, Namespace, Node) = (world, networkNamespace, node);

    /// <summary>The world.</summary>
    public World World { get; }

    /// <summary>The network namespace; null for that of the process. It is not disposed with the agent.</summary>
    public NetworkNamespace? Namespace { get; }

    /// <summary>The name of the node that has the namespace; null for none.</summary>
    public string? Node { get; }

    /// <summary>True where tunnels carry packets, by devices, routes and rules of the place.</summary>
    internal bool CarriesTraffic => World is World.Host or World.Namespace;

    /// <summary>A world as a whole.</summary>
    /// <exception cref="ArgumentException">It consists of network namespaces: <see cref="In"/> names one.</exception>
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

    /// <inheritdoc/>
    public override string ToString() => Node is null ? $"{World}" : $"{World} {Node}";

    /// <summary>Opens something whose descriptors belong to the network of the place.</summary>
    internal T Open<T>(Func<T> open) => Namespace is { } inside ? inside.Run(open) : open();

    /// <summary>Does something whose descriptors belong to the network of the place.</summary>
    internal void Open(Action open)
    {
        if (Namespace is { } inside)
        {
            inside.Run(open);
        }
        else
        {
            open();
        }
    }
}
