using System.Runtime.CompilerServices;

namespace DsmipTools.PowerShell.Tests.Contract;

/// <summary>The files of the checkout that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{System.IO.Path.DirectorySeparatorChar}obj{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{System.IO.Path.DirectorySeparatorChar}bin{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Find([CallerFilePath] string file = "")
    {
        // With deterministic paths the compiler does not say where the sources are; then the test runs from within the checkout.
        foreach (var start in new[] { System.IO.Path.GetDirectoryName(file)!, AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (folder.Exists && System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "DsmipTools.slnx")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("The checkout with DsmipTools.slnx was not found.");
    }
}
