using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The Ethernet header of captured frames (RFC 894, RFC 2464).</summary>
public sealed record EthernetHeader : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Ethernet", "IEEE 802.3, 3.1.1");

        /// <summary>The destination's link-layer address.</summary>
        public static readonly Field Destination = Layout.Octets("Destination", 6, "destination link-layer address");

        /// <summary>The source's link-layer address.</summary>
        public static readonly Field Source = Layout.Octets("Source", 6, "source link-layer address");

        /// <summary>What the frame carries; less than 1536 is a length.</summary>
        public static readonly Field EtherType = Layout.Code<EtherType>("EtherType", 16, "what the frame carries; less than 1536 is a length");
    }

    /// <summary>The destination's link-layer address.</summary>
    public Octets Destination { get; init; } = new byte[6];

    /// <summary>The source's link-layer address.</summary>
    public Octets Source { get; init; } = new byte[6];

    /// <summary>What the frame carries; less than 1536 is a length.</summary>
    public EtherType EtherType { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static EthernetHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        Destination = Read(Fields.Destination, octets),
        Source = Read(Fields.Source, octets),
        EtherType = (EtherType)Fields.EtherType.ReadUInt16(octets),
    };

    private protected override void WriteFields(Span<byte> header)
    {
        Write(Fields.Destination, header, Destination);
        Write(Fields.Source, header, Source);
        Fields.EtherType.Write(header, (ushort)EtherType);
    }
}
