using System.Buffers;
using System.Text;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Judges Network Access Identifiers by the grammar of RFC 4282, 2.1. Agents take any octets; this is for those who check packets.</summary>
public static class NetworkAccessIdentifierSyntax
{
    /// <summary>The longest identifier that implementations can be expected to take, in octets (RFC 4282, 2.2).</summary>
    public const int MaximumLength = 253;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    private static readonly SearchValues<byte> UserMarks = SearchValues.Create("!#$%&'*+-/=?^_`{|}~"u8);

    /// <summary>Judges an identifier.</summary>
    /// <param name="identifier">The octets, without type, length and subtype.</param>
    /// <param name="form">What it consists of, when it follows the grammar.</param>
    /// <param name="error">What is wrong otherwise, with the offset in the identifier.</param>
    public static bool TryJudge(ReadOnlySpan<byte> identifier, out NetworkAccessIdentifierForm form, out WireError error)
    {
        form = default;
        error = default;
        if (identifier.IsEmpty)
        {
            return Refuse(0, "it is empty", out error);
        }

        if (identifier.Length > MaximumLength)
        {
            return Refuse(MaximumLength, $"more than {MaximumLength} octets", out error);
        }

        var at = 0;
        if (identifier[0] != '@' && !TryUser(identifier, ref at, out error))
        {
            return false;
        }

        form = at == identifier.Length ? NetworkAccessIdentifierForm.User
            : at == 0 ? NetworkAccessIdentifierForm.Realm
            : NetworkAccessIdentifierForm.UserOfRealm;
        return at == identifier.Length || TryRealm(identifier, at + 1, out error);
    }

    /// <summary>Strings of characters with a dot between them, up to an @ or the end; a backslash lets any character follow.</summary>
    private static bool TryUser(ReadOnlySpan<byte> identifier, ref int at, out WireError error)
    {
        var afterDot = true;
        for (; at < identifier.Length && identifier[at] != '@'; at++)
        {
            if (identifier[at] == '.')
            {
                if (afterDot)
                {
                    return Refuse(at, "a string of the user name is empty", out error);
                }

                afterDot = true;
                continue;
            }

            afterDot = false;
            var isEscaped = identifier[at] == '\\';
            at += isEscaped ? 1 : 0;
            if (!TryCharacter(identifier, isEscaped, ref at, out error))
            {
                return false;
            }
        }

        error = default;
        return !afterDot || Refuse(at, "a string of the user name is empty", out error);
    }

    /// <summary>One character, which may take several octets; it is left at its last.</summary>
    private static bool TryCharacter(ReadOnlySpan<byte> identifier, bool isEscaped, ref int at, out WireError error)
    {
        error = default;
        if (at == identifier.Length)
        {
            return Refuse(at, "nothing follows the backslash", out error);
        }

        if (identifier[at] < 0x80)
        {
            return isEscaped || Letters.Contains(identifier[at]) || UserMarks.Contains(identifier[at])
                || Refuse(at, "the character is not allowed in a user name", out error);
        }

        if (Rune.DecodeFromUtf8(identifier[at..], out _, out var octets) != OperationStatus.Done)
        {
            return Refuse(at, "it is not UTF-8", out error);
        }

        at += octets - 1;
        return true;
    }

    /// <summary>Two labels or more with a dot between them; a label has letters, digits and inside it hyphens.</summary>
    private static bool TryRealm(ReadOnlySpan<byte> identifier, int start, out WireError error)
    {
        var labels = 0;
        for (var at = start; at <= identifier.Length; at++)
        {
            var rest = identifier[at..];
            var length = rest.IndexOf((byte)'.') is var dot && dot < 0 ? rest.Length : dot;
            var label = rest[..length];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
            {
                return Refuse(at, label.IsEmpty ? "a label of the realm is empty" : "a label of the realm begins or ends with a hyphen", out error);
            }

            for (var inside = 0; inside < length; inside++)
            {
                if (label[inside] != '-' && !Letters.Contains(label[inside]))
                {
                    return Refuse(at + inside, "the character is not allowed in a realm", out error);
                }
            }

            labels++;
            at += length;
        }

        error = default;
        return labels > 1 || Refuse(start, "a realm has two labels or more", out error);
    }

    private static bool Refuse(int offset, string reason, out WireError error)
    {
        error = new WireError(MobileNodeIdentifierOption.Fields.Identifier.Name, offset, reason);
        return false;
    }
}
