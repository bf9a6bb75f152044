using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Time Exceeded (RFC 792); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV4TimeExceeded : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Time Exceeded", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4<IcmpV4TimeExceededCode>(Layout);

        /// <summary>Unused octets.</summary>
        public static readonly Field Unused = Layout.Reserved(32, "Unused");
    }

    /// <summary>Unused octets.</summary>
    public uint Unused { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.TimeExceeded;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4TimeExceeded Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4TimeExceeded
        {
            Unused = Fields.Unused.ReadUInt32(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Unused.Write(structure, Unused);
    }
}
