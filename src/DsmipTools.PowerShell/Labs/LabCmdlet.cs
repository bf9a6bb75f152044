using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>The base of the cmdlets that act on what is in a lab.</summary>
public abstract class LabCmdlet : DsmipCmdlet
{
    /// <summary>The lab.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [LabArgument]
    [ArgumentCompleter(typeof(LabNameCompleter))]
    public LabReference? Lab { get; set; }

    /// <summary>The lab that is named or piped, or else the only one; null after an error.</summary>
    private protected Lab? FindLab()
    {
        var labs = Agents.Labs.List();
        var found = Lab is null ? labs is [var only] ? only : null : Lab.Lab ?? Agents.Labs.Find(Lab.Name);
        if (found is null)
        {
            WriteError(
                Lab is not null ? $"There is no lab with the name '{Lab}'. Get-DsmipLab lists them."
                    : labs.Count == 0 ? "There is no lab. New-DsmipLab makes one."
                    : $"There are several labs ({string.Join(", ", labs.Select(lab => lab.Name))}): say which one with -Lab.",
                ErrorIds.LabNotFound,
                ErrorCategory.ObjectNotFound,
                Lab);
        }

        return found;
    }

    /// <summary>The nodes with these names; wildcards may match none, a plain name that does not exist is an error.</summary>
    private protected IEnumerable<LabNode> FindNodes(Lab lab, IEnumerable<string> names) => FindNamed(
        names,
        lab.Nodes,
        node => node.Name,
        name => WriteError($"There is no node with the name '{name}' in the lab {lab.Name}. It has {Listed(lab.Nodes)}.", ErrorIds.LabNodeNotFound, ErrorCategory.ObjectNotFound, name));

    /// <summary>The links with these names, in the same way.</summary>
    private protected IEnumerable<LabLink> FindLinks(Lab lab, IEnumerable<string> names) => FindNamed(
        names,
        lab.Links,
        link => link.Name,
        name => WriteError($"There is no link with the name '{name}' in the lab {lab.Name}. It has {Listed(lab.Links)}.", ErrorIds.LabLinkNotFound, ErrorCategory.ObjectNotFound, name));

    private static string Listed<T>(IReadOnlyList<T> all) => all.Count == 0 ? "none" : string.Join(", ", all);
}
