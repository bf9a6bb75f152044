using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Hosting;

/// <summary>A mobile access gateway.</summary>
public sealed class HostedMobileAccessGateway : HostedAgent
{
    internal HostedMobileAccessGateway(DsmipHost host, MobileAccessGatewayOptions options)
        : base(host, options.Name, AgentKind.MobileAccessGateway, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0)) =>
        Options = options;

    /// <summary>The configuration.</summary>
    public MobileAccessGatewayOptions Options { get; }

    /// <summary>Attaches a mobile node over a new interface; the anchor assigns its prefix (RFC 5213, 6.9.1.1).</summary>
    /// <param name="identifier">The Network Access Identifier, for example mn1@example.com.</param>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="ArgumentException">The identifier is none.</exception>
    /// <exception cref="InvalidOperationException">The mobile node is attached already, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> AttachAsync(string identifier, CancellationToken cancellationToken = default) =>
        AttachAsync(identifier, null, HandoffIndicator.NewInterface, cancellationToken);

    /// <summary>Attaches a mobile node and registers it with the local mobility anchor (RFC 5213, 6.9.1.1).</summary>
    /// <param name="identifier">The Network Access Identifier, for example mn1@example.com.</param>
    /// <param name="prefix">A home network prefix to ask for; null lets the anchor assign one.</param>
    /// <param name="indicator">The kind of handoff (RFC 5213, 8.4).</param>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="ArgumentException">The identifier or the prefix is none.</exception>
    /// <exception cref="InvalidOperationException">The mobile node is attached already, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> AttachAsync(
        string identifier, Prefix? prefix, HandoffIndicator indicator, CancellationToken cancellationToken = default) =>
        Command<MobileAccessGateway, AttachmentOutcome>((gateway, now) => gateway.Attach(identifier, prefix, indicator, now), cancellationToken);

    /// <summary>Detaches a mobile node and de-registers it (RFC 5213, 6.9.1.4).</summary>
    /// <exception cref="InvalidOperationException">The mobile node is not attached, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> DetachAsync(string identifier, CancellationToken cancellationToken = default) =>
        Command<MobileAccessGateway, AttachmentOutcome>((gateway, now) => gateway.Detach(identifier, now), cancellationToken);

    /// <summary>The binding of a mobile node that is attached; null for none.</summary>
    public ProxyBindingSnapshot? Find(string identifier) => Ask((agent, now) => ((MobileAccessGateway)agent).Find(identifier, now));

    private protected override Agent Create() => new MobileAccessGateway(Options, Host.Runtime.CreateRandom(Name));

    private protected override IReadOnlyList<BindingSnapshot> Snapshot(Agent agent, Instant now) => [.. ((MobileAccessGateway)agent).Bindings(now)];
}
