namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>Types of extensions to ICMP Router Discovery messages (IANA, Mobile IPv4 numbers; RFC 5944, 1.8 and 2.1) that DsmipTools knows.</summary>
public enum AgentAdvertisementExtensionType : byte
{
    /// <summary>One-byte Padding (RFC 5944, 2.1.3): one octet, without a length.</summary>
    Padding = 0,

    /// <summary>Mobility Agent Advertisement (RFC 5944, 2.1.1).</summary>
    MobilityAgentAdvertisement = 16,

    /// <summary>Prefix-Lengths (RFC 5944, 2.1.2).</summary>
    PrefixLengths = 19,
}
