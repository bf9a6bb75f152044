using System.Management.Automation;
using DsmipTools.Engine;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Gets the agents of the session.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipAgent")]
[OutputType(typeof(HostedHomeAgent), typeof(HostedForeignAgent), typeof(HostedLocalMobilityAnchor), typeof(HostedMobileAccessGateway), typeof(HostedMobileNode))]
public sealed class GetDsmipAgentCommand : DsmipCmdlet
{
    /// <summary>The names of the agents.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    [Alias("Agent")]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The role.</summary>
    [Parameter]
    public AgentKind[]? Kind { get; set; }

    /// <summary>Whether they run.</summary>
    [Parameter]
    public AgentState? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var agent in FindAgents(Name))
        {
            if ((Kind is null || Kind.Contains(agent.Kind)) && (State is null || agent.State == State))
            {
                WriteObject(agent);
            }
        }
    }
}
