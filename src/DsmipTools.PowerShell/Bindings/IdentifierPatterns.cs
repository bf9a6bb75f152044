using System.Management.Automation;

namespace DsmipTools.PowerShell.Bindings;

/// <summary>Network Access Identifiers with wildcards.</summary>
internal sealed class IdentifierPatterns
{
    private readonly string[] identifiers;
    private readonly WildcardPattern[] patterns;

    private IdentifierPatterns(string[] identifiers)
    {
        this.identifiers = identifiers;
        patterns = [.. identifiers.Select(identifier => new WildcardPattern(identifier, WildcardOptions.IgnoreCase))];
        var realms = identifiers.Select(RealmOf).OfType<string>().ToArray();
        Realms = realms.Length == identifiers.Length ? realms : [];
    }

    /// <summary>The realms that everything lies in that matches; empty when there may be others.</summary>
    public IReadOnlyList<string> Realms { get; }

    /// <summary>Null where there are no wildcards: then these are the identifiers themselves, and an index finds them.</summary>
    public static IdentifierPatterns? From(string[]? identifiers) =>
        identifiers is not null && Array.Exists(identifiers, WildcardPattern.ContainsWildcardCharacters) ? new IdentifierPatterns(identifiers) : null;

    /// <summary>True for an identifier that one of them matches, or that one of them is: a gateway may have chosen one that looks like a pattern.</summary>
    public bool Match(string? identifier) => identifier is not null
        && (identifiers.Contains(identifier, StringComparer.OrdinalIgnoreCase) || Array.Exists(patterns, pattern => pattern.IsMatch(identifier)));

    private static string? RealmOf(string identifier)
    {
        var at = identifier.LastIndexOf('@');
        return at < 0 || identifier.Contains('`', StringComparison.Ordinal) || WildcardPattern.ContainsWildcardCharacters(identifier[(at + 1)..])
            ? null
            : identifier[(at + 1)..];
    }
}
