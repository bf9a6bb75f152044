using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DsmipTools.Wire;

/// <summary>
/// The form that Mobile IPv4 extensions and mobility options share: a type octet, a length octet, and as many octets as that says.
/// Type 0 is padding of one octet without a length (RFC 5944, 1.8; RFC 6275, 6.2.1 and 6.2.2). Some extensions have the long form
/// instead: a type octet, a subtype octet, and a length of two octets (RFC 5944, 1.10).
/// </summary>
/// <remarks>The methods take the types of the long form as a bit each, bit 0 for type 0; none has a type of 64 or more.</remarks>
internal static class TypeLengthValue
{
    internal const int MaximumData = byte.MaxValue;

    private const int LongHeader = 4;

    /// <summary>How many octets hold whole elements; when that is not all, the error says what is wrong with the next one.</summary>
    /// <param name="octets">The elements.</param>
    /// <param name="offset">Where they stand in the message, for the error.</param>
    /// <param name="noun">What an element is called, for the error.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="longForm">The types that have the long form.</param>
    internal static int Check(ReadOnlySpan<byte> octets, int offset, string noun, out WireError error, ulong longForm = 0)
    {
        var at = 0;
        while (at < octets.Length)
        {
            var left = octets.Length - at;
            var header = HeaderLength(octets[at], longForm);
            if (left < header)
            {
                error = HasNoLength(noun, offset + octets.Length);
                return at;
            }

            var length = LengthAt(octets, at, longForm);
            if (length > left)
            {
                error = IsCut(noun, offset + at + (header / 2), octets[at], length - header, left - header);
                return at;
            }

            at += length;
        }

        error = default;
        return at;
    }

    /// <summary>The octets of the element at an offset, with type and length.</summary>
    internal static int LengthAt(ReadOnlySpan<byte> octets, int at, ulong longForm = 0) => HeaderLength(octets[at], longForm) switch
    {
        LongHeader => LongHeader + BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 2)..]),
        2 => 2 + octets[at + 1],
        _ => 1,
    };

    /// <summary>The octets before the data: 1 for padding, 2, or 4 in the long form.</summary>
    internal static int HeaderLength(byte type, ulong longForm) =>
        type == 0 ? 1 : type < 64 && ((longForm >> type) & 1) != 0 ? LongHeader : 2;

    /// <summary>Clears an element and writes its type and its length.</summary>
    /// <param name="element">The element.</param>
    /// <param name="type">Its type.</param>
    /// <param name="says">What the length octet says in place of the right length, for a wrong element on purpose.</param>
    /// <exception cref="ArgumentException">The data is longer than a length octet can say.</exception>
    internal static void Begin(Span<byte> element, byte type, ushort? says = null)
    {
        if (element.Length - 2 > MaximumData)
        {
            throw IsTooLong(type, element.Length - 2, MaximumData);
        }

        element.Clear();
        element[0] = type;
        if (element.Length > 1)
        {
            element[1] = (byte)(says ?? (element.Length - 2));
        }
    }

    /// <summary>Clears an element of the long form and writes its type and its length.</summary>
    /// <param name="element">The element.</param>
    /// <param name="type">Its type.</param>
    /// <param name="says">What the length field says in place of the right length, for a wrong element on purpose.</param>
    /// <exception cref="ArgumentException">The data is longer than two length octets can say.</exception>
    internal static void BeginLong(Span<byte> element, byte type, ushort? says = null)
    {
        if (element.Length - LongHeader > ushort.MaxValue)
        {
            throw IsTooLong(type, element.Length - LongHeader, ushort.MaxValue);
        }

        element.Clear();
        element[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(element[2..], says ?? (ushort)(element.Length - LongHeader));
    }

    // The texts are made apart from the checks: their room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError HasNoLength(string noun, int offset) => new(noun + "Length", offset, $"the {noun} ends before its length");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsCut(string noun, int offset, byte type, int says, int has) => new(noun + "Length", offset,
        string.Create(CultureInfo.InvariantCulture, $"{noun} {type} has length {says}, but only {has} octets follow"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ArgumentException IsTooLong(byte type, int length, int most) => new(string.Create(CultureInfo.InvariantCulture,
        $"Type {type}: {length} octets of data, but its length field says at most {most}."));
}
