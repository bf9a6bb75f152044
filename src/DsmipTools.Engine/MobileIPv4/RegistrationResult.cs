namespace DsmipTools.Engine.MobileIPv4;

/// <summary>How a registration command ended.</summary>
public enum RegistrationResult
{
    /// <summary>The home agent accepted (codes 0 and 1).</summary>
    Accepted,

    /// <summary>The home agent refused; the code says why.</summary>
    Refused,

    /// <summary>No valid answer came, and no attempt is left.</summary>
    TimedOut,

    /// <summary>The home agent accepted, but here the tunnel or a route could not be had: the registration was given back.</summary>
    NoTunnel,

    /// <summary>A later command took its place before an answer came.</summary>
    Superseded,
}
