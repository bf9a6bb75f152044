using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Tunnels;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>Takes tunnels down and forgets them, or removes what ended processes have left behind.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipTunnel", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipTunnelCommand : TunnelSelectionCmdlet
{
    private const string ByLeftover = "Orphaned";

    /// <summary>The names of the tunnels.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The tunnels.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public HostedTunnel[] InputObject { get; set; } = [];

    /// <summary>What processes have left behind.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByLeftover)]
    [ValidateNotNull]
    public TunnelLeftover[] Orphan { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByLeftover)
        {
            foreach (var leftover in Orphan)
            {
                if (ShouldProcess($"{leftover}", "Remove orphan"))
                {
                    Try(leftover, leftover.Remove);
                }
            }

            return;
        }

        foreach (var tunnel in ParameterSetName == ByObject ? InputObject : Find(Name))
        {
            if (ShouldProcess(Describe(tunnel), "Remove tunnel"))
            {
                Try(tunnel, () => Agents.Tunnels.Remove(tunnel));
            }
        }
    }
}
