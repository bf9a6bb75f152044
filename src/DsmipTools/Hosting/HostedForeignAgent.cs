using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A Mobile IPv4 foreign agent; its bindings are its visitor list.</summary>
public sealed class HostedForeignAgent : HostedAgent
{
    internal HostedForeignAgent(DsmipHost host, ForeignAgentOptions options)
        : base(host, options.Name, AgentKind.ForeignAgent, new Endpoint(options.Address, options.Port)) => Options = options;

    /// <summary>The configuration.</summary>
    public ForeignAgentOptions Options { get; }

    /// <summary>The number of requests that wait for their home agents; 0 while the agent does not run.</summary>
    public int PendingCount => Ask((agent, _) => ((ForeignAgent)agent).PendingCount);

    /// <summary>True when there is no room for another mobile node (RFC 5944, 2.1.1).</summary>
    public bool IsBusy => Ask((agent, _) => ((ForeignAgent)agent).IsBusy);

    internal override IAsyncEnumerable<BindingRemoval> TellAsync(IReadOnlyList<BindingSnapshot> bindings, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A foreign agent tells nobody of the end of a visit (RFC 5944, 3.7). Remove the binding without a message.");

    private protected override bool Clear(Agent agent, BindingSnapshot binding, Instant now) => ((ForeignAgent)agent).Clear(binding, now);

    private protected override Agent Create() =>
        new ForeignAgent(Options, Host.SecurityAssociations, Host.Runtime.CreateRandom(Name));
}
