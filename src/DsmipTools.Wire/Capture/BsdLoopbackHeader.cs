using System.Buffers.Binary;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The header of loopback interfaces on BSD, macOS and Npcap: a protocol family in the byte order of the host that captured.</summary>
public sealed record BsdLoopbackHeader : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("BSD Loopback", "tcpdump.org, LINKTYPE_NULL");

        /// <summary>What the frame carries, in the byte order of the host that captured.</summary>
        public static readonly Field ProtocolFamily = Layout.Octets("ProtocolFamily", 4, "what the frame carries, in the byte order of the host that captured");
    }

    /// <summary>What the frame carries, in the byte order of the host that captured.</summary>
    public Octets ProtocolFamily { get; init; } = new byte[4];

    /// <summary>What the frame carries. Families are small, so that their octets tell the byte order.</summary>
    public ProtocolFamily Family => FamilyOf(ProtocolFamily.Span);

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static BsdLoopbackHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        ProtocolFamily = Read(Fields.ProtocolFamily, octets),
    };

    internal static ProtocolFamily FamilyOf(ReadOnlySpan<byte> octets)
    {
        var family = BinaryPrimitives.ReadUInt32BigEndian(octets);
        return (ProtocolFamily)(family <= ushort.MaxValue ? family : BinaryPrimitives.ReverseEndianness(family));
    }

    private protected override void WriteFields(Span<byte> header)
    {
        Write(Fields.ProtocolFamily, header, ProtocolFamily);
    }
}
