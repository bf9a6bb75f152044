using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using Fields = DsmipTools.Wire.Icmp.NeighborDiscovery.NeighborSolicitation.Fields;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>A checked Neighbor Solicitation where it stands (RFC 4861, 4.3).</summary>
public readonly ref struct NeighborSolicitationView
{
    private NeighborSolicitationView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>Reserved octets.</summary>
    public uint Reserved => Fields.Reserved.ReadUInt32(Octets);

    /// <summary>The address that is asked for.</summary>
    public Address TargetAddress => Fields.TargetAddress.ReadAddress(Octets);

    /// <summary>The options.</summary>
    public NeighborDiscoveryOptionSequence Options => Header.OptionsBehind(Fields.Layout);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out NeighborSolicitationView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheckWithOptions(IcmpV6Type.NeighborSolicitation, Fields.Layout, out error))
        {
            return false;
        }

        view = new NeighborSolicitationView(header);
        return true;
    }
}
