using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using Fields = DsmipTools.Wire.Icmp.NeighborDiscovery.NeighborAdvertisement.Fields;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>A checked Neighbor Advertisement where it stands (RFC 4861, 4.4).</summary>
public readonly ref struct NeighborAdvertisementView
{
    private NeighborAdvertisementView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>R: the sender is a router.</summary>
    public bool Router => Fields.Router.ReadFlag(Octets);

    /// <summary>S: the answer to a solicitation.</summary>
    public bool Solicited => Fields.Solicited.ReadFlag(Octets);

    /// <summary>O: overrides what is cached.</summary>
    public bool Override => Fields.Override.ReadFlag(Octets);

    /// <summary>Reserved bits.</summary>
    public uint Reserved => (uint)Fields.Reserved.ReadNumber(Octets);

    /// <summary>The address that is advertised.</summary>
    public Address TargetAddress => Fields.TargetAddress.ReadAddress(Octets);

    /// <summary>The options.</summary>
    public NeighborDiscoveryOptionSequence Options => Header.OptionsBehind(Fields.Layout);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out NeighborAdvertisementView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheckWithOptions(IcmpV6Type.NeighborAdvertisement, Fields.Layout, out error))
        {
            return false;
        }

        view = new NeighborAdvertisementView(header);
        return true;
    }
}
