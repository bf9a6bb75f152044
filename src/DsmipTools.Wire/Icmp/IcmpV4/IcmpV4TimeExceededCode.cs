namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Codes of the ICMP Time Exceeded message (RFC 792).</summary>
public enum IcmpV4TimeExceededCode : byte
{
    /// <summary>Time to Live exceeded in Transit.</summary>
    TimeToLiveExceededInTransit = 0,

    /// <summary>Fragment Reassembly Time Exceeded.</summary>
    FragmentReassemblyTimeExceeded = 1,
}
