using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MobileIPv6;

/// <summary>ICMP Home Agent Address Discovery Reply (RFC 6275, 6.6), with the flag of RFC 3963.</summary>
public sealed record HomeAgentAddressDiscoveryReply : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Agent Address Discovery Reply", "RFC 6275, 6.6");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Matches replies with requests.</summary>
        public static readonly Field Identifier = Layout.Number("Identifier", 16, "matches replies with requests");

        /// <summary>R: the home agents support mobile routers (RFC 3963, 7.2).</summary>
        public static readonly Field MobileRouterSupport =
            Layout.Flag("MobileRouterSupport", "R: the home agents support mobile routers (RFC 3963, 7.2)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>The table of one home agent address.</summary>
        public static readonly Layout HomeAgentAddress =
            AddressList.OfIPv6("Home Agent Address", "RFC 6275, 6.6", "HomeAgentAddress", "a home agent on the home link");
    }

    /// <summary>Matches replies with requests.</summary>
    public ushort Identifier { get; init; }

    /// <summary>R: the home agents support mobile routers (RFC 3963, 7.2).</summary>
    public bool MobileRouterSupport { get; init; }

    /// <summary>Reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The addresses of the home agents, the preferred ones first.</summary>
    public ValueList<Address> HomeAgentAddresses { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.HomeAgentAddressDiscoveryReply;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => AddressList.Parts(Fields.HomeAgentAddress, HomeAgentAddresses);

    internal static HomeAgentAddressDiscoveryReply Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new HomeAgentAddressDiscoveryReply
        {
            Identifier = Fields.Identifier.ReadUInt16(octets),
            MobileRouterSupport = Fields.MobileRouterSupport.ReadFlag(octets),
            Reserved = (ushort)Fields.Reserved.ReadNumber(octets),
            HomeAgentAddresses = reader.Addresses(Fields.HomeAgentAddress),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Identifier.Write(structure, Identifier);
        Fields.MobileRouterSupport.Write(structure, MobileRouterSupport);
        Fields.Reserved.Write(structure, Reserved);
    }
}
