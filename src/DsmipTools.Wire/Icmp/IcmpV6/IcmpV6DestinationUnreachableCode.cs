namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Codes of the ICMPv6 Destination Unreachable message (RFC 4443, 3.1).</summary>
public enum IcmpV6DestinationUnreachableCode : byte
{
    /// <summary>No route to destination.</summary>
    NoRouteToDestination = 0,

    /// <summary>Communication with destination administratively prohibited.</summary>
    CommunicationAdministrativelyProhibited = 1,

    /// <summary>Beyond scope of source address.</summary>
    BeyondScopeOfSourceAddress = 2,

    /// <summary>Address unreachable.</summary>
    AddressUnreachable = 3,

    /// <summary>Port unreachable.</summary>
    PortUnreachable = 4,

    /// <summary>Source address failed ingress/egress policy.</summary>
    SourceAddressFailedPolicy = 5,

    /// <summary>Reject route to destination.</summary>
    RejectRouteToDestination = 6,

    /// <summary>Error in Source Routing Header (RFC 6550, 20.17).</summary>
    ErrorInSourceRoutingHeader = 7,

    /// <summary>Headers too long (RFC 8883).</summary>
    HeadersTooLong = 8,
}
