using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Recursive DNS Server option (RFC 8106, 5.1).</summary>
public sealed record RecursiveDnsServerOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Recursive DNS Server", "RFC 8106, 5.1");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>Seconds that the servers may be used; 4294967295 is infinity.</summary>
        public static readonly Field Lifetime =
            Layout.Number("Lifetime", 32, "seconds that the servers may be used; 4294967295 is infinity");

        /// <summary>The table of one server.</summary>
        public static readonly Layout Server =
            AddressList.OfIPv6("Address of IPv6 Recursive DNS Server", "RFC 8106, 5.1", "Address", "a recursive DNS server");
    }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Seconds that the servers may be used; 4294967295 is infinity.</summary>
    public uint Lifetime { get; init; }

    /// <summary>The servers; at least one in a valid option.</summary>
    public ValueList<Address> Servers { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.RecursiveDnsServer;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => AddressList.Parts(Fields.Server, Servers);

    internal static RecursiveDnsServerOption Read(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(octets),
        Lifetime = Fields.Lifetime.ReadUInt32(octets),
        Servers = AddressList.Read(Fields.Server, octets[Fields.Layout.Length..]),
    };

    /// <summary>True for a length that holds whole addresses.</summary>
    internal static bool Fits(int length) => length >= Fields.Layout.Length && (length - Fields.Layout.Length) % Fields.Server.Length == 0;

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.Lifetime.Write(structure, Lifetime);
    }
}
