using DsmipTools.Engine.Revocation;

namespace DsmipTools.Hosting;

/// <summary>
/// An agent that revokes bindings: a local mobility anchor, or a mobile access gateway all of its own (RFC 5846, 6), or a home agent of Mobile IPv4
/// (RFC 3543).
/// </summary>
public interface IRevocationInitiator
{
    /// <summary>The retransmission of its indications or revocations, where a request does not bring another (RFC 5846, 11; RFC 3543, 4.2.2.1).</summary>
    RevocationVariables RevocationVariables { get; }

    /// <summary>The name of the agent.</summary>
    string Name { get; }

    /// <summary>What a revocation would do, peer by peer; nothing is sent.</summary>
    IReadOnlyList<RevocationPreview> Preview(RevocationRequest request);

    /// <summary>Revokes bindings and gives one outcome per peer as it comes.</summary>
    IAsyncEnumerable<RevocationOutcome> RevokeAsync(RevocationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Begins a revocation and does not wait for what comes of it; bindings and events tell that.</summary>
    void BeginRevoke(RevocationRequest request);
}
