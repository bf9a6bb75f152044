using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Destination Unreachable (RFC 792); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV4DestinationUnreachable : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Destination Unreachable", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4<IcmpV4DestinationUnreachableCode>(Layout);

        /// <summary>Unused octets.</summary>
        public static readonly Field Unused = Layout.Reserved(16, "Unused");

        /// <summary>MTU of the next hop in octets, with code 4 (RFC 1191, 4).</summary>
        public static readonly Field NextHopMtu =
            Layout.Number("NextHopMtu", 16, "MTU of the next hop in octets, with code 4 (RFC 1191, 4)");
    }

    /// <summary>Unused octets.</summary>
    public ushort Unused { get; init; }

    /// <summary>MTU of the next hop in octets, with code 4 (RFC 1191, 4).</summary>
    public ushort NextHopMtu { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.DestinationUnreachable;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4DestinationUnreachable Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4DestinationUnreachable
        {
            Unused = Fields.Unused.ReadUInt16(octets),
            NextHopMtu = Fields.NextHopMtu.ReadUInt16(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Unused.Write(structure, Unused);
        Fields.NextHopMtu.Write(structure, NextHopMtu);
    }
}
