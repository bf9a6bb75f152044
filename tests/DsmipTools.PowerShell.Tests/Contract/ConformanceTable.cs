using System.Text.RegularExpressions;

namespace DsmipTools.PowerShell.Tests.Contract;

/// <summary>docs/conformance.md, and what the tests say about it.</summary>
internal sealed partial class ConformanceTable
{
    private readonly List<string> lines;

    private ConformanceTable(IEnumerable<string> lines) => this.lines = [.. lines];

    public static string Path => SourceTree.Path("docs", "conformance.md");

    public IEnumerable<Row> Rows => lines.Select(Row.TryParse).OfType<Row>();

    public static ConformanceTable Load() => new(File.ReadAllLines(Path));

    /// <summary>The ids that tests carry, each with the classes and files that carry it.</summary>
    public static SortedDictionary<string, SortedSet<string>> IdsInTests()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in SourceTree.Files("tests", "*.cs"))
        {
            Collect(XunitTrait(), file, found);
        }

        foreach (var file in SourceTree.Files("tests", "*.Tests.ps1"))
        {
            Collect(PesterTag(), file, found);
        }

        return found;
    }

    /// <summary>The page as the tests have it.</summary>
    public string Render(SortedDictionary<string, SortedSet<string>> ids) => string.Concat(lines.Select(line =>
    {
        if (Row.TryParse(line) is not { } row)
        {
            return line + "\n";
        }

        var tests = ids.TryGetValue(row.Id, out var named) ? string.Join(", ", named) : "";
        var status = tests.Length == 0 ? "planned" : row.Status == "partly" ? "partly" : "**done**";
        return $"| {row.Id} | {row.Level} | {row.Who} | {row.Statement} | {status} | {tests} |\n".Replace("|  |", "| |", StringComparison.Ordinal);
    }));

    private static void Collect(Regex pattern, string file, SortedDictionary<string, SortedSet<string>> found)
    {
        var name = System.IO.Path.GetFileName(file).Replace(".cs", "", StringComparison.Ordinal);
        foreach (Match match in pattern.Matches(File.ReadAllText(file)))
        {
            var id = match.Groups["id"].Value;
            if (!found.TryGetValue(id, out var names))
            {
                found.Add(id, names = new SortedSet<string>(StringComparer.Ordinal));
            }

            names.Add(name);
        }
    }

    [GeneratedRegex("""Trait\("Rfc",\s*"(?<id>[^"]+)"\)""")]
    private static partial Regex XunitTrait();

    [GeneratedRegex("""['"]Rfc:(?<id>[^'"]+)['"]""")]
    private static partial Regex PesterTag();

    internal sealed partial record Row(string Id, string Level, string Who, string Statement, string Status, string Tests)
    {
        /// <summary>The number of the RFC.</summary>
        public string Rfc => Id[..4];

        public static Row? TryParse(string line)
        {
            var match = Pattern().Match(line);
            return match.Success
                ? new Row(
                    match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value,
                    match.Groups[4].Value, match.Groups[5].Value.Trim('*'), match.Groups[6].Value.Trim())
                : null;
        }

        [GeneratedRegex(@"^\| (\d{4}-[\w.]+-\d\d) \| (\w) \| ([^|]+) \| (.+) \| (\*\*done\*\*|partly|planned) \|(.*)\|$")]
        private static partial Regex Pattern();
    }
}
