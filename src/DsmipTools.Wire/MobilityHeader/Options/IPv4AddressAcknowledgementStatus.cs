namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Status of the IPv4 Address Acknowledgement option (RFC 5555, 3.2.1; IANA, DSMIPv6 IPv4 Home Address Option Status Codes).</summary>
public enum IPv4AddressAcknowledgementStatus : byte
{
    /// <summary>Success.</summary>
    Success = 0,

    /// <summary>Failure, reason unspecified.</summary>
    ReasonUnspecified = 128,

    /// <summary>Administratively prohibited.</summary>
    AdministrativelyProhibited = 129,

    /// <summary>Incorrect IPv4 home address.</summary>
    IncorrectIPv4HomeAddress = 130,

    /// <summary>Invalid IPv4 address.</summary>
    InvalidIPv4Address = 131,

    /// <summary>Dynamic IPv4 home address assignment not available.</summary>
    DynamicIPv4HomeAddressAssignmentNotAvailable = 132,

    /// <summary>Prefix allocation unauthorized.</summary>
    PrefixAllocationUnauthorized = 133,
}
