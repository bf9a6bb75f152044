using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Tunnels;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>Gets the tunnels of the session, or what ended processes have left behind.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipTunnel", DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedTunnel), typeof(AgentTunnel), typeof(TunnelLeftover))]
public sealed class GetDsmipTunnelCommand : TunnelSelectionCmdlet
{
    private const string ByOrphaned = "Orphaned";

    /// <summary>The names of the tunnels.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The tunnels.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public HostedTunnel[] InputObject { get; set; } = [];

    /// <summary>The names of the agents whose tunnels they are.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Owner { get; set; }

    /// <summary>Gets what no process carries any more.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByOrphaned)]
    public SwitchParameter Orphaned { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Orphaned)
        {
            if (Try(null, TunnelLeftover.FindAll, out var leftovers))
            {
                WriteObject(leftovers, enumerateCollection: true);
            }

            return;
        }

        var selected = ParameterSetName == ByName ? FindAny(Name)
            : MyInvocation.ExpectingInput || InputObject.Length > 0 ? InputObject
            : All();
        foreach (var tunnel in selected.Where(IsOwned))
        {
            WriteObject(tunnel);
        }
    }

    private bool IsOwned(object tunnel) => Owner is null || ((tunnel as AgentTunnel)?.Owner is { } owner
        && Owner.Any(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(owner)));
}
