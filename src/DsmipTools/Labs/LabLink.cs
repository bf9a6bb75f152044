using DsmipTools.Engine.Forwarding;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>A link of a lab.</summary>
public sealed class LabLink
{
    private volatile LabAttachment[] attachments = [];

    internal LabLink(Lab lab, LabLinkOptions options, Link conditions)
    {
        Lab = lab;
        Name = options.Name;
        Prefixes = [.. options.Prefixes];
        Gateway = options.Gateway;
        CapturePath = options.CapturePath is null ? null : Path.GetFullPath(options.CapturePath);
        Conditions = conditions;
        Mtu = options.Mtu;
    }

    /// <summary>The name, unique in its lab without regard to case.</summary>
    public string Name { get; }

    /// <summary>The lab.</summary>
    public Lab Lab { get; }

    /// <summary>What is on the link.</summary>
    public IReadOnlyList<Destination> Prefixes { get; }

    /// <summary>The name of the node that the others send to what is elsewhere; null for none.</summary>
    public string? Gateway { get; }

    /// <summary>What it does to packets.</summary>
    public Link Conditions { get; internal set; }

    /// <summary>The longest packet in octets.</summary>
    public int Mtu { get; internal set; }

    /// <summary>Whether it carries anything: while it does not, its nodes' interfaces have no carrier.</summary>
    public bool IsUp { get; internal set; } = true;

    /// <summary>The nodes on it, in the order in which they came.</summary>
    public IReadOnlyList<LabAttachment> Attachments => attachments;

    /// <summary>The names of the nodes on it.</summary>
    public IReadOnlyList<string> Nodes => attachments.Select(attachment => attachment.Node.Name).ToArray();

    /// <summary>What it has carried, for each node that is on it now.</summary>
    public IReadOnlyList<LabLinkCounters> Counters => Lab.CountersOf(this);

    /// <summary>Packets that it has lost.</summary>
    public long Lost => Counters.Sum(counters => counters.Lost);

    /// <summary>The pcapng file; null for none.</summary>
    public string? CapturePath { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal void Add(LabAttachment attachment) => attachments = [.. attachments, attachment];

    internal void Remove(LabAttachment attachment) => attachments = [.. attachments.Where(each => each != attachment)];
}
