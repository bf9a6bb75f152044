namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>Realms of Network Access Identifiers.</summary>
internal static class Realms
{
    /// <summary>What follows the last @; null where there is none.</summary>
    public static string? Of(string? identifier)
    {
        var at = identifier?.LastIndexOf('@') ?? -1;
        return at < 0 ? null : identifier![(at + 1)..];
    }
}
