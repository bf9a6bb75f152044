using System.Globalization;
using System.Runtime.CompilerServices;

namespace DsmipTools.Wire;

/// <summary>
/// The form that Mobile IPv4 extensions and mobility options share: a type octet, a length octet, and as many octets as that says.
/// Type 0 is padding of one octet without a length (RFC 5944, 1.10; RFC 6275, 6.2.1 and 6.2.2).
/// </summary>
internal static class TypeLengthValue
{
    internal const int MaximumData = byte.MaxValue;

    /// <summary>How many octets hold whole elements; when that is not all, the error says what is wrong with the next one.</summary>
    /// <param name="octets">The elements.</param>
    /// <param name="offset">Where they stand in the message, for the error.</param>
    /// <param name="noun">What an element is called, for the error.</param>
    /// <param name="error">What is wrong.</param>
    internal static int Check(ReadOnlySpan<byte> octets, int offset, string noun, out WireError error)
    {
        var at = 0;
        while (at < octets.Length)
        {
            var left = octets.Length - at;
            if (octets[at] != 0 && left < 2)
            {
                error = HasNoLength(noun, offset + at + 1);
                return at;
            }

            var length = LengthAt(octets, at);
            if (length > left)
            {
                error = IsCut(noun, offset + at + 1, octets[at], length - 2, left - 2);
                return at;
            }

            at += length;
        }

        error = default;
        return at;
    }

    /// <summary>The octets of the element at an offset, with type and length.</summary>
    internal static int LengthAt(ReadOnlySpan<byte> octets, int at) => octets[at] == 0 ? 1 : 2 + octets[at + 1];

    /// <summary>Clears an element and writes its type and its length.</summary>
    /// <exception cref="ArgumentException">The data is longer than a length octet can say.</exception>
    internal static void Begin(Span<byte> element, byte type)
    {
        if (element.Length - 2 > MaximumData)
        {
            throw IsTooLong(type, element.Length - 2);
        }

        element.Clear();
        element[0] = type;
        if (element.Length > 1)
        {
            element[1] = (byte)(element.Length - 2);
        }
    }

    // The texts are made apart from the checks: their room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError HasNoLength(string noun, int offset) => new(noun + "Length", offset, $"the {noun} ends before its length octet");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsCut(string noun, int offset, byte type, int says, int has) => new(noun + "Length", offset,
        string.Create(CultureInfo.InvariantCulture, $"{noun} {type} has length {says}, but only {has} octets follow"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ArgumentException IsTooLong(byte type, int length) => new(string.Create(CultureInfo.InvariantCulture,
        $"Type {type}: {length} octets of data, but a length octet says at most {MaximumData}."));
}
