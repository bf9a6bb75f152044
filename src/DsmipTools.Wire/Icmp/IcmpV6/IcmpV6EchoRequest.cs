using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Echo Request (RFC 4443, 4.1).</summary>
public sealed record IcmpV6EchoRequest : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMPv6 Echo Request", "RFC 4443, 4.1");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>The fields of every echo message.</summary>
        public static readonly EchoFields Echo = new(Layout);
    }

    /// <summary>Matches replies with requests.</summary>
    public ushort Identifier { get; init; }

    /// <summary>Matches replies with requests.</summary>
    public ushort SequenceNumber { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.EchoRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV6EchoRequest Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV6EchoRequest
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
