using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>The base of the cmdlets that act on tunnels which are named or piped.</summary>
public abstract class TunnelSelectionCmdlet : DsmipCmdlet
{
    private protected const string ByName = "Name";

    // The default set, because PowerShell tries that one first with each object of the pipeline: a tunnel has a Name too.
    private protected const string ByObject = "InputObject";

    /// <summary>The tunnels with these names; wildcards may match none, a plain name that does not exist is an error.</summary>
    private protected IEnumerable<HostedTunnel> Find(IEnumerable<string> names) => FindNamed(
        names,
        Agents.Tunnels.List(),
        tunnel => tunnel.Name,
        name => WriteError($"There is no tunnel with the name '{name}'. Get-DsmipTunnel lists them.", ErrorIds.TunnelNotFound, ErrorCategory.ObjectNotFound, name));

    private protected static string Describe(HostedTunnel tunnel) =>
        $"{tunnel.Name}, {tunnel.Encapsulation} from {tunnel.Local} to {tunnel.Remote}";
}
