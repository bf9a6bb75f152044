namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>One extension where it stands in a message.</summary>
public readonly ref struct ExtensionView
{
    internal ExtensionView(ReadOnlySpan<byte> octets, int offset)
    {
        Octets = octets;
        Offset = offset;
    }

    /// <summary>The whole extension with its type and length octets; type 0 is one octet.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Offset from the start of the message.</summary>
    public int Offset { get; }

    /// <summary>The extension type.</summary>
    public ExtensionType Type => (ExtensionType)Octets[0];

    /// <summary>The data after type and length.</summary>
    public ReadOnlySpan<byte> Data => Octets.Length < 2 ? default : Octets[2..];

    /// <summary>The subtype of a DSMIPv4 extension; 0 for every other extension.</summary>
    public DualStackSubtype DualStackSubtype =>
        Type == ExtensionType.DualStackMobileIPv4 && Octets.Length > 2 ? (DualStackSubtype)Octets[2] : default;
}
