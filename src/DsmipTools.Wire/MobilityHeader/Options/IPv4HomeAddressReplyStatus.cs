namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Status of the IPv4 Home Address Reply option (RFC 5844, 3.3.2).</summary>
public enum IPv4HomeAddressReplyStatus : byte
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
}
