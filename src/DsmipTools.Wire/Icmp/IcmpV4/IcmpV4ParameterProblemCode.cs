namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Codes of the ICMP Parameter Problem message (RFC 792; RFC 1122, 3.2.2.5; IANA, ICMP Code Fields).</summary>
public enum IcmpV4ParameterProblemCode : byte
{
    /// <summary>Pointer indicates the error.</summary>
    PointerIndicatesTheError = 0,

    /// <summary>Missing a Required Option.</summary>
    MissingRequiredOption = 1,

    /// <summary>Bad Length.</summary>
    BadLength = 2,
}
