using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Security;

/// <summary>Knows peers by their source address alone: for labs and for networks that protect the path in another way.</summary>
public sealed class PeersByAddress : IMessageProtection
{
    private readonly HashSet<Address>? peers;
    private readonly bool loopbackOnly;

    private PeersByAddress(HashSet<Address>? peers, bool loopbackOnly)
    {
        this.peers = peers;
        this.loopbackOnly = loopbackOnly;
    }

    /// <summary>Admits every loopback address: the programs of this host.</summary>
    public static PeersByAddress LoopbackHost { get; } = new(null, loopbackOnly: true);

    /// <summary>Admits every address: for a simulated world, where all nodes are the lab's own.</summary>
    public static PeersByAddress Anyone { get; } = new(null, loopbackOnly: false);

    /// <inheritdoc/>
    public string Description => peers is not null ? "none (peers by address)" : loopbackOnly ? "none (loopback addresses)" : "none (any address)";

    /// <inheritdoc/>
    public bool IsProtected => false;

    /// <summary>True for a list of addresses, false for a whole kind of them.</summary>
    internal bool IsNamed => peers is not null;

    /// <summary>The addresses of the list.</summary>
    internal IReadOnlyCollection<Address> Named => peers ?? (IReadOnlyCollection<Address>)[];

    /// <summary>Admits the addresses of a list.</summary>
    public static PeersByAddress Of(IEnumerable<Address> addresses) => new([.. addresses], loopbackOnly: false);

    /// <summary>True when messages from an address may be processed.</summary>
    public bool Admits(Address address) => peers is not null ? peers.Contains(address) : !loopbackOnly || address.IsLoopback;

    /// <inheritdoc/>
    public DropReason Admit(ref ReadOnlySpan<byte> octets, ref Envelope envelope, out WireError error)
    {
        error = default;
        return !Admits(envelope.Source.Address) ? DropReason.NotAPeer : envelope.IsProtected ? DropReason.NoSecurityAssociation : DropReason.None;
    }

    /// <inheritdoc/>
    public bool TryProtect(ref ReadOnlySpan<byte> octets, ref Envelope envelope, Instant now, IRandomSource random, out string? refused)
    {
        refused = null;
        return true;
    }
}
