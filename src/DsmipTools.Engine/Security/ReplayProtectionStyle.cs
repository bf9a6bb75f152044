namespace DsmipTools.Engine.Security;

/// <summary>The style of replay protection, on which mobile node and home agent agree with their security association (RFC 5944, 5.7).</summary>
public enum ReplayProtectionStyle : byte
{
    /// <summary>The time of day, rising (5.7.1).</summary>
    Timestamps,

    /// <summary>Random numbers that the other side has to send back (5.7.2).</summary>
    Nonces,
}
