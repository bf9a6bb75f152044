using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Router Advertisement (RFC 4861, 4.2), with the flags of RFC 6275 (H), RFC 4191 (Prf) and RFC 4389 (P).</summary>
public sealed record RouterAdvertisement : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Router Advertisement", "RFC 4861, 4.2");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Hop limit for outgoing packets; 0 says nothing.</summary>
        public static readonly Field CurHopLimit = Layout.Number("CurHopLimit", 8, "hop limit for outgoing packets; 0 says nothing");

        /// <summary>M: addresses are available by DHCPv6.</summary>
        public static readonly Field ManagedAddressConfiguration =
            Layout.Flag("ManagedAddressConfiguration", "M: addresses are available by DHCPv6");

        /// <summary>O: other configuration is available by DHCPv6.</summary>
        public static readonly Field OtherConfiguration =
            Layout.Flag("OtherConfiguration", "O: other configuration is available by DHCPv6");

        /// <summary>H: the router is a home agent on this link (RFC 6275, 7.1).</summary>
        public static readonly Field HomeAgent = Layout.Flag("HomeAgent", "H: the router is a home agent on this link (RFC 6275, 7.1)");

        /// <summary>Prf: preference over other default routers (RFC 4191, 2.2).</summary>
        public static readonly Field DefaultRouterPreference =
            Layout.Code<DefaultRouterPreference>("DefaultRouterPreference", 2, "Prf: preference over other default routers (RFC 4191, 2.2)");

        /// <summary>P: the advertisement was proxied (RFC 4389, 4.1.3.3).</summary>
        public static readonly Field Proxy = Layout.Flag("Proxy", "P: the advertisement was proxied (RFC 4389, 4.1.3.3)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(2);

        /// <summary>Seconds as a default router; 0: it is none.</summary>
        public static readonly Field RouterLifetime = Layout.Number("RouterLifetime", 16, "seconds as a default router; 0: it is none");

        /// <summary>Milliseconds that a neighbor counts as reachable; 0 says nothing.</summary>
        public static readonly Field ReachableTime =
            Layout.Number("ReachableTime", 32, "milliseconds that a neighbor counts as reachable; 0 says nothing");

        /// <summary>Milliseconds between retransmitted solicitations; 0 says nothing.</summary>
        public static readonly Field RetransTimer =
            Layout.Number("RetransTimer", 32, "milliseconds between retransmitted solicitations; 0 says nothing");
    }

    /// <summary>Hop limit for outgoing packets; 0 says nothing.</summary>
    public byte CurHopLimit { get; init; }

    /// <summary>M: addresses are available by DHCPv6.</summary>
    public bool ManagedAddressConfiguration { get; init; }

    /// <summary>O: other configuration is available by DHCPv6.</summary>
    public bool OtherConfiguration { get; init; }

    /// <summary>H: the router is a home agent on this link (RFC 6275, 7.1).</summary>
    public bool HomeAgent { get; init; }

    /// <summary>Prf: preference over other default routers (RFC 4191, 2.2).</summary>
    public DefaultRouterPreference DefaultRouterPreference { get; init; }

    /// <summary>P: the advertisement was proxied (RFC 4389, 4.1.3.3).</summary>
    public bool Proxy { get; init; }

    /// <summary>Reserved bits.</summary>
    public byte Reserved { get; init; }

    /// <summary>Seconds as a default router; 0: it is none.</summary>
    public ushort RouterLifetime { get; init; }

    /// <summary>Milliseconds that a neighbor counts as reachable; 0 says nothing.</summary>
    public uint ReachableTime { get; init; }

    /// <summary>Milliseconds between retransmitted solicitations; 0 says nothing.</summary>
    public uint RetransTimer { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.RouterAdvertisement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static RouterAdvertisement Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new RouterAdvertisement
        {
            CurHopLimit = Fields.CurHopLimit.ReadByte(octets),
            ManagedAddressConfiguration = Fields.ManagedAddressConfiguration.ReadFlag(octets),
            OtherConfiguration = Fields.OtherConfiguration.ReadFlag(octets),
            HomeAgent = Fields.HomeAgent.ReadFlag(octets),
            DefaultRouterPreference = (DefaultRouterPreference)Fields.DefaultRouterPreference.ReadByte(octets),
            Proxy = Fields.Proxy.ReadFlag(octets),
            Reserved = Fields.Reserved.ReadByte(octets),
            RouterLifetime = Fields.RouterLifetime.ReadUInt16(octets),
            ReachableTime = Fields.ReachableTime.ReadUInt32(octets),
            RetransTimer = Fields.RetransTimer.ReadUInt32(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.CurHopLimit.Write(structure, CurHopLimit);
        Fields.ManagedAddressConfiguration.Write(structure, ManagedAddressConfiguration);
        Fields.OtherConfiguration.Write(structure, OtherConfiguration);
        Fields.HomeAgent.Write(structure, HomeAgent);
        Fields.DefaultRouterPreference.Write(structure, (byte)DefaultRouterPreference);
        Fields.Proxy.Write(structure, Proxy);
        Fields.Reserved.Write(structure, Reserved);
        Fields.RouterLifetime.Write(structure, RouterLifetime);
        Fields.ReachableTime.Write(structure, ReachableTime);
        Fields.RetransTimer.Write(structure, RetransTimer);
    }
}
