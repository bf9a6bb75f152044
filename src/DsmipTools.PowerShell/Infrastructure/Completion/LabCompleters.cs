using System.Collections;
using DsmipTools.Labs;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the names of labs.</summary>
public sealed class LabNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Labs.List().Select(lab => (lab.Name, $"{lab.World}, {lab.Nodes.Count} nodes, {lab.Links.Count} links"));
    }
}

/// <summary>Offers what is in a lab: the one that is named, or all.</summary>
public abstract class LabContentCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(bound);
        var named = $"{bound["Lab"]}" is { Length: > 0 } name ? host.Labs.Find(name) : null;
        return (named is null ? host.Labs.List() : [named]).SelectMany(Of);
    }

    private protected abstract IEnumerable<(string Text, string ToolTip)> Of(Lab lab);
}

/// <summary>Offers the names of a lab's nodes.</summary>
public sealed class LabNodeNameCompleter : LabContentCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(Lab lab) =>
        lab.Nodes.Select(node => (node.Name, $"{node.Kind} in {lab.Name}: {string.Join(", ", node.Attachments)}"));
}

/// <summary>Offers the names of a lab's links.</summary>
public sealed class LabLinkNameCompleter : LabContentCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(Lab lab) =>
        lab.Links.Select(link => (link.Name, $"{lab.Name}: {string.Join(", ", link.Nodes)}"));
}
