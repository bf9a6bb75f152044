using System.Globalization;
using System.Management.Automation;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Diagnostics;

/// <summary>Gets what happened in the session, or what happens.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipEvent")]
[OutputType(typeof(AgentEvent))]
public sealed class GetDsmipEventCommand : DsmipCmdlet
{
    private readonly HashSet<string> agents = new(StringComparer.OrdinalIgnoreCase);
    private EventReader? reader;

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
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EventKindCompleter))]
    public string[]? Kind { get; set; }

    /// <summary>Events that matter for security alone.</summary>
    [Parameter]
    public SwitchParameter Security { get; set; }

    /// <summary>Gives events as they come.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Timeout { get; set; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!Wait && MyInvocation.BoundParameters.ContainsKey(nameof(Timeout)))
        {
            ThrowTerminatingError(ErrorRecords.Create("-Timeout is how long -Wait waits: give both.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Timeout));
        }

        // Before anything else of the pipeline runs, so that what it causes is seen.
        reader = Wait ? Agents.Events.Open(MyInvocation.BoundParameters.ContainsKey(nameof(Last)) ? Last : 0) : null;
        foreach (var unknown in (Kind ?? []).Where(kind => !WildcardPattern.ContainsWildcardCharacters(kind) && !Enum.TryParse<EventKind>(kind, ignoreCase: true, out _)))
        {
            WriteError($"There is no kind of event with the name '{unknown}'.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, unknown);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => agents.UnionWith(Agent ?? []);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // One answer for all agents of the pipeline, so that -Last counts once and the order stays that of time.
        var isWanted = Filter();
        if (reader is not null)
        {
            Follow(reader, isWanted);
            return;
        }

        // Each agent reports from its own thread, so that what is sent may be received by another before its sender has told of it.
        WriteObject(Agents.Events.Last(int.MaxValue).Where(isWanted).OrderBy(happened => happened.At.Elapsed).TakeLast(Last), enumerateCollection: true);
    }

    private void Follow(EventReader events, Func<AgentEvent, bool> isWanted)
    {
        var missed = 0L;
        foreach (var happened in Await(token => Agents.Runtime.Follow(events, Timeout, token)))
        {
            if (events.Missed > missed)
            {
                WriteWarning(string.Create(
                    CultureInfo.InvariantCulture, $"{events.Missed - missed} events came faster than they were taken, and were overwritten."));
                missed = events.Missed;
            }

            if (isWanted(happened))
            {
                WriteObject(happened);
            }
        }
    }

    private Func<AgentEvent, bool> Filter()
    {
        // A name may hold a character that means something in a pattern.
        var patterns = agents.Select(Pattern).ToArray();
        var kinds = Kind?.Select(Pattern).ToArray();
        var wanted = Enum.GetValues<EventKind>().Where(kind => kinds is null || Array.Exists(kinds, pattern => pattern.IsMatch($"{kind}"))).ToHashSet();
        return happened =>
            wanted.Contains(happened.Kind)
            && (patterns.Length == 0
                || (happened.Agent is { } agent && (agents.Contains(agent) || Array.Exists(patterns, pattern => pattern.IsMatch(agent)))))
            && (!Security || happened.Kind is EventKind.SecurityException or EventKind.Unprotected || happened.Drop.IsSecurityException());
    }

    private static WildcardPattern Pattern(string text) => new(text, WildcardOptions.IgnoreCase);
}
