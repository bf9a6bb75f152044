using System.Runtime.CompilerServices;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Net;
using DsmipTools.Net.Netlink;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Worlds;

namespace DsmipTools.Hosting;

/// <summary>A mobile access gateway.</summary>
public sealed class HostedMobileAccessGateway : HostedAgent, IRevocationInitiator
{
    // What a socket's receive buffer takes without loss.
    private const int DeregisteredAtOnce = 256;

    private readonly Restarts restarts = new();
    private IMessageProtection? protection;

    internal HostedMobileAccessGateway(DsmipHost host, MobileAccessGatewayOptions options)
        : base(host, options.Name, AgentKind.MobileAccessGateway, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0)) =>
        Options = options;

    /// <summary>The configuration.</summary>
    public MobileAccessGatewayOptions Options { get; private set; }

    /// <inheritdoc/>
    public RevocationVariables RevocationVariables => Options.Revocation;

    /// <summary>What <see cref="Configure"/> would change.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    public IReadOnlyList<ConfigurationChange> Preview(Func<MobileAccessGatewayOptions, MobileAccessGatewayOptions> change) => ConfigurationChange.Between(Options, Changed(change));

    /// <summary>
    /// Changes the configuration, of a gateway that is stopped too: <c>gateway.Configure(options => options with { ... })</c>. What begins from now on
    /// follows it (<see cref="MobileAccessGateway.Configure"/>). Each change is an event.
    /// </summary>
    /// <returns>What has changed.</returns>
    /// <exception cref="ArgumentException">A value is out of its range, or of a variable that is settled when the gateway is made; nothing has changed.</exception>
    public IReadOnlyList<ConfigurationChange> Configure(Func<MobileAccessGatewayOptions, MobileAccessGatewayOptions> change) => Exclusively(() =>
    {
        var changed = Changed(change);
        var changes = ConfigurationChange.Between(Options, changed);
        Configure(changes, (agent, now) => ((MobileAccessGateway)agent).Configure(Effective(changed), now));
        Options = changed;
        return changes;
    });

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

    /// <summary>Attaches an interface of a mobile node and registers it: with several prefixes, an IPv4 home address, a link-layer identifier.</summary>
    /// <exception cref="ArgumentException">A value of the request is none.</exception>
    /// <exception cref="InvalidOperationException">The interface is attached already, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> AttachAsync(AttachmentRequest request, CancellationToken cancellationToken = default) =>
        Command<MobileAccessGateway, AttachmentOutcome>((gateway, now) => gateway.Attach(request, now), cancellationToken);

    /// <summary>Detaches a mobile node and de-registers it (RFC 5213, 6.9.1.4).</summary>
    /// <exception cref="InvalidOperationException">The mobile node is not attached, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> DetachAsync(string identifier, CancellationToken cancellationToken = default) =>
        Command<MobileAccessGateway, AttachmentOutcome>((gateway, now) => gateway.Detach(identifier, now), cancellationToken);

    /// <summary>Detaches one interface of a mobile node and de-registers it.</summary>
    /// <param name="identifier">The Network Access Identifier.</param>
    /// <param name="linkLayerIdentifier">The link-layer identifier of the interface; empty for the one that has none.</param>
    /// <param name="technology">Its access technology, where the link-layer identifier does not tell two apart; null for any.</param>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="InvalidOperationException">The interface is not attached, or the gateway does not run.</exception>
    public Task<AttachmentOutcome> DetachAsync(
        string identifier, Octets linkLayerIdentifier, AccessTechnologyType? technology = null, CancellationToken cancellationToken = default) =>
        Command<MobileAccessGateway, AttachmentOutcome>(
            (gateway, now) => gateway.Detach(identifier, linkLayerIdentifier, technology, now), cancellationToken);

    /// <summary>Detaches one interface of a mobile node and does not wait for the answer to its de-registration; events tell of it.</summary>
    /// <exception cref="InvalidOperationException">The interface is not attached, or the gateway does not run.</exception>
    public void BeginDetach(string identifier, Octets linkLayerIdentifier = default, AccessTechnologyType? technology = null) =>
        Begin<MobileAccessGateway>((gateway, now) => gateway.Detach(identifier, linkLayerIdentifier, technology, now));

    /// <summary>
    /// The access link that an interface of the gateway's host is: what an <see cref="AttachmentRequest.AccessLink"/> names for a mobile node behind it.
    /// The gateway advertises its prefix there, and takes packets from there and from no other link.
    /// </summary>
    /// <param name="interfaceName">The name of the interface.</param>
    /// <exception cref="NotSupportedException">The gateway's world has no interfaces.</exception>
    /// <exception cref="ArgumentException">Mobile nodes would be told another link-layer address than that of the interface.</exception>
    /// <exception cref="NetException">There is no such interface.</exception>
    public uint AccessLinkOf(string interfaceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        var place = Place ?? (World == World.Host ? AgentPlace.Of(World.Host) : null);
        if (place is not { CarriesTraffic: true })
        {
            throw new NotSupportedException($"{Name} runs in the {World} world, where no interface of this host is an access link.");
        }

        var found = place.Open(() =>
            {
                using var network = new HostNetwork();
                return network.Interfaces();
            }).FirstOrDefault(each => each.Name == interfaceName)
            ?? throw new NetException(NetError.InterfaceNotFound, 0, $"There is no interface {interfaceName} where {Name} runs.");
        var told = Options.AccessLink.RouterLinkLayerAddress;
        if (told.Length > 0 && found.LinkLayerAddress.Length > 0 && told != found.LinkLayerAddress)
        {
            throw new ArgumentException(
                $"{interfaceName} has the link-layer address {AddressText(found.LinkLayerAddress)}, and the gateways of this domain have {AddressText(told)} on all access links, "
                    + $"so that mobile nodes notice no handover (RFC 5213, 9.3): 'ip link set dev {interfaceName} address {AddressText(told)}'.",
                nameof(interfaceName));
        }

        return (uint)found.Index;

        static string AddressText(Octets address) => BitConverter.ToString(address.ToArray()).Replace('-', ':').ToLowerInvariant();
    }

    /// <summary>A link event: the access link to a mobile node is down. What was registered for it is de-registered (RFC 5213, 6.13).</summary>
    /// <param name="link">The number of the link, as in <see cref="AttachmentRequest.AccessLink"/>; one that is not up means nothing.</param>
    public void LinkDown(uint link) => Ask((agent, now) =>
    {
        ((MobileAccessGateway)agent).LinkDown(link, now);
        return agent;
    });

    /// <summary>How many bindings a revocation would end; nothing is sent.</summary>
    /// <exception cref="ArgumentException">The request is none of a gateway.</exception>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) =>
        Ask((agent, _) => ((MobileAccessGateway)agent).Preview(request)) ?? [];

    /// <summary>Tells the anchor to drop all bindings of this gateway (RFC 5846, 9.2).</summary>
    /// <param name="request">What to revoke: <see cref="Revocation.Gateway(Address?)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="ArgumentException">The request is none of a gateway.</exception>
    /// <exception cref="InvalidOperationException">The gateway does not run, is revoking already, or was refused before.</exception>
    public async IAsyncEnumerable<RevocationOutcome> RevokeAsync(
        RevocationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var gateway = Need<MobileAccessGateway>();
        var outcomes = Host.Runtime.ExecuteMany(gateway, now => gateway.Revoke(request, now), outcome => outcome is RevocationFinished, cancellationToken);
        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            if (outcome is RevocationOutcome atAnchor)
            {
                yield return atAnchor;
            }
        }
    }

    /// <summary>The anchor's configuration has changed: after a refusal the revocation of all bindings may be tried again.</summary>
    public void PermitRevocation() => Ask((agent, _) =>
    {
        ((MobileAccessGateway)agent).PermitRevocation();
        return agent;
    });

    /// <summary>The bindings of a mobile node that is attached, oldest first: one for each of its interfaces.</summary>
    public IReadOnlyList<ProxyBindingSnapshot> Bindings(string identifier) =>
        Ask<IReadOnlyList<ProxyBindingSnapshot>>((agent, now) => [.. ((MobileAccessGateway)agent).Bindings(identifier, now)]) ?? [];

    /// <summary>The binding of a mobile node that is attached; null for none.</summary>
    public ProxyBindingSnapshot? Find(string identifier) => Ask((agent, now) => ((MobileAccessGateway)agent).Find(identifier, now));

    internal override async IAsyncEnumerable<BindingRemoval> TellAsync(
        IReadOnlyList<BindingSnapshot> bindings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in bindings.Chunk(DeregisteredAtOnce))
        {
            foreach (var removal in await Task.WhenAll(some.Select(binding => Tell(binding, cancellationToken))).ConfigureAwait(false))
            {
                yield return removal;
            }
        }
    }

    private async Task<BindingRemoval> Tell(BindingSnapshot binding, CancellationToken cancellationToken)
    {
        try
        {
            var shown = (ProxyBindingSnapshot)binding;
            var outcome = await DetachAsync(shown.Identifier!, shown.LinkLayerIdentifier, shown.AccessTechnologyType, cancellationToken).ConfigureAwait(false);
            return new BindingRemoval(
                binding,
                outcome.Result is AttachmentResult.Accepted or AttachmentResult.Cancelled ? BindingRemovalResult.Removed : BindingRemovalResult.NotConfirmed,
                outcome.Status is { } status ? $"status {(byte)status} {status}" : null);
        }
        catch (InvalidOperationException)
        {
            return new BindingRemoval(binding, BindingRemovalResult.NotFound);
        }
    }

    private protected override bool Clear(Agent agent, BindingSnapshot binding, Instant now) => ((MobileAccessGateway)agent).Clear(binding, now);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is none of this agent.</exception>
    /// <exception cref="InvalidOperationException">The agent does not run, or cannot revoke now.</exception>
    public void BeginRevoke(RevocationRequest request) => Begin<MobileAccessGateway>((gateway, now) => gateway.Revoke(request, now));

    private protected override Agent Create()
    {
        restarts.Begin(Options.Heartbeat, Host.Runtime.Now);
        return new MobileAccessGateway(Effective(Options), Host.Runtime.CreateRandom(Name));
    }

    private protected override void Remember(Agent agent) => restarts.End(Host.Runtime.Query(agent, _ => ((MobileAccessGateway)agent).Peers));

    /// <summary>What the agent gets: with what the host adds to the configuration.</summary>
    private MobileAccessGatewayOptions Effective(MobileAccessGatewayOptions options) =>
        options with { Protection = protection ??= Host.ProtectionFor(options), Heartbeat = restarts.Complete(options.Heartbeat) };

    private MobileAccessGatewayOptions Changed(Func<MobileAccessGatewayOptions, MobileAccessGatewayOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var changed = change(Options);
        changed.Validate();
        return changed;
    }
}
