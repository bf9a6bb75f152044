using System.Globalization;
using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Waits until agents have a state or a number of bindings.</summary>
[Cmdlet(VerbsLifecycle.Wait, "DsmipAgent", DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedAgent))]
public sealed class WaitDsmipAgentCommand : AgentSelectionCmdlet
{
    /// <summary>The state to wait for.</summary>
    [Parameter]
    public AgentState State { get; set; } = AgentState.Running;

    /// <summary>The number of bindings to wait for.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? BindingCount { get; set; }

    /// <summary>More bindings are good too.</summary>
    [Parameter]
    public SwitchParameter AtLeast { get; set; }

    /// <summary>How long to wait.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    private protected override bool Process(HostedAgent agent)
    {
        var reached = false;
        if (!Try(agent, () => reached = Await(token => agent.Host.Runtime.WaitUntil(() => IsReached(agent), Timeout, token))) || reached)
        {
            return reached;
        }

        WriteError(
            string.Create(
                CultureInfo.InvariantCulture,
                $"After {Timeout} the agent {agent.Name} is {agent.State} with {agent.BindingCount} bindings, not {Wanted()}."),
            ErrorIds.Timeout,
            ErrorCategory.OperationTimeout,
            agent);
        return false;
    }

    private bool IsReached(HostedAgent agent) =>
        agent.State == State && (BindingCount is not { } wanted || (agent.BindingCount is var count && (count == wanted || (AtLeast && count > wanted))));

    private string Wanted() => BindingCount is { } wanted
        ? string.Create(CultureInfo.InvariantCulture, $"{State} with {(AtLeast ? "at least " : "")}{wanted}")
        : $"{State}";
}
