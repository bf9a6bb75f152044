using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MobileIPv6;

/// <summary>ICMP Home Agent Address Discovery Request (RFC 6275, 6.5), with the flag of RFC 3963.</summary>
public sealed record HomeAgentAddressDiscoveryRequest : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Agent Address Discovery Request", "RFC 6275, 6.5");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Matches replies with requests.</summary>
        public static readonly Field Identifier = Layout.Number("Identifier", 16, "matches replies with requests");

        /// <summary>R: asks for home agents that support mobile routers (RFC 3963, 7.1).</summary>
        public static readonly Field MobileRouterSupport =
            Layout.Flag("MobileRouterSupport", "R: asks for home agents that support mobile routers (RFC 3963, 7.1)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);
    }

    /// <summary>Matches replies with requests.</summary>
    public ushort Identifier { get; init; }

    /// <summary>R: asks for home agents that support mobile routers (RFC 3963, 7.1).</summary>
    public bool MobileRouterSupport { get; init; }

    /// <summary>Reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.HomeAgentAddressDiscoveryRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static HomeAgentAddressDiscoveryRequest Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new HomeAgentAddressDiscoveryRequest
        {
            Identifier = Fields.Identifier.ReadUInt16(octets),
            MobileRouterSupport = Fields.MobileRouterSupport.ReadFlag(octets),
            Reserved = (ushort)Fields.Reserved.ReadNumber(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Identifier.Write(structure, Identifier);
        Fields.MobileRouterSupport.Write(structure, MobileRouterSupport);
        Fields.Reserved.Write(structure, Reserved);
    }
}
