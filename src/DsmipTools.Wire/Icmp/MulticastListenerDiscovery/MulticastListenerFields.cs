using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>The fields of every message of MLDv1, behind the header (RFC 2710, 3).</summary>
public sealed class MulticastListenerFields
{
    internal MulticastListenerFields(Layout layout)
    {
        MaximumResponseDelay = layout.Number("MaximumResponseDelay", 16, "in queries, the most milliseconds before a report; else 0");
        Reserved = layout.Reserved(16);
        MulticastAddress = layout.IPv6("MulticastAddress", "the address that is asked for, listened to or left; :: asks for all");
    }

    /// <summary>Maximum response delay.</summary>
    public Field MaximumResponseDelay { get; }

    /// <summary>Reserved.</summary>
    public Field Reserved { get; }

    /// <summary>Multicast address.</summary>
    public Field MulticastAddress { get; }
}
