namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Codes of the ICMP Destination Unreachable message (RFC 792; RFC 1122, 3.2.2.1; RFC 1812, 5.2.7.1).</summary>
public enum IcmpV4DestinationUnreachableCode : byte
{
    /// <summary>Net Unreachable.</summary>
    NetUnreachable = 0,

    /// <summary>Host Unreachable.</summary>
    HostUnreachable = 1,

    /// <summary>Protocol Unreachable.</summary>
    ProtocolUnreachable = 2,

    /// <summary>Port Unreachable.</summary>
    PortUnreachable = 3,

    /// <summary>Fragmentation Needed and DF was Set (RFC 1191, 4: with the MTU of the next hop).</summary>
    FragmentationNeeded = 4,

    /// <summary>Source Route Failed.</summary>
    SourceRouteFailed = 5,

    /// <summary>Destination Network Unknown.</summary>
    DestinationNetworkUnknown = 6,

    /// <summary>Destination Host Unknown.</summary>
    DestinationHostUnknown = 7,

    /// <summary>Source Host Isolated.</summary>
    SourceHostIsolated = 8,

    /// <summary>Communication with Destination Network is Administratively Prohibited.</summary>
    DestinationNetworkProhibited = 9,

    /// <summary>Communication with Destination Host is Administratively Prohibited.</summary>
    DestinationHostProhibited = 10,

    /// <summary>Destination Network Unreachable for Type of Service.</summary>
    NetworkUnreachableForTypeOfService = 11,

    /// <summary>Destination Host Unreachable for Type of Service.</summary>
    HostUnreachableForTypeOfService = 12,

    /// <summary>Communication Administratively Prohibited.</summary>
    CommunicationAdministrativelyProhibited = 13,

    /// <summary>Host Precedence Violation.</summary>
    HostPrecedenceViolation = 14,

    /// <summary>Precedence cutoff in effect.</summary>
    PrecedenceCutoffInEffect = 15,
}
