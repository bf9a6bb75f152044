using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Agents;

/// <summary>The base of the cmdlets that act on agents which are named or piped; without either they act on none.</summary>
public abstract class AgentSelectionCmdlet : DsmipCmdlet
{
    private protected const string ByName = "Name";

    // The default set, because PowerShell tries that one first with each object of the pipeline: an agent has a Name too.
    private protected const string ByObject = "InputObject";

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

    /// <summary>Writes the agents to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var agent in ParameterSetName == ByObject ? InputObject : FindAgents(Name))
        {
            if (Process(agent) && PassThru)
            {
                WriteObject(agent);
            }
        }
    }

    /// <summary>Acts on one agent; false when it could not.</summary>
    private protected abstract bool Process(HostedAgent agent);

    private protected static string Describe(HostedAgent agent) => $"{agent.Kind} {agent.Name} at {agent.Address}";
}
