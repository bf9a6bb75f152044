using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>The base of the cmdlets that bring tunnels up and down.</summary>
public abstract class TunnelStateCmdlet : TunnelSelectionCmdlet
{
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

    private protected abstract string Action { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var tunnel in ParameterSetName == ByObject ? InputObject : Find(Name))
        {
            if (ShouldProcess(Describe(tunnel), Action) && Try(tunnel, () => Change(tunnel)))
            {
                WriteObject(tunnel);
            }
        }
    }

    private protected abstract void Change(HostedTunnel tunnel);
}
