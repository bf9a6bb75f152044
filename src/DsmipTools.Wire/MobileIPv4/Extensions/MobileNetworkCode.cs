namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Code of a Mobile Network Acknowledgement extension (RFC 5177).</summary>
public enum MobileNetworkCode : byte
{
    /// <summary>Success.</summary>
    Success = 0,

    /// <summary>Invalid prefix, MOBNET_INVALID_PREFIX_LEN.</summary>
    InvalidPrefix = 1,

    /// <summary>The mobile router is not authorized for the prefix, MOBNET_UNAUTHORIZED.</summary>
    Unauthorized = 2,

    /// <summary>Forwarding setup failed, MOBNET_FWDING_SETUP_FAILED.</summary>
    ForwardingSetupFailed = 3,
}
