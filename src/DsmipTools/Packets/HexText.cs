using System.Buffers;
using System.Globalization;
using DsmipTools.Wire;

namespace DsmipTools.Packets;

/// <summary>Octets as hexadecimal text.</summary>
public static class HexText
{
    private const int OctetsPerLine = 16;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n:-,;\u00A0");

    /// <summary>
    /// Reads hexadecimal digits as people and tools write them: white space, colons, hyphens, commas and semicolons may stand between octets, and 0x or \x
    /// before them.
    /// </summary>
    /// <exception cref="FormatException">Something else is in the text, or an octet has one digit only; the message says where.</exception>
    public static Octets Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var octets = new byte[text.Length / 2];
        var count = 0;
        var at = 0;
        while (at < text.Length)
        {
            if (Separators.Contains(text[at]))
            {
                at++;
            }
            else if (text[at] is '0' or '\\' && at + 1 < text.Length && text[at + 1] is 'x' or 'X')
            {
                at += 2;
            }
            else
            {
                octets[count++] = ReadOctet(text, at);
                at += 2;
            }
        }

        return Octets.Create(octets.AsSpan(0, count));
    }

    /// <summary>
    /// A hex dump: a line for 16 octets with the offset, the octets, and what of them is ASCII between bars. Wireshark imports it (File, Import from Hex Dump; text2pcap), and
    /// <see cref="PacketTextReader"/> reads it. Each offset 0 begins a packet.
    /// </summary>
    public static string Dump(ReadOnlySpan<byte> octets)
    {
        var text = new System.Text.StringBuilder(80 * (1 + (octets.Length / OctetsPerLine)));
        for (var at = 0; at < octets.Length; at += OctetsPerLine)
        {
            var line = octets[at..Math.Min(at + OctetsPerLine, octets.Length)];
            text.Append(CultureInfo.InvariantCulture, $"{at:x4}  ");
            for (var number = 0; number < OctetsPerLine; number++)
            {
                text.Append(number < line.Length ? line[number].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(' ');
            }

            text.Append("  |");
            foreach (var octet in line)
            {
                text.Append(octet is >= 0x20 and < 0x7F ? (char)octet : '.');
            }

            text.Append("|\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Reads the octet of two digits at a place.</summary>
    /// <exception cref="FormatException">There are no two digits.</exception>
    internal static byte ReadOctet(ReadOnlySpan<char> text, int at)
    {
        if (!char.IsAsciiHexDigit(text[at]))
        {
            throw Failure(at, $"'{Shown(text[at])}' is no hexadecimal digit");
        }

        return at + 1 < text.Length && char.IsAsciiHexDigit(text[at + 1])
            ? (byte)((Value(text[at]) << 4) | Value(text[at + 1]))
            : throw Failure(at, $"the digit '{text[at]}' stands alone, and an octet has two");
    }

    private static int Value(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string Shown(char character) =>
        char.IsControl(character) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}") : character.ToString();

    private static FormatException Failure(int at, string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The text is no hexadecimal at character {at + 1}: {reason}."));
}
