using DsmipTools.Wire.Layouts;

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

    /// <summary>The data after type and length, and in the long form after the subtype as well.</summary>
    public ReadOnlySpan<byte> Data => Octets[ExtensionTypes.HeaderLength(Type)..];

    /// <summary>The octet where extensions with subtypes have it (RFC 5944, 1.10 and 1.11); 0 when there is none.</summary>
    public byte Subtype => Type.HasLongForm() ? Octets[1] : Octets.Length > 2 ? Octets[2] : (byte)0;

    /// <summary>The subtype of a DSMIPv4 extension; 0 for every other extension.</summary>
    public DualStackSubtype DualStackSubtype => Type == ExtensionType.DualStackMobileIPv4 ? (DualStackSubtype)Subtype : default;

    /// <summary>True when this is of a type and as long as its table.</summary>
    internal bool Is(ExtensionType type, Layout table) => Type == type && Octets.Length == table.Length;

    /// <summary>True when this is of a type and subtype and as long as the table.</summary>
    internal bool Is(ExtensionType type, byte subtype, Layout table) => Is(type, table) && Subtype == subtype;

    /// <summary>True when this is of a type and holds all of its table.</summary>
    internal bool Holds(ExtensionType type, Layout table) => Type == type && Octets.Length >= table.Length;
}
