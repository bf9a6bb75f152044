namespace DsmipTools.Wire;

/// <summary>Options behind a fixed part, with the padding that their alignment asks for, up to a multiple of 8 octets.</summary>
internal static class OptionArea
{
    /// <summary>Octets of fixed part, options and padding.</summary>
    /// <param name="fixedLength">Octets before the first option.</param>
    /// <param name="options">The options.</param>
    /// <param name="verbatim">True when the options hold all padding themselves.</param>
    internal static int GetLength<TOption>(int fixedLength, ReadOnlySpan<TOption> options, bool verbatim)
        where TOption : AlignedOption
    {
        var length = fixedLength;
        foreach (var option in options)
        {
            length += (verbatim ? 0 : Padding(length, option.Alignment)) + option.GetLength();
        }

        return verbatim ? length : length + Padding(length, (8, 0));
    }

    /// <summary>Writes options and padding behind the fixed part of a header that has room for all of it.</summary>
    internal static void Write<TOption>(Span<byte> header, int fixedLength, ReadOnlySpan<TOption> options, bool verbatim)
        where TOption : AlignedOption
    {
        var at = fixedLength;
        foreach (var option in options)
        {
            at += verbatim ? 0 : Pad(header[at..], Padding(at, option.Alignment));
            at += option.Write(header[at..]);
        }

        Pad(header[at..], header.Length - at);
    }

    /// <summary>Octets of padding that bring an offset to multiple·n + remainder; the multiple is 1, 2, 4 or 8.</summary>
    internal static int Padding(int offset, int multiple, int remainder) => (remainder - offset) & (multiple - 1);

    /// <summary>The same for an option's requirement.</summary>
    internal static int Padding(int offset, (int Multiple, int Remainder) alignment) => Padding(offset, alignment.Multiple, alignment.Remainder);

    private static int Pad(Span<byte> octets, int count)
    {
        if (count > 0)
        {
            // Pad1 is type 0 without a length, PadN type 1 with one, for mobility options (RFC 6275, 6.2) and IPv6 options (RFC 8200, 4.2) alike.
            TypeLengthValue.Begin(octets[..count], count == 1 ? (byte)0 : (byte)1);
        }

        return count;
    }
}
