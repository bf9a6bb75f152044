using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Agents;

/// <summary>The base of the cmdlets that add an agent to the session.</summary>
public abstract class NewAgentCmdlet : DsmipCmdlet
{
    /// <summary>The name of the agent.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The address of the agent.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress Address { get; set; } = IPAddress.None;

    /// <summary>Where the agent runs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public World? World { get; set; }

    /// <summary>The node of a lab, or the network namespace, that the agent runs in.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? Node { get; set; }

    /// <summary>Starts the agent.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    private protected Address LocalAddress => Wire.Ip.Address.From(Address);

    /// <summary>Adds the agent and writes it to the pipeline.</summary>
    private protected void Add(AgentKind kind, int port, Func<AgentPlace?, HostedAgent> add)
    {
        if (Agents.Find(Name) is { } other)
        {
            WriteError(
                $"There is an agent with the name {other.Name} already ({other.Kind}, {other.Address}). Choose another name, or remove that one.",
                ErrorIds.AgentNameTaken,
                ErrorCategory.ResourceExists,
                Name);
            return;
        }

        if (!Try(Name, () => Agents.PlaceOf(World, Node), out var place)
            || !ShouldProcess($"{kind} {Name} at {new Endpoint(LocalAddress, (ushort)port)}{(place is null ? "" : $" in {place}")}", Start ? "Add and start agent" : "Add agent"))
        {
            return;
        }

        HostedAgent? agent = null;
        if (Try(Name, () => agent = add(place)))
        {
            WriteObject(agent);
        }
    }
}
