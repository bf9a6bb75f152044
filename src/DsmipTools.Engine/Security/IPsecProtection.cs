using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Security;

/// <summary>
/// Protects an agent's messages with ESP in transport mode (RFC 5213, 4; RFC 5844, 4.3). The security associations are the policy: with a peer
/// that has one, everything is protected, whatever the type of its Mobility Header (RFC 5846, 13), and what is not is dropped.
/// </summary>
/// <param name="associations">The associations, which may change at any time.</param>
/// <param name="local">The address of the agent.</param>
/// <param name="others">Who else may send, without protection. Once there are associations, an open door is none: then only those count that are named.</param>
public sealed class IPsecProtection(IPsecSecurityAssociations associations, Address local, PeersByAddress others) : IMessageProtection
{
    // A peer stays in here when its last association goes: a key that is taken away must not let in who has none.
    private readonly HashSet<Address> known = [];
    private byte[] payload = [];
    private byte[] packet = [];

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            var count = associations.PeersOf(local).Count;
            return count == 0 ? others.Description
                : IsProtected ? string.Create(CultureInfo.InvariantCulture, $"ESP ({count} {(count == 1 ? "peer" : "peers")})")
                : string.Create(CultureInfo.InvariantCulture, $"ESP ({count} {(count == 1 ? "peer" : "peers")}), {others.Description}");
        }
    }

    /// <inheritdoc/>
    public bool IsProtected => associations.PeersOf(local) is { Count: > 0 } peers && others.Named.All(peers.Contains);

    /// <inheritdoc/>
    public DropReason Admit(ref ReadOnlySpan<byte> octets, ref Envelope envelope, out WireError error)
    {
        error = default;
        var peer = envelope.Source.Address;
        var inbound = associations.Between(peer, local);
        if (!envelope.IsProtected)
        {
            return IsKnown(peer, inbound) ? DropReason.Unprotected : MayComeBare(peer) ? DropReason.None : DropReason.NotAPeer;
        }

        if (!EncapsulatingSecurityPayload.TryReadHeader(octets, out var securityParametersIndex, out _))
        {
            return DropReason.Malformed;
        }

        foreach (var association in inbound)
        {
            if (association.SecurityParametersIndex == securityParametersIndex && envelope.Destination.Address == local)
            {
                var reason = association.Open(octets, out var inside, out var nextHeader, out error);
                return reason != DropReason.None ? reason
                    : PacketFrame.TryReadPayload(inside, nextHeader, ref envelope, out octets, out error) ? DropReason.None
                    : DropReason.Malformed;
            }
        }

        return DropReason.NoSecurityAssociation;
    }

    /// <inheritdoc/>
    public bool TryProtect(ref ReadOnlySpan<byte> octets, ref Envelope envelope, Instant now, IRandomSource random, out string? refused)
    {
        refused = null;
        var peer = envelope.Destination.Address;
        var outbound = associations.Between(local, peer);
        if (outbound.Length == 0)
        {
            refused = envelope.IsProtected || IsKnown(peer, outbound) ? $"There is no security association to {peer} (RFC 5846, 6.1)." : null;
            return refused is null;
        }

        known.Add(peer);
        var nextHeader = IpProtocol.MobilityHeader;
        var overhead = PacketFrame.PayloadOverhead(envelope);
        if (overhead > 0 && (envelope.Source.Port != Envelope.ProxyMobileIPv6Port || envelope.Destination.Port != Envelope.ProxyMobileIPv6Port))
        {
            refused = $"ESP over IPv4 protects UDP port {Envelope.ProxyMobileIPv6Port} at both ends (RFC 5844, 4.3.1), not {envelope.Source} > {envelope.Destination}.";
            return false;
        }

        if (overhead > 0)
        {
            nextHeader = IpProtocol.Udp;
            payload = payload.Length < overhead + octets.Length ? new byte[overhead + octets.Length] : payload;
            octets = payload.AsSpan(0, PacketFrame.WritePayload(envelope, octets, payload));
        }

        // The newest: an association is replaced by adding the next one at both ends, and removing the old one afterwards.
        if (!outbound[^1].TryWrite(nextHeader, octets, now, random, ref packet, out var length))
        {
            refused = $"The sequence numbers of {outbound[^1]} are used up: replace its key (RFC 4303, 3.3.3).";
            return false;
        }

        octets = packet.AsSpan(0, length);
        envelope = envelope with { IsProtected = true };
        return true;
    }

    private bool IsKnown(Address peer, IPsecSecurityAssociation[] inbound)
    {
        if (inbound.Length > 0 || associations.Between(local, peer).Length > 0)
        {
            known.Add(peer);
            return true;
        }

        return known.Contains(peer);
    }

    private bool MayComeBare(Address peer) => others.Admits(peer) && (others.IsNamed || (known.Count == 0 && !associations.Name(local)));
}
