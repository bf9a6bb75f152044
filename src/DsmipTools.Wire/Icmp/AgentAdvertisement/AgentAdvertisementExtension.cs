namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>An extension to an ICMP Router Advertisement as an immutable value (RFC 5944, 2.1).</summary>
public abstract record AgentAdvertisementExtension : IcmpStructure
{
    /// <summary>Overrides the length in octets; null computes it.</summary>
    public byte? Length { get; init; }

    /// <summary>The extension type.</summary>
    public abstract AgentAdvertisementExtensionType Type { get; }

    /// <summary>Makes the record of an extension; one of an unknown type or of a length that its type does not have is kept as it is.</summary>
    /// <param name="octets">The extension with its type and length octets; checked before.</param>
    internal static AgentAdvertisementExtension From(ReadOnlySpan<byte> octets) => (AgentAdvertisementExtensionType)octets[0] switch
    {
        AgentAdvertisementExtensionType.Padding => new AgentAdvertisementPaddingExtension(),
        AgentAdvertisementExtensionType.MobilityAgentAdvertisement when MobilityAgentAdvertisementExtension.Fits(octets.Length) =>
            MobilityAgentAdvertisementExtension.Read(octets),
        AgentAdvertisementExtensionType.PrefixLengths => PrefixLengthsExtension.Read(octets),
        _ => UnknownAgentAdvertisementExtension.Read(octets),
    };

    private protected sealed override void WriteHeader(Span<byte> structure)
    {
        TypeLengthValue.Begin(structure, (byte)Type);
        if (Length is { } length && structure.Length > 1)
        {
            structure[1] = length;
        }
    }
}
