using System.Management.Automation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Agents;

/// <summary>The base of the cmdlets that add a local mobility anchor or a mobile access gateway: what both are configured with.</summary>
public abstract class NewProxyMobileIPv6AgentCmdlet : NewAgentCmdlet
{
    /// <summary>The UDP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>HEARTBEAT_INTERVAL; zero or infinite for none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>MISSING_HEARTBEATS_ALLOWED.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1000)]
    public int MissingHeartbeatsAllowed { get; set; } = 3;

    /// <summary>Traffic goes on until a revocation is answered.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter ForwardsUntilAcknowledged { get; set; }

    private protected HeartbeatOptions Heartbeat => new() { Interval = IntervalArguments.OrNever(HeartbeatInterval), MissingAllowed = MissingHeartbeatsAllowed };
}
