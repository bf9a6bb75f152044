namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The parts of a mobility session that are forwarded, and stop, by themselves (RFC 5844, 3.1).</summary>
[Flags]
internal enum TrafficParts : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The home network prefixes.</summary>
    Prefixes = 1,

    /// <summary>The IPv4 home address.</summary>
    IPv4HomeAddress = 2,

    /// <summary>Everything.</summary>
    All = Prefixes | IPv4HomeAddress,
}
