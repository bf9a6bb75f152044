using System.Management.Automation;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>Brings tunnels up: from now on they carry packets.</summary>
[Cmdlet(VerbsLifecycle.Enable, "DsmipTunnel", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedTunnel))]
public sealed class EnableDsmipTunnelCommand : TunnelStateCmdlet
{
    private protected override string Action => "Enable tunnel";

    private protected override void Change(HostedTunnel tunnel) => Agents.Tunnels.Enable(tunnel);
}
