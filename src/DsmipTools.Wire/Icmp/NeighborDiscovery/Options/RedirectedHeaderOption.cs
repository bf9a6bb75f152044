using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Redirected Header option (RFC 4861, 4.6.3).</summary>
public sealed record RedirectedHeaderOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Redirected Header", "RFC 4861, 4.6.3");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(48);

        /// <summary>The IP header and data of the packet that is redirected, padded to 8 octets.</summary>
        public static readonly Field RedirectedPacket =
            Layout.Rest("RedirectedPacket", "the IP header and data of the packet that is redirected, padded to 8 octets");
    }

    /// <summary>Reserved octets.</summary>
    public ulong Reserved { get; init; }

    /// <summary>The IP header and data of the packet that is redirected, padded to 8 octets.</summary>
    public Octets RedirectedPacket { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.RedirectedHeader;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override Octets Tail => RedirectedPacket;

    internal static RedirectedHeaderOption Read(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadNumber(octets),
        RedirectedPacket = Octets.Create(Fields.RedirectedPacket.ReadRest(octets)),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
    }
}
