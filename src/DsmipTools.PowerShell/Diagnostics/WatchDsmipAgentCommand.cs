using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Diagnostics;

/// <summary>Tells what agents do, again and again.</summary>
[Cmdlet(VerbsCommon.Watch, "DsmipAgent")]
[OutputType(typeof(AgentActivity))]
public sealed class WatchDsmipAgentCommand : DsmipCmdlet
{
    private readonly List<string> names = [];

    /// <summary>The names of the agents.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Agent")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>How long an interval is.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how many intervals to end.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord() => names.AddRange(Name);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var watched = FindAgents(names).ToArray();
        if (watched.Length == 0)
        {
            return;
        }

        if (Interval <= TimeSpan.Zero)
        {
            WriteError("-Interval: an interval is longer than nothing.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Interval);
            return;
        }

        foreach (var activity in Await(token => Agents.WatchAsync(watched, Interval, token)).Take((int)Math.Min(int.MaxValue, (long)Count * watched.Length)))
        {
            WriteObject(activity);
        }
    }
}
