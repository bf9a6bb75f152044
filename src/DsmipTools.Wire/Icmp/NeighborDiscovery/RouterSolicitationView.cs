using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using Fields = DsmipTools.Wire.Icmp.NeighborDiscovery.RouterSolicitation.Fields;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>A checked Router Solicitation where it stands (RFC 4861, 4.1).</summary>
public readonly ref struct RouterSolicitationView
{
    private RouterSolicitationView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>Reserved octets.</summary>
    public uint Reserved => Fields.Reserved.ReadUInt32(Octets);

    /// <summary>The options.</summary>
    public NeighborDiscoveryOptionSequence Options => Header.OptionsBehind(Fields.Layout);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RouterSolicitationView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheckWithOptions(IcmpV6Type.RouterSolicitation, Fields.Layout, out error))
        {
            return false;
        }

        view = new RouterSolicitationView(header);
        return true;
    }
}
