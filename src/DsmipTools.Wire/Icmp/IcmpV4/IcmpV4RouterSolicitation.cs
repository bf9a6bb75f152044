using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Router Solicitation (RFC 1256, 3), which is the Agent Solicitation too (RFC 5944, 2.2).</summary>
public sealed record IcmpV4RouterSolicitation : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Router Solicitation", "RFC 1256, 3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(32);
    }

    /// <summary>Reserved octets.</summary>
    public uint Reserved { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.RouterSolicitation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4RouterSolicitation Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4RouterSolicitation
        {
            Reserved = Fields.Reserved.ReadUInt32(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
    }
}
