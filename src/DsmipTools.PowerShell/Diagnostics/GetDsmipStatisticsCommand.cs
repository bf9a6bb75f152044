using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Diagnostics;

/// <summary>Gets what agents have counted.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipStatistics")]
[OutputType(typeof(AgentStatistic))]
public sealed class GetDsmipStatisticsCommand : DsmipCmdlet
{
    /// <summary>The names of the agents.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Agent")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var agent in FindAgents(Name))
        {
            WriteObject(agent.Statistics(), enumerateCollection: true);
        }
    }
}
