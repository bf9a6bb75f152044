using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Packet Too Big (RFC 4443, 3.2); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record PacketTooBig : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Packet Too Big", "RFC 4443, 3.2");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>MTU of the next-hop link in octets.</summary>
        public static readonly Field MaximumTransmissionUnit =
            Layout.Number("MaximumTransmissionUnit", 32, "MTU of the next-hop link in octets");
    }

    /// <summary>MTU of the next-hop link in octets.</summary>
    public uint MaximumTransmissionUnit { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.PacketTooBig;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static PacketTooBig Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new PacketTooBig
        {
            MaximumTransmissionUnit = Fields.MaximumTransmissionUnit.ReadUInt32(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.MaximumTransmissionUnit.Write(structure, MaximumTransmissionUnit);
    }
}
