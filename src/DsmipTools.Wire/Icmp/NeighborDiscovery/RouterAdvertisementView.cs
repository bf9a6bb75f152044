using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using Fields = DsmipTools.Wire.Icmp.NeighborDiscovery.RouterAdvertisement.Fields;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>A checked Router Advertisement where it stands (RFC 4861, 4.2).</summary>
public readonly ref struct RouterAdvertisementView
{
    private RouterAdvertisementView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>Hop limit for outgoing packets; 0 says nothing.</summary>
    public byte CurHopLimit => Fields.CurHopLimit.ReadByte(Octets);

    /// <summary>M: addresses are available by DHCPv6.</summary>
    public bool ManagedAddressConfiguration => Fields.ManagedAddressConfiguration.ReadFlag(Octets);

    /// <summary>O: other configuration is available by DHCPv6.</summary>
    public bool OtherConfiguration => Fields.OtherConfiguration.ReadFlag(Octets);

    /// <summary>H: the router is a home agent on this link (RFC 6275, 7.1).</summary>
    public bool HomeAgent => Fields.HomeAgent.ReadFlag(Octets);

    /// <summary>Prf: preference over other default routers (RFC 4191, 2.2).</summary>
    public DefaultRouterPreference DefaultRouterPreference => (DefaultRouterPreference)Fields.DefaultRouterPreference.ReadByte(Octets);

    /// <summary>P: the advertisement was proxied (RFC 4389, 4.1.3.3).</summary>
    public bool Proxy => Fields.Proxy.ReadFlag(Octets);

    /// <summary>Reserved bits.</summary>
    public byte Reserved => Fields.Reserved.ReadByte(Octets);

    /// <summary>Seconds as a default router; 0: it is none.</summary>
    public ushort RouterLifetime => Fields.RouterLifetime.ReadUInt16(Octets);

    /// <summary>Milliseconds that a neighbor counts as reachable; 0 says nothing.</summary>
    public uint ReachableTime => Fields.ReachableTime.ReadUInt32(Octets);

    /// <summary>Milliseconds between retransmitted solicitations; 0 says nothing.</summary>
    public uint RetransTimer => Fields.RetransTimer.ReadUInt32(Octets);

    /// <summary>The options.</summary>
    public NeighborDiscoveryOptionSequence Options => Header.OptionsBehind(Fields.Layout);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RouterAdvertisementView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheckWithOptions(IcmpV6Type.RouterAdvertisement, Fields.Layout, out error))
        {
            return false;
        }

        view = new RouterAdvertisementView(header);
        return true;
    }
}
