namespace DsmipTools.Engine.MobileIPv4;

/// <summary>Whether a binding runs in UDP, and why (RFC 3519).</summary>
public enum UdpTunneling : byte
{
    /// <summary>Nobody asked.</summary>
    None,

    /// <summary>The home agent declined, because it saw no NAT (4.6).</summary>
    Declined,

    /// <summary>The source of the request is not its care-of address: there is a NAT (4.6).</summary>
    NatDetected,

    /// <summary>The request forced it, NAT or not (3.1.1).</summary>
    Forced,
}

/// <summary>Groups of values.</summary>
internal static class UdpTunnelings
{
    /// <summary>True when packets run in UDP.</summary>
    public static bool IsAssent(this UdpTunneling tunneling) => tunneling is UdpTunneling.NatDetected or UdpTunneling.Forced;
}
