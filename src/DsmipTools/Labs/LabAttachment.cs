using DsmipTools.Net.Netlink;

namespace DsmipTools.Labs;

/// <summary>A node on a link.</summary>
public sealed class LabAttachment
{
    internal LabAttachment(LabNode node, LabLink link, int number, string? interfaceName)
    {
        Node = node;
        Link = link;
        Number = number;
        Interface = interfaceName;
    }

    /// <summary>The node.</summary>
    public LabNode Node { get; }

    /// <summary>The link.</summary>
    public LabLink Link { get; internal set; }

    /// <summary>The node's interface; null where it has none of its own, as in the simulated world.</summary>
    public string? Interface { get; }

    /// <summary>Its addresses on the link.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; internal set; } = [];

    /// <summary>Its routes by the link.</summary>
    public IReadOnlyList<LabRoute> Routes { get; internal set; } = [];

    /// <summary>Its number among all attachments of the lab.</summary>
    internal int Number { get; }

    /// <summary>The interface of the node, and the other end of it.</summary>
    internal (int Node, int Wire) Index { get; set; }

    /// <summary>What the other end had counted when the node came to the link.</summary>
    internal InterfaceCounters CountedBefore { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Link.Name} {string.Join(' ', Addresses)}".TrimEnd();
}
