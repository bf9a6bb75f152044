using System.Runtime.CompilerServices;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A local mobility anchor that can revoke bindings.</summary>
public sealed class HostedLocalMobilityAnchor : HostedAgent, IRevocationInitiator
{
    private readonly Restarts restarts = new();
    private (LocalMobilityAnchorOptions Options, IMessageProtection Protection)? protection;

    internal HostedLocalMobilityAnchor(DsmipHost host, LocalMobilityAnchorOptions options)
        : base(host, options.Name, AgentKind.LocalMobilityAnchor, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0)) =>
        Options = options;

    /// <summary>The configuration.</summary>
    public LocalMobilityAnchorOptions Options { get; private set; }

    /// <inheritdoc/>
    public RevocationVariables RevocationVariables => Options.Revocation;

    /// <summary>What <see cref="Configure"/> would change.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    public IReadOnlyList<ConfigurationChange> Preview(Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions> change) => ConfigurationChange.Between(Options, Changed(change));

    /// <summary>
    /// Changes the configuration, of an anchor that is stopped too: <c>anchor.Configure(options => options with { ... })</c>. What begins from now on
    /// follows it (<see cref="LocalMobilityAnchor.Configure"/>). Each change is an event.
    /// </summary>
    /// <returns>What has changed.</returns>
    /// <exception cref="ArgumentException">A value is out of its range, or of a variable that is settled when the anchor is made; nothing has changed.</exception>
    public IReadOnlyList<ConfigurationChange> Configure(Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions> change) => Exclusively(() =>
    {
        var changed = Changed(change);
        var changes = ConfigurationChange.Between(Options, changed);
        Configure(changes, (agent, now) => ((LocalMobilityAnchor)agent).Configure(Effective(changed), now));
        Options = changed;
        return changes;
    });

    /// <summary>What a revocation would do, peer by peer; nothing is sent.</summary>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) =>
        Ask((agent, _) => ((LocalMobilityAnchor)agent).Preview(request)) ?? [];

    /// <summary>Revokes bindings and gives one outcome per peer as it comes (RFC 5846, 8.1).</summary>
    /// <param name="request">What to revoke; see <see cref="Revocation"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the anchor goes on with what has begun.</param>
    /// <exception cref="InvalidOperationException">The anchor does not run, or has no sequence numbers left.</exception>
    public async IAsyncEnumerable<RevocationOutcome> RevokeAsync(
        RevocationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var anchor = Need<LocalMobilityAnchor>();
        var outcomes = Host.Runtime.ExecuteMany(anchor, now => anchor.Revoke(request, now), outcome => outcome is RevocationFinished, cancellationToken);
        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            if (outcome is RevocationOutcome atPeer)
            {
                yield return atPeer;
            }
        }
    }

    internal override async IAsyncEnumerable<BindingRemoval> TellAsync(
        IReadOnlyList<BindingSnapshot> bindings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The gateway has ended what was de-registered; there is nothing to tell it.
        foreach (var removal in Clear(bindings.Where(binding => binding.State == BindingState.Deregistered)))
        {
            yield return removal;
        }

        var asked = new Dictionary<RevocationRequest, BindingSnapshot>(ReferenceEqualityComparer.Instance);
        var unnamed = new List<BindingRemoval>();
        foreach (var binding in bindings.Where(binding => binding.State != BindingState.Deregistered))
        {
            try
            {
                asked.Add(Revocation.Binding(binding), binding);
            }
            catch (ArgumentException exception)
            {
                // A gateway chose the identifier.
                unnamed.Add(new BindingRemoval(binding, BindingRemovalResult.Refused, exception.Message));
            }
        }

        foreach (var removal in unnamed)
        {
            yield return removal;
        }

        await foreach (var outcome in DsmipHost.RevokeAsync(asked.Keys.ToArray().Select(request => ((IRevocationInitiator)this, request)), cancellationToken).ConfigureAwait(false))
        {
            asked.Remove(outcome.Request, out var binding);
            yield return new BindingRemoval(
                binding!,
                outcome.Result switch
                {
                    RevocationResult.Acknowledged or RevocationResult.AlreadyGone => BindingRemovalResult.Removed,
                    RevocationResult.TimedOut => BindingRemovalResult.NotConfirmed,
                    _ => BindingRemovalResult.Refused,
                },
                outcome.Status is { } status ? $"status {(byte)status} {status}" : null);
        }

        foreach (var binding in asked.Values)
        {
            yield return new BindingRemoval(binding, BindingRemovalResult.NotFound);
        }
    }

    private protected override bool Clear(Agent agent, BindingSnapshot binding, Instant now) => ((LocalMobilityAnchor)agent).Clear(binding, now);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is none of this agent.</exception>
    /// <exception cref="InvalidOperationException">The agent does not run, or cannot revoke now.</exception>
    public void BeginRevoke(RevocationRequest request) => Begin<LocalMobilityAnchor>((anchor, now) => anchor.Revoke(request, now));

    private protected override Agent Create()
    {
        restarts.Begin(Options.Heartbeat, Host.Runtime.Now);
        return new LocalMobilityAnchor(Effective(Options), Host.Runtime.CreateRandom(Name));
    }

    private protected override void Remember(Agent agent) => restarts.End(Host.Runtime.Query(agent, _ => ((LocalMobilityAnchor)agent).Peers));

    /// <summary>What the agent gets: with what the host adds to the configuration.</summary>
    private LocalMobilityAnchorOptions Effective(LocalMobilityAnchorOptions options)
    {
        // One protection for one list of peers: it knows whom it has seen protected.
        if (protection is not { } made || made.Options.Protection != options.Protection || made.Options.Peers != options.Peers)
        {
            protection = made = (options, Host.ProtectionFor(options, Place));
        }

        return options with { Protection = made.Protection, Heartbeat = restarts.Complete(options.Heartbeat) };
    }

    private LocalMobilityAnchorOptions Changed(Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var changed = change(Options);
        changed.Validate();
        _ = Host.ProtectionFor(changed, Place);
        return changed;
    }
}
