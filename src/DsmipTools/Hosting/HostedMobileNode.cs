using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A Mobile IPv4 mobile node with RFC 5454 explicit mode.</summary>
public sealed class HostedMobileNode : HostedAgent
{
    internal HostedMobileNode(DsmipHost host, MobileNodeOptions options)
        : base(host, options.Name, AgentKind.MobileNode, new Endpoint(options.CareOfAddress ?? options.HomeAddress, options.LocalPort)) => Options = options;

    /// <summary>The configuration.</summary>
    public MobileNodeOptions Options { get; }

    /// <summary>Registers with the home agent (RFC 5944, 3.6.1).</summary>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    public Task<RegistrationOutcome> RegisterAsync(CancellationToken cancellationToken = default) =>
        Command<MobileNode, RegistrationOutcome>((node, now) => node.Register(now), cancellationToken);

    /// <summary>De-registers (RFC 5944, 3.6.1.2; RFC 5454, 3.8).</summary>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    public Task<RegistrationOutcome> DeregisterAsync(CancellationToken cancellationToken = default) =>
        Command<MobileNode, RegistrationOutcome>((node, now) => node.Deregister(now), cancellationToken);

    /// <summary>Registers with other prefixes from now on; one that is left out is de-registered (RFC 5454, 3.8).</summary>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    public Task<RegistrationOutcome> RegisterAsync(IEnumerable<Prefix> prefixes, CancellationToken cancellationToken = default)
    {
        var wanted = ValueList.From(prefixes);
        return Command<MobileNode, RegistrationOutcome>((node, now) => node.ChangePrefixes(wanted, now), cancellationToken);
    }

    /// <summary>True on the home network, as far as the node has heard (RFC 5944, 2.4.3).</summary>
    public bool IsAtHome => Ask((agent, _) => ((MobileNode)agent).IsAtHome);

    /// <summary>The foreign agent that is registered through, or to be; null for none.</summary>
    public Address? ForeignAgent => Ask((agent, _) => ((MobileNode)agent).ForeignAgent);

    /// <summary>Moves to another co-located care-of address and registers it.</summary>
    /// <exception cref="ArgumentException">No IPv4 unicast address, or the home address.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    public Task<RegistrationOutcome> MoveAsync(Address careOfAddress, CancellationToken cancellationToken = default) =>
        Command<MobileNode, RegistrationOutcome>((node, now) => node.ChangeCareOfAddress(careOfAddress, now), cancellationToken);

    private protected override Agent Create() => new MobileNode(Options, Host.Runtime.CreateRandom(Name));
}
