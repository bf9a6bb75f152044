using System.Management.Automation;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Diagnostics;

/// <summary>Gets what happened in the session.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipEvent")]
[OutputType(typeof(AgentEvent))]
public sealed class GetDsmipEventCommand : DsmipCmdlet
{
    private readonly HashSet<string> agents = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many of the newest events.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>The names of the agents.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Agent { get; set; }

    /// <summary>What happened.</summary>
    [Parameter]
    public EventKind[]? Kind { get; set; }

    /// <summary>Events that matter for security alone.</summary>
    [Parameter]
    public SwitchParameter Security { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => agents.UnionWith(Agent ?? []);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // One answer for all agents of the pipeline, so that -Last counts once and the order stays that of time.
        // A name may hold a character that means something in a pattern.
        var patterns = agents.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        var found = Agents.Events.Last(int.MaxValue)
            .Where(happened => patterns.Length == 0
                || (happened.Agent is { } agent && (agents.Contains(agent) || Array.Exists(patterns, pattern => pattern.IsMatch(agent)))))
            .Where(happened => Kind?.Contains(happened.Kind) ?? true)
            .Where(happened => !Security || happened.Kind is EventKind.SecurityException or EventKind.Unprotected || happened.Drop.IsSecurityException());
        // Each agent reports from its own thread, so that what is sent may be received by another before its sender has told of it.
        WriteObject(found.OrderBy(happened => happened.At.Elapsed).TakeLast(Last), enumerateCollection: true);
    }
}
