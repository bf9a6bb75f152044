using System.Management.Automation;
using System.Runtime.CompilerServices;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Diagnostics;

/// <summary>Gets what agents have counted.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipStatistics")]
[OutputType(typeof(AgentStatistics), typeof(AgentStatistic))]
public sealed class GetDsmipStatisticsCommand : DsmipCmdlet
{
    // One memory for the session: agents are shared by its runspaces too.
    private static readonly ConditionalWeakTable<HostedAgent, AgentStatistics> last = [];

    /// <summary>The names of the agents.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Agent")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only what was counted since the last call with this switch.</summary>
    [Parameter]
    public SwitchParameter Delta { get; set; }

    /// <summary>Every counter as an object of its own.</summary>
    [Parameter]
    public SwitchParameter Counter { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var agent in FindAgents(Name))
        {
            if (agent.Statistics() is not { } statistics)
            {
                continue;
            }

            if (Delta)
            {
                last.TryGetValue(agent, out var earlier);
                last.AddOrUpdate(agent, statistics);
                statistics = statistics.ChangesSince(earlier);
            }

            WriteObject(Counter ? statistics.Counters : statistics, enumerateCollection: Counter);
        }
    }
}
