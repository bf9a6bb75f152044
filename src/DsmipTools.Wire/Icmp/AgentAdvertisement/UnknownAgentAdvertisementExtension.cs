using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>An extension that this library does not know, or whose length its type does not have; kept as it is (RFC 5944, 1.9).</summary>
public sealed record UnknownAgentAdvertisementExtension : AgentAdvertisementExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Unknown Advertisement Extension", "RFC 5944, 1.9");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<AgentAdvertisementExtensionType>("Type", 8, "the extension type");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Extension data.</summary>
        public static readonly Field ExtensionData = Layout.Rest("ExtensionData", "extension data");
    }

    /// <summary>Extension data.</summary>
    public Octets ExtensionData { get; init; }

    /// <summary>The type octet, 1 to 255.</summary>
    public byte ExtensionType { get; init; }

    /// <inheritdoc/>
    public override AgentAdvertisementExtensionType Type => (AgentAdvertisementExtensionType)ExtensionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override Octets Tail => ExtensionData;

    internal static UnknownAgentAdvertisementExtension Read(ReadOnlySpan<byte> octets) => new()
    {
        ExtensionData = Octets.Create(Fields.ExtensionData.ReadRest(octets)),
        ExtensionType = Fields.Type.ReadByte(octets),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
    }
}
