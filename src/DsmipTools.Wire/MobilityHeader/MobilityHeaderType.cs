namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Mobility Header types (IANA, Mobile IPv6 parameters; RFC 6275, 6.1; RFC 5846, 5).</summary>
public enum MobilityHeaderType : byte
{
    /// <summary>Binding Update (RFC 6275, 6.1.7); Proxy Binding Update with P set (RFC 5213, 8.1).</summary>
    BindingUpdate = 5,

    /// <summary>Binding Acknowledgement (RFC 6275, 6.1.8); Proxy Binding Acknowledgement with P set (RFC 5213, 8.2).</summary>
    BindingAcknowledgement = 6,

    /// <summary>Binding Revocation Message (RFC 5846, 5).</summary>
    BindingRevocation = 16,
}
