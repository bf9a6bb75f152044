using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Home Agent Information option (RFC 6275, 7.4), with the flag of RFC 3963.</summary>
public sealed record HomeAgentInformationOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Agent Information", "RFC 6275, 7.4");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>R: the home agent supports mobile routers (RFC 3963, 7.3).</summary>
        public static readonly Field MobileRouterSupport =
            Layout.Flag("MobileRouterSupport", "R: the home agent supports mobile routers (RFC 3963, 7.3)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>Greater is preferred; 0 is the default.</summary>
        public static readonly Field HomeAgentPreference =
            Layout.Number("HomeAgentPreference", 16, "greater is preferred; 0 is the default");

        /// <summary>Seconds as a home agent.</summary>
        public static readonly Field HomeAgentLifetime = Layout.Number("HomeAgentLifetime", 16, "seconds as a home agent");
    }

    /// <summary>R: the home agent supports mobile routers (RFC 3963, 7.3).</summary>
    public bool MobileRouterSupport { get; init; }

    /// <summary>Reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Greater is preferred; 0 is the default.</summary>
    public ushort HomeAgentPreference { get; init; }

    /// <summary>Seconds as a home agent.</summary>
    public ushort HomeAgentLifetime { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.HomeAgentInformation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static HomeAgentInformationOption Read(ReadOnlySpan<byte> octets) => new()
    {
        MobileRouterSupport = Fields.MobileRouterSupport.ReadFlag(octets),
        Reserved = (ushort)Fields.Reserved.ReadNumber(octets),
        HomeAgentPreference = Fields.HomeAgentPreference.ReadUInt16(octets),
        HomeAgentLifetime = Fields.HomeAgentLifetime.ReadUInt16(octets),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.MobileRouterSupport.Write(structure, MobileRouterSupport);
        Fields.Reserved.Write(structure, Reserved);
        Fields.HomeAgentPreference.Write(structure, HomeAgentPreference);
        Fields.HomeAgentLifetime.Write(structure, HomeAgentLifetime);
    }
}
