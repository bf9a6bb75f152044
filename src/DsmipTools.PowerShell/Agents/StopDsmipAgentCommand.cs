using System.Management.Automation;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Stops agents.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DsmipAgent", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedAgent))]
public sealed class StopDsmipAgentCommand : AgentSelectionCmdlet
{
    private protected override bool Process(HostedAgent agent)
    {
        if (agent.State == AgentState.Stopped)
        {
            WriteVerbose($"The agent {agent.Name} does not run.");
            return true;
        }

        return ShouldProcess($"{Describe(agent)}, {agent.BindingCount} bindings", "Stop agent") && Try(agent, agent.Stop);
    }
}
