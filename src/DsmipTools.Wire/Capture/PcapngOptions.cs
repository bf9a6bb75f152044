namespace DsmipTools.Wire.Capture;

/// <summary>Walks the options of a pcapng block; the walk ends at the end marker, or where no whole option follows.</summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> options, ByteOrder order)
{
    private const int Header = 4;

    private readonly int length = options.Length;
    private ReadOnlySpan<byte> rest = options;

    internal ushort Code { get; private set; }

    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the next option stands, in octets from the first.</summary>
    internal readonly int Offset => length - rest.Length;

    /// <summary>Goes to the next option. False at the end, and where an option is longer than what there is: then that option is still the next.</summary>
    internal bool MoveNext()
    {
        if (rest.Length < Header)
        {
            rest = default;
            return false;
        }

        Code = order.UInt16(rest);
        var size = order.UInt16(rest[2..]);
        if (size > rest.Length - Header)
        {
            return false;
        }

        Value = rest.Slice(Header, size);
        rest = Code == PcapngFormat.OptionEnd ? default : rest[Math.Min(rest.Length, Header + PcapngFormat.Padded(size))..];
        return Code != PcapngFormat.OptionEnd;
    }

    /// <summary>True when the walk ended because an option does not fit.</summary>
    internal readonly bool IsBroken => !rest.IsEmpty;
}
