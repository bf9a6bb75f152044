using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Stops agents and removes them from the session.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipAgent", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipAgentCommand : DsmipCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>The names of the agents.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The agents.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public HostedAgent[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var agent in ParameterSetName == ByObject ? InputObject : FindAgents(Name))
        {
            if (ShouldProcess($"{agent.Kind} {agent.Name} at {agent.Address}, {agent.State}, {agent.BindingCount} bindings", "Remove agent"))
            {
                Try(agent, agent.Remove);
            }
        }
    }
}
