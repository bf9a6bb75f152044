using System.Management.Automation;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Starts agents.</summary>
[Cmdlet(VerbsLifecycle.Start, "DsmipAgent", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedAgent))]
public sealed class StartDsmipAgentCommand : AgentSelectionCmdlet
{
    private protected override bool Process(HostedAgent agent)
    {
        if (agent.State == AgentState.Running)
        {
            WriteVerbose($"The agent {agent.Name} runs already.");
            return true;
        }

        return ShouldProcess(Describe(agent), "Start agent") && Try(agent, agent.Start);
    }
}
