using System.Runtime.CompilerServices;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A Mobile IPv4 home agent with Dual-Stack Mobile IPv4 (RFC 5944, RFC 5454) that can revoke bindings (RFC 3543).</summary>
public sealed class HostedHomeAgent : HostedAgent, IRevocationInitiator
{
    internal HostedHomeAgent(DsmipHost host, HomeAgentOptions options)
        : base(host, options.Name, AgentKind.HomeAgent, new Endpoint(options.Address, options.Port)) => Options = options;

    /// <summary>The configuration.</summary>
    public HomeAgentOptions Options { get; }

    /// <inheritdoc/>
    public RevocationVariables RevocationVariables => Options.Revocation;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is none of a home agent.</exception>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) => Ask((agent, _) => ((HomeAgent)agent).Preview(request)) ?? [];

    /// <summary>Revokes bindings and gives one outcome for each as it comes (RFC 3543, 4.2.2).</summary>
    /// <param name="request">What to revoke; see <see cref="Revocation"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the home agent goes on with what has begun.</param>
    /// <exception cref="ArgumentException">The request is none of a home agent.</exception>
    /// <exception cref="InvalidOperationException">The home agent does not run.</exception>
    public async IAsyncEnumerable<RevocationOutcome> RevokeAsync(
        RevocationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var agent = Need<HomeAgent>();
        var outcomes = Host.Runtime.ExecuteMany(agent, now => agent.Revoke(request, now), outcome => outcome is RevocationFinished, cancellationToken);
        await foreach (var outcome in outcomes.ConfigureAwait(false))
        {
            if (outcome is RevocationOutcome ofBinding)
            {
                yield return ofBinding;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request is none of a home agent.</exception>
    /// <exception cref="InvalidOperationException">The home agent does not run.</exception>
    public void BeginRevoke(RevocationRequest request) => Begin<HomeAgent>((agent, now) => agent.Revoke(request, now));

    internal override async IAsyncEnumerable<BindingRemoval> TellAsync(
        IReadOnlyList<BindingSnapshot> bindings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = bindings.OfType<MobileIPv4Binding>().DistinctBy(binding => binding.HomeAddress)
            .ToDictionary(binding => Revocation.Binding(binding), ReferenceEqualityComparer.Instance as IEqualityComparer<RevocationRequest>);
        await foreach (var outcome in DsmipHost.RevokeAsync(asked.Keys.ToArray().Select(request => ((IRevocationInitiator)this, request)), cancellationToken).ConfigureAwait(false))
        {
            asked.Remove(outcome.Request, out var binding);
            yield return new BindingRemoval(
                binding!,
                outcome.Result is RevocationResult.TimedOut or RevocationResult.NotTold ? BindingRemovalResult.NotConfirmed : BindingRemovalResult.Removed,
                outcome.Result == RevocationResult.NotTold ? "it has not agreed to be told of revocations (RFC 3543, 4.2.1)" : null);
        }

        foreach (var binding in asked.Values)
        {
            yield return new BindingRemoval(binding, BindingRemovalResult.NotFound);
        }
    }

    private protected override bool Clear(Agent agent, BindingSnapshot binding, Instant now) => ((HomeAgent)agent).Clear(binding, now);

    private protected override Agent Create() => new HomeAgent(Options, Host.SecurityAssociations, Host.Runtime.CreateRandom(Name));
}
