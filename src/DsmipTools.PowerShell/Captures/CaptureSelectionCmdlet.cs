using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Captures;

/// <summary>The base of the cmdlets that act on captures which are named or piped.</summary>
public abstract class CaptureSelectionCmdlet : DsmipCmdlet
{
    private protected const string ByName = "Name";

    // The default set, because PowerShell tries that one first with each object of the pipeline: a capture has a Name too.
    private protected const string ByObject = "InputObject";

    /// <summary>The captures with these names; wildcards may match none, a plain name that does not exist is an error.</summary>
    private protected IEnumerable<HostedCapture> Find(IEnumerable<string> names) => FindNamed(
        names,
        Agents.Captures.List(),
        capture => capture.Name,
        name => WriteError(
            $"There is no capture with the name '{name}'. Get-DsmipCapture lists them.", ErrorIds.CaptureNotFound, ErrorCategory.ObjectNotFound, name));
}
