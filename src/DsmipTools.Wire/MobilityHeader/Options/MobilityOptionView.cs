namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>One mobility option where it stands in a message.</summary>
public readonly ref struct MobilityOptionView
{
    internal MobilityOptionView(ReadOnlySpan<byte> octets, int offset)
    {
        Octets = octets;
        Offset = offset;
    }

    /// <summary>The whole option with its type and length octets; Pad1 is one octet.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Offset from the start of the Mobility Header.</summary>
    public int Offset { get; }

    /// <summary>The option type.</summary>
    public MobilityOptionType Type => (MobilityOptionType)Octets[0];

    /// <summary>The option data.</summary>
    public ReadOnlySpan<byte> Data => Octets.Length < 2 ? default : Octets[2..];

    /// <summary>True for Pad1 and PadN, which do not count as options (conformance list, 5846-5.1-13).</summary>
    public bool IsPadding => Type is MobilityOptionType.Pad1 or MobilityOptionType.PadN;
}
