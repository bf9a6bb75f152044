namespace DsmipTools.Labs;

/// <summary>A node that is to join a link.</summary>
/// <param name="Node">The name of the node.</param>
public sealed record LabMember(string Node)
{
    /// <summary>Its addresses on the link; those that the prefixes of the link leave to be chosen when empty.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>Routes that it gets while it is on the link.</summary>
    public IReadOnlyList<LabRoute> Routes { get; init; } = [];

    /// <summary>A node without addresses of its own choice.</summary>
    public static implicit operator LabMember(string node) => new(node);
}
