using DsmipTools.Net.Namespaces;
using DsmipTools.Net.Netlink;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Labs;

/// <summary>A node of a lab.</summary>
public sealed class LabNode
{
    private volatile LabAttachment[] attachments = [];

    internal LabNode(Lab lab, string name, LabNodeKind kind, string? outside)
    {
        Lab = lab;
        Name = name;
        Kind = kind;
        Outside = outside;
    }

    /// <summary>The name, unique in its lab without regard to case.</summary>
    public string Name { get; }

    /// <summary>The lab.</summary>
    public Lab Lab { get; }

    /// <summary>What it does with packets that are not for it.</summary>
    public LabNodeKind Kind { get; }

    /// <summary>The name of a NAT's outside link; null for other nodes.</summary>
    public string? Outside { get; }

    /// <summary>Its network namespace; null in the simulated world. Whoever opens sockets in it closes them before the lab ends.</summary>
    public NetworkNamespace? Namespace { get; internal set; }

    /// <summary>Where it is, in the order in which it came there.</summary>
    public IReadOnlyList<LabAttachment> Attachments => attachments;

    /// <summary>The links that it is on.</summary>
    public IReadOnlyList<string> Links => attachments.Select(attachment => attachment.Link.Name).ToArray();

    /// <summary>Its addresses on all links.</summary>
    public IReadOnlyList<Address> Addresses => attachments.SelectMany(attachment => attachment.Addresses).Select(each => each.Address).ToArray();

    /// <summary>Its interfaces, addresses and routes, inside its namespace.</summary>
    internal HostNetwork? Network { get; set; }

    /// <summary>The folder with what it sees in /etc instead of the host's files.</summary>
    internal string? FilesFolder { get; set; }

    /// <summary>The number of its next interface.</summary>
    internal int NextInterface { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal void Add(LabAttachment attachment) => attachments = [.. attachments, attachment];

    internal void Remove(LabAttachment attachment) => attachments = [.. attachments.Where(each => each != attachment)];
}
