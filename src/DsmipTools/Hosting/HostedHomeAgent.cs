using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A Mobile IPv4 home agent with RFC 5454 explicit mode.</summary>
public sealed class HostedHomeAgent : HostedAgent
{
    internal HostedHomeAgent(DsmipHost host, HomeAgentOptions options)
        : base(host, options.Name, AgentKind.HomeAgent, new Endpoint(options.Address, options.Port)) => Options = options;

    /// <summary>The configuration.</summary>
    public HomeAgentOptions Options { get; }

    internal override IAsyncEnumerable<BindingRemoval> TellAsync(IReadOnlyList<BindingSnapshot> bindings, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A home agent tells nobody of the end of a binding: registration revocation (RFC 3543) is not there. Remove the binding without a message.");

    private protected override bool Clear(Agent agent, BindingSnapshot binding, Instant now) => ((HomeAgent)agent).Clear(binding, now);

    private protected override Agent Create() => new HomeAgent(Options, Host.SecurityAssociations, Host.Runtime.CreateRandom(Name));
}
