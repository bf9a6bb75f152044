using System.Management.Automation;
using System.Management.Automation.Language;
using DsmipTools.Labs;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>Finds procedures: the scripts in the module's folder, or one that a path names.</summary>
internal static class ProcedureCatalog
{
    public const string Extension = ".ps1";

    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    /// <summary>The folder of the procedures that come with the module: module/Procedures, beside module/bin.</summary>
    public static string Folder { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(ProcedureCatalog).Assembly.Location)!, "..", "Procedures"));

    /// <summary>The paths of the module's procedures, in the order of their names.</summary>
    public static IEnumerable<string> Paths() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*" + Extension).Order(StringComparer.OrdinalIgnoreCase)
        : [];

    /// <summary>The path of a procedure of the module; null when there is none of that name.</summary>
    public static string? Find(string name) =>
        Paths().FirstOrDefault(path => string.Equals(Path.GetFileNameWithoutExtension(path), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True for what can only be the path of a script.</summary>
    public static bool IsPath(string name) =>
        name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) || name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);

    /// <summary>Reads what a procedure says about itself in its comment-based help.</summary>
    /// <exception cref="ParseException">The script is no valid PowerShell.</exception>
    /// <exception cref="FormatException">Its help names a world that does not exist.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ProcedureInfo Read(string path)
    {
        // Parser.ParseFile reports a missing file as a syntax error.
        using (File.OpenRead(path))
        {
        }

        var script = Parser.ParseFile(path, out _, out var errors);
        if (errors.Length > 0)
        {
            throw new ParseException(errors);
        }

        var help = script.GetHelpContent();
        return new ProcedureInfo
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Synopsis = string.Join(' ', (help?.Synopsis ?? "").Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
            Worlds = Worlds(help?.Functionality),
            Parameters = [.. script.ParamBlock?.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath) ?? []],
            Path = path,
        };
    }

    /// <summary>The worlds that .FUNCTIONALITY lists; all when it says nothing.</summary>
    private static World[] Worlds(string? list)
    {
        var names = (list ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0
            ? Enum.GetValues<World>()
            : [.. names.Select(name => Enum.TryParse<World>(name, ignoreCase: true, out var world) && Enum.IsDefined(world)
                ? world
                : throw new FormatException($".FUNCTIONALITY lists the worlds that can carry a procedure, and '{name}' is none of {string.Join(", ", Enum.GetNames<World>())}."))];
    }
}
