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
        name =>
        {
            if (Agents.AgentTunnels().FirstOrDefault(tunnel => string.Equals(tunnel.Name, name, StringComparison.OrdinalIgnoreCase)) is { } owned)
            {
                WriteError(
                    $"The tunnel {owned} is the agent's: it comes and goes with the bindings that {owned.Owner} has.", ErrorIds.NotSupported, ErrorCategory.InvalidOperation, owned);
            }
            else
            {
                WriteNotFound(name);
            }
        });

    /// <summary>The same among all tunnels, those of agents too.</summary>
    private protected IEnumerable<object> FindAny(IEnumerable<string> names) => FindNamed(names, All(), tunnel => $"{tunnel}", WriteNotFound);

    /// <summary>All tunnels: those that are configured by hand, then those of agents.</summary>
    private protected static IReadOnlyList<object> All() => [.. Agents.Tunnels.List(), .. Agents.AgentTunnels()];

    private protected static string Describe(HostedTunnel tunnel) =>
        $"{tunnel.Name}, {tunnel.Encapsulation} from {tunnel.Local} to {tunnel.Remote}";

    private void WriteNotFound(string name) =>
        WriteError($"There is no tunnel with the name '{name}'. Get-DsmipTunnel lists them.", ErrorIds.TunnelNotFound, ErrorCategory.ObjectNotFound, name);
}
