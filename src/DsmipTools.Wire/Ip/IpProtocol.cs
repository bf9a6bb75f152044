namespace DsmipTools.Wire.Ip;

/// <summary>Protocol numbers and next header values that DsmipTools uses (IANA, Protocol Numbers).</summary>
public enum IpProtocol : byte
{
    /// <summary>IPv6 Hop-by-Hop Options header (RFC 8200, 4.3).</summary>
    HopByHopOptions = 0,

    /// <summary>ICMP for IPv4 (RFC 792).</summary>
    Icmp = 1,

    /// <summary>IPv4 in IP (RFC 2003; RFC 2473).</summary>
    IPv4 = 4,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,

    /// <summary>IPv6 in IP (RFC 4213, 3; RFC 2473).</summary>
    IPv6 = 41,

    /// <summary>IPv6 Routing header (RFC 8200, 4.4; type 2: RFC 6275, 6.4).</summary>
    Routing = 43,

    /// <summary>IPv6 Fragment header (RFC 8200, 4.5).</summary>
    Fragment = 44,

    /// <summary>Generic Routing Encapsulation (RFC 2784).</summary>
    Gre = 47,

    /// <summary>Encapsulating Security Payload (RFC 4303).</summary>
    EncapsulatingSecurityPayload = 50,

    /// <summary>Minimal encapsulation (RFC 2004).</summary>
    MinimalEncapsulation = 55,

    /// <summary>ICMPv6 (RFC 4443).</summary>
    IcmpV6 = 58,

    /// <summary>No next header (RFC 8200, 4.7); the payload proto of a Mobility Header (RFC 6275, 6.1.1).</summary>
    NoNextHeader = 59,

    /// <summary>IPv6 Destination Options header (RFC 8200, 4.6).</summary>
    DestinationOptions = 60,

    /// <summary>Mobility Header (RFC 6275, 6.1).</summary>
    MobilityHeader = 135,
}
