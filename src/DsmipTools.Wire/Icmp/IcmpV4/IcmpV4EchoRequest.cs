using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Echo Request (RFC 792).</summary>
public sealed record IcmpV4EchoRequest : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Echo Request", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4(Layout);

        /// <summary>The fields of every echo message.</summary>
        public static readonly EchoFields Echo = new(Layout);
    }

    /// <summary>Matches replies with requests.</summary>
    public ushort Identifier { get; init; }

    /// <summary>Matches replies with requests.</summary>
    public ushort SequenceNumber { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.EchoRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4EchoRequest Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4EchoRequest
        {
            Identifier = Fields.Echo.Identifier.ReadUInt16(octets),
            SequenceNumber = Fields.Echo.SequenceNumber.ReadUInt16(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Echo.Identifier.Write(structure, Identifier);
        Fields.Echo.SequenceNumber.Write(structure, SequenceNumber);
    }
}
