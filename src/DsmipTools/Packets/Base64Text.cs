using System.Globalization;
using DsmipTools.Wire;

namespace DsmipTools.Packets;

/// <summary>Octets as Base64 (RFC 4648, 4).</summary>
public static class Base64Text
{
    /// <summary>Reads Base64; white space may stand anywhere.</summary>
    /// <exception cref="FormatException">Another character is in the text, or characters are missing at its end; the message says where.</exception>
    public static Octets Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = 0;
        var padding = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '=':
                    padding++;
                    break;
                case var character when char.IsWhiteSpace(character):
                    break;
                case var character when padding == 0 && (char.IsAsciiLetterOrDigit(character) || character is '+' or '/'):
                    digits++;
                    break;
                default:
                    throw Failure(at, padding == 0 ? "the character is none of Base64" : "there is something behind its end");
            }
        }

        return (digits + padding) % 4 == 0 && padding <= 2
            ? Octets.Create(Convert.FromBase64String(text))
            : throw Failure(text.Length, "characters are missing at its end, which come in groups of 4");
    }

    private static FormatException Failure(int at, string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The text is no Base64 at character {at + 1}: {reason}."));
}
