using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>A router address in a Router Advertisement (RFC 1256, 3).</summary>
public sealed record RouterAddressEntry : IcmpStructure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Router Address", "RFC 1256, 3");

        /// <summary>An address of the router.</summary>
        public static readonly Field RouterAddress = Layout.IPv4("RouterAddress", "an address of the router");

        /// <summary>As a default router; signed, in two's complement.</summary>
        public static readonly Field PreferenceLevel =
            Layout.Number("PreferenceLevel", 32, "as a default router; signed, in two's complement");
    }

    /// <summary>An address of the router.</summary>
    public Address RouterAddress { get; init; } = Address.AnyIPv4;

    /// <summary>As a default router; signed, in two's complement.</summary>
    public int PreferenceLevel { get; init; }

    /// <summary>What entries of more than 2 words hold; empty in those of RFC 1256.</summary>
    public Octets MoreWords { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => AddressList.Rest(MoreWords);

    internal static RouterAddressEntry Read(ReadOnlySpan<byte> octets) => new()
    {
        RouterAddress = Fields.RouterAddress.ReadAddress(octets),
        PreferenceLevel = (int)Fields.PreferenceLevel.ReadUInt32(octets),
        MoreWords = Octets.Create(octets[Fields.Layout.Length..]),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.RouterAddress.Write(structure, RouterAddress);
        Fields.PreferenceLevel.Write(structure, (uint)PreferenceLevel);
    }
}
