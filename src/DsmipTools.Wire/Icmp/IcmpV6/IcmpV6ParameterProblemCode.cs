namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Codes of the ICMPv6 Parameter Problem message (RFC 4443, 3.4).</summary>
public enum IcmpV6ParameterProblemCode : byte
{
    /// <summary>Erroneous header field encountered.</summary>
    ErroneousHeaderField = 0,

    /// <summary>Unrecognized Next Header type encountered.</summary>
    UnrecognizedNextHeaderType = 1,

    /// <summary>Unrecognized IPv6 option encountered.</summary>
    UnrecognizedIPv6Option = 2,

    /// <summary>IPv6 First Fragment has incomplete IPv6 Header Chain (RFC 7112, 5).</summary>
    IncompleteHeaderChain = 3,
}
