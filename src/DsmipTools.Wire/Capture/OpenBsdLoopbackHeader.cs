using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The header of loopback interfaces on OpenBSD: a protocol family in network byte order.</summary>
public sealed record OpenBsdLoopbackHeader : LinkHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("OpenBSD Loopback", "tcpdump.org, LINKTYPE_LOOP");

        /// <summary>What the frame carries.</summary>
        public static readonly Field ProtocolFamily = Layout.Code<ProtocolFamily>("ProtocolFamily", 32, "what the frame carries");
    }

    /// <summary>What the frame carries.</summary>
    public ProtocolFamily ProtocolFamily { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static OpenBsdLoopbackHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        ProtocolFamily = (ProtocolFamily)Fields.ProtocolFamily.ReadUInt32(octets),
    };

    private protected override void WriteFields(Span<byte> header)
    {
        Fields.ProtocolFamily.Write(header, (uint)ProtocolFamily);
    }
}
