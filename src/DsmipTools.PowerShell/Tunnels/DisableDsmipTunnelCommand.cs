using System.Management.Automation;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>Takes tunnels down: nothing of them is left on this machine, and they can be enabled again.</summary>
[Cmdlet(VerbsLifecycle.Disable, "DsmipTunnel", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedTunnel))]
public sealed class DisableDsmipTunnelCommand : TunnelStateCmdlet
{
    private protected override string Action => "Disable tunnel";

    private protected override void Change(HostedTunnel tunnel) => Agents.Tunnels.Disable(tunnel);
}
