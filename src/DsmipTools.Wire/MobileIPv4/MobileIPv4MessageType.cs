namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Mobile IPv4 message types (IANA, Mobile IPv4 numbers; RFC 5944, 6.1).</summary>
public enum MobileIPv4MessageType : byte
{
    /// <summary>Registration Request (RFC 5944, 3.3).</summary>
    RegistrationRequest = 1,

    /// <summary>Registration Reply (RFC 5944, 3.4).</summary>
    RegistrationReply = 3,
}
