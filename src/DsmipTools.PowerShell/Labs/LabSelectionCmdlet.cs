using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Labs;

/// <summary>The base of the cmdlets that act on labs which are named or piped.</summary>
public abstract class LabSelectionCmdlet : DsmipCmdlet
{
    private protected const string ByName = "Name";

    // The default set, because PowerShell tries that one first with each object of the pipeline: a lab has a Name too.
    private protected const string ByObject = "InputObject";

    /// <summary>The labs with these names; wildcards may match none, a plain name that does not exist is an error.</summary>
    private protected IEnumerable<Lab> Find(IEnumerable<string> names) => FindNamed(
        names,
        Agents.Labs.List(),
        lab => lab.Name,
        name => WriteError($"There is no lab with the name '{name}'. Get-DsmipLab lists them.", ErrorIds.LabNotFound, ErrorCategory.ObjectNotFound, name));
}
