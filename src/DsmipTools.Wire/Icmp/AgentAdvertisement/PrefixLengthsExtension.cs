using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>Prefix-Lengths extension (RFC 5944, 2.1.2).</summary>
public sealed record PrefixLengthsExtension : AgentAdvertisementExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Prefix-Lengths", "RFC 5944, 2.1.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<AgentAdvertisementExtensionType>("Type", 8, "the extension type");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>An octet for each router address: the bits of its network.</summary>
        public static readonly Field PrefixLengths =
            Layout.Rest("PrefixLengths", "an octet for each router address: the bits of its network");
    }

    /// <summary>An octet for each router address: the bits of its network.</summary>
    public Octets PrefixLengths { get; init; }

    /// <inheritdoc/>
    public override AgentAdvertisementExtensionType Type => AgentAdvertisementExtensionType.PrefixLengths;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override Octets Tail => PrefixLengths;

    internal static PrefixLengthsExtension Read(ReadOnlySpan<byte> octets) =>
        new() { PrefixLengths = Octets.Create(Fields.PrefixLengths.ReadRest(octets)) };

    private protected override void WriteFields(Span<byte> structure)
    {
    }
}
