using System.Text;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// Network Access Identifiers by wildcards: <c>*</c> for any octets, <c>?</c> for one. User part and realm are matched each by itself, so that no user
/// part passes for a realm; the realm without ASCII case. <c>@realm</c> means everybody of the realm, <c>*</c> alone everybody.
/// </summary>
public sealed class IdentifierPattern
{
    private readonly byte[] user;
    private readonly byte[]? realm;
    private readonly string text;

    private IdentifierPattern(string text, byte[] user, byte[]? realm) => (this.text, this.user, this.realm) = (text, user, realm);

    /// <summary>True when the pattern is one identifier, without wildcards.</summary>
    public bool IsOfOne => user.Length > 0 && !user.AsSpan().ContainsAny((byte)'*', (byte)'?') && !realm.AsSpan().ContainsAny((byte)'*', (byte)'?');

    /// <summary>Makes a pattern from text.</summary>
    /// <exception cref="ArgumentException">Empty, too long, or <c>@</c> without a realm.</exception>
    public static IdentifierPattern Parse(string text)
    {
        var octets = NetworkAccessIdentifier.Parse(text).Octets;
        var at = octets.LastIndexOf((byte)'@');
        return at == octets.Length - 1 ? throw new ArgumentException($"'{text}' has no realm after its @.", nameof(text))
            : at < 0 ? new IdentifierPattern(text, octets.ToArray(), null)
            : new IdentifierPattern(text, at == 0 ? "*"u8.ToArray() : octets[..at].ToArray(), octets[(at + 1)..].ToArray());
    }

    /// <summary>True when the octets of an identifier fit.</summary>
    public bool Matches(ReadOnlySpan<byte> identifier)
    {
        var at = identifier.LastIndexOf((byte)'@');
        return realm is null ? (at < 0 || user is [(byte)'*']) && Fits(user, identifier, foldsCase: false)
            : at >= 0 && Fits(realm, identifier[(at + 1)..], foldsCase: true) && Fits(user, identifier[..at], foldsCase: false);
    }

    /// <inheritdoc/>
    public override string ToString() => text;

    /// <summary>Goes back to the last <c>*</c> alone, so that no pattern takes longer than the product of both lengths.</summary>
    private static bool Fits(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> octets, bool foldsCase)
    {
        int next = 0, star = -1, resume = 0;
        for (var at = 0; at < octets.Length;)
        {
            if (next < pattern.Length && pattern[next] == (byte)'*')
            {
                (star, resume) = (next++, at);
            }
            else if (next < pattern.Length && (pattern[next] == (byte)'?' || AreSame(pattern[next], octets[at], foldsCase)))
            {
                next++;
                at++;
            }
            else if (star >= 0)
            {
                (next, at) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return !pattern[next..].ContainsAnyExcept((byte)'*');
    }

    private static bool AreSame(byte one, byte other, bool foldsCase) =>
        one == other || (foldsCase && NetworkAccessIdentifier.Fold(one) == NetworkAccessIdentifier.Fold(other));
}
