namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Reply code of a UDP Tunnel Reply extension (RFC 3519, 3.2.1): assent 0 to 63, declined from 64.</summary>
public enum UdpTunnelReplyCode : byte
{
    /// <summary>Will do tunnelling.</summary>
    WillDoTunnelling = 0,

    /// <summary>Tunnelling declined, reason unspecified.</summary>
    TunnellingDeclined = 64,
}

/// <summary>The ranges of UDP Tunnel Reply codes (RFC 3519, 3.2.1).</summary>
public static class UdpTunnelReplyCodes
{
    /// <summary>True for 0 to 63: UDP tunnelling will be done.</summary>
    public static bool IsAssent(this UdpTunnelReplyCode code) => (byte)code < 64;
}
