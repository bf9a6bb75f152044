using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire;

/// <summary>Where a structure stands in a packet that is being composed.</summary>
/// <param name="Before">The structure before it; null for the first.</param>
/// <param name="After">The structure behind it; null for the last.</param>
/// <param name="Addresses">The addresses of the pseudo-header for upper-layer checksums; null outside of IP.</param>
internal readonly record struct PacketPlace(Structure? Before, Structure? After, PseudoAddresses? Addresses)
{
    /// <summary>The protocol number of what follows; null where that has none, so that the one that was given, or no next header, stands.</summary>
    internal IpProtocol? NextProtocol => After?.ProtocolNumber;

    /// <summary>The EtherType of what follows; null for all but IP.</summary>
    internal EtherType? NextEtherType => NextProtocol switch
    {
        IpProtocol.IPv4 => EtherType.IPv4,
        IpProtocol.IPv6 => EtherType.IPv6,
        _ => null,
    };

    /// <summary>Fills in the protocol number of what follows, unless one was given.</summary>
    internal void WriteProtocol(Span<byte> octets, Field field, IpProtocol? given)
    {
        if (given is null && NextProtocol is { } protocol)
        {
            field.Write(octets, (ulong)protocol);
        }
    }
}
