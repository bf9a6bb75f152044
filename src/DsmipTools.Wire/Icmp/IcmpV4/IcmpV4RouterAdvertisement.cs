using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Router Advertisement (RFC 1256, 3); with extensions, Agent Advertisement (RFC 5944, 2.1).</summary>
public sealed record IcmpV4RouterAdvertisement : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Router Advertisement", "RFC 1256, 3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4<IcmpV4RouterAdvertisementCode>(Layout);

        /// <summary>Router addresses that follow.</summary>
        public static readonly Field NumAddrs = Layout.Computed("NumAddrs", 8, "router addresses that follow");

        /// <summary>Words of 4 octets for each router address.</summary>
        public static readonly Field AddrEntrySize = Layout.Computed("AddrEntrySize", 8, "words of 4 octets for each router address");

        /// <summary>Seconds that the addresses are valid.</summary>
        public static readonly Field Lifetime = Layout.Number("Lifetime", 16, "seconds that the addresses are valid");
    }

    /// <summary>Overrides the count of the router addresses; null computes it.</summary>
    public byte? NumAddrs { get; init; }

    /// <summary>Overrides the words of each entry; null computes them.</summary>
    public byte? AddrEntrySize { get; init; }

    /// <summary>Seconds that the addresses are valid.</summary>
    public ushort Lifetime { get; init; }

    /// <summary>The router addresses with their preference levels.</summary>
    public ValueList<RouterAddressEntry> RouterAddresses { get; init; }

    /// <summary>The extensions in wire order; none in the advertisement of a router that is no mobility agent.</summary>
    public ValueList<AgentAdvertisementExtension> Extensions { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.RouterAdvertisement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => [.. RouterAddresses, .. Extensions];

    /// <summary>All entries have one size, which the first tells.</summary>
    private int EntryWords => (RouterAddresses.Count > 0 ? RouterAddresses[0].GetLength() : RouterAddressEntry.Fields.Layout.Length) / 4;

    internal static IcmpV4RouterAdvertisement Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        var message = new IcmpV4RouterAdvertisement
        {
            Lifetime = Fields.Lifetime.ReadUInt16(octets),
            RouterAddresses = reader.RouterAddressEntries(),
        };
        var words = Fields.AddrEntrySize.ReadByte(octets);
        return message with
        {
            // Without an entry nothing else tells the size.
            AddrEntrySize = words == message.EntryWords ? null : words,
            Extensions = reader.Error.IsError ? default : reader.Extensions(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.NumAddrs.WriteLength(structure, RouterAddresses.Count, NumAddrs);
        Fields.AddrEntrySize.WriteLength(structure, EntryWords, AddrEntrySize);
        Fields.Lifetime.Write(structure, Lifetime);
    }
}
