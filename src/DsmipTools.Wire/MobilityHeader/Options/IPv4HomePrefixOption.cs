using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>What the options with an IPv4 home address share (RFC 5555, 3.1.1 and 3.2.1; RFC 5844, 3.3.1 and 3.3.2): its prefix length has 6 bits.</summary>
public abstract record IPv4HomePrefixOption : MobilityOption
{
    /// <summary>The IPv4 home address.</summary>
    public required Address IPv4HomeAddress { get; init; }

    /// <summary>Length of the prefix in bits, 0 to 63; up to 32 in a valid option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 6 bits can say.</exception>
    public byte PrefixLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 63);
            field = value;
        }
    }
}
