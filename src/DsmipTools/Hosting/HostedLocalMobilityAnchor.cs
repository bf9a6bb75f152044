using System.Runtime.CompilerServices;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>A local mobility anchor that can revoke bindings.</summary>
public sealed class HostedLocalMobilityAnchor : HostedAgent, IRevocationInitiator
{
    internal HostedLocalMobilityAnchor(DsmipHost host, LocalMobilityAnchorOptions options)
        : base(host, options.Name, AgentKind.LocalMobilityAnchor, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0)) =>
        Options = options;

    /// <summary>The configuration.</summary>
    public LocalMobilityAnchorOptions Options { get; }

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

    private protected override Agent Create() => new LocalMobilityAnchor(Options, Host.Runtime.CreateRandom(Name));
}
