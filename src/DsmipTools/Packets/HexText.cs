using System.Globalization;
using DsmipTools.Wire;

namespace DsmipTools.Packets;

/// <summary>Octets as hexadecimal text.</summary>
public static class HexText
{
    /// <summary>
    /// Reads hexadecimal digits as people and tools write them: white space, colons, hyphens and commas may stand between octets, and 0x before them.
    /// </summary>
    /// <exception cref="FormatException">Something else is in the text, or an octet has one digit only; the message says where.</exception>
    public static Octets Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var octets = new List<byte>(text.Length / 2);
        var at = 0;
        while (at < text.Length)
        {
            if (IsSeparator(text[at]))
            {
                at++;
            }
            else if (text[at] == '0' && at + 1 < text.Length && text[at + 1] is 'x' or 'X')
            {
                at += 2;
            }
            else if (!char.IsAsciiHexDigit(text[at]))
            {
                throw Failure(at, $"'{text[at]}' is no hexadecimal digit");
            }
            else if (at + 1 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]))
            {
                throw Failure(at, $"the digit '{text[at]}' stands alone, and an octet has two");
            }
            else
            {
                octets.Add(byte.Parse(text.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 2;
            }
        }

        return Octets.Create([.. octets]);
    }

    private static bool IsSeparator(char character) => char.IsWhiteSpace(character) || character is ':' or '-' or ',';

    private static FormatException Failure(int at, string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The text is no hexadecimal at character {at + 1}: {reason}."));
}
