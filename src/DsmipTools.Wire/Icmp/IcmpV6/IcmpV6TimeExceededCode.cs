namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Codes of the ICMPv6 Time Exceeded message (RFC 4443, 3.3).</summary>
public enum IcmpV6TimeExceededCode : byte
{
    /// <summary>Hop limit exceeded in transit.</summary>
    HopLimitExceededInTransit = 0,

    /// <summary>Fragment reassembly time exceeded.</summary>
    FragmentReassemblyTimeExceeded = 1,
}
