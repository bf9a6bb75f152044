using System.Reflection;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Files of the source tree and of the shared folder beside it.</summary>
internal static class SourceTree
{
    private static readonly string Root = typeof(SourceTree).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    internal static string Vectors => Path.Combine(Root, "tests", "Vectors");

    /// <summary>A folder beside the repository; the test is skipped where it does not exist.</summary>
    internal static string Shared(string path)
    {
        var folder = Path.GetFullPath(Path.Combine(Root, "..", "shared", path));
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} does not exist.");
        return folder;
    }
}
