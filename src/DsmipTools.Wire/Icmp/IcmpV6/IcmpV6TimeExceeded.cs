using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Time Exceeded (RFC 4443, 3.3); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV6TimeExceeded : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMPv6 Time Exceeded", "RFC 4443, 3.3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6<IcmpV6TimeExceededCode>(Layout);

        /// <summary>Unused octets.</summary>
        public static readonly Field Unused = Layout.Reserved(32, "Unused");
    }

    /// <summary>Unused octets.</summary>
    public uint Unused { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.TimeExceeded;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV6TimeExceeded Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV6TimeExceeded
        {
            Unused = Fields.Unused.ReadUInt32(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Unused.Write(structure, Unused);
    }
}
