using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace DsmipTools.Tests;

/// <summary>The rules of the design about who knows whom, read from the assemblies.</summary>
public sealed partial class LayeringTests
{
    private static readonly string[] belowPowerShell = ["DsmipTools.Wire", "DsmipTools.Engine", "DsmipTools.Net", "DsmipTools"];

    [Theory]
    [InlineData("DsmipTools.Wire")]
    [InlineData("DsmipTools.Engine", "DsmipTools.Wire")]
    [InlineData("DsmipTools.Net", "DsmipTools.Wire")]
    [InlineData("DsmipTools", "DsmipTools.Wire", "DsmipTools.Engine", "DsmipTools.Net")]
    public void References_point_down(string assembly, params string[] allowed)
    {
        var ours = References(assembly).Where(name => name.StartsWith("DsmipTools", StringComparison.Ordinal));
        Assert.Subset(allowed.ToHashSet(), ours.ToHashSet());
    }

    [Fact]
    public void Only_the_base_class_library_is_referenced_below_PowerShell()
    {
        foreach (var assembly in belowPowerShell)
        {
            var references = References(assembly).ToArray();
            Assert.DoesNotContain("System.Management.Automation", references);
            Assert.All(references, name => Assert.True(
                name.StartsWith("DsmipTools", StringComparison.Ordinal) || IsBaseClassLibrary(name), $"{assembly} references {name}"));
        }
    }

    [Fact]
    public void The_engine_reads_no_clock_and_has_no_threads_sockets_or_random_numbers_of_its_own()
    {
        using var reader = Open("DsmipTools.Engine");
        var metadata = reader.GetMetadataReader();
        List<string> found = [];
        foreach (var handle in metadata.TypeReferences)
        {
            var type = metadata.GetTypeReference(handle);
            var name = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            if (ForbiddenType().IsMatch(name))
            {
                found.Add(name);
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
                var name = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";
                if (ForbiddenMember().IsMatch(name))
                {
                    found.Add(name);
                }
            }
        }

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("System.Random")]
    [InlineData("System.HashCode")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Diagnostics.Stopwatch")]
    [InlineData("System.Threading.Thread")]
    [InlineData("System.Threading.Timer")]
    [InlineData("System.Threading.Tasks.Task`1")]
    [InlineData("System.Net.Sockets.Socket")]
    [InlineData("System.Security.Cryptography.RandomNumberGenerator")]
    public void The_rule_knows_forbidden_types(string name) => Assert.Matches(ForbiddenType(), name);

    [Theory]
    [InlineData("System.DateTime.get_UtcNow")]
    [InlineData("System.DateTime.get_Today")]
    [InlineData("System.DateTimeOffset.get_Now")]
    [InlineData("System.Environment.get_TickCount64")]
    [InlineData("System.Guid.NewGuid")]
    [InlineData("System.String.GetHashCode")]
    public void The_rule_knows_forbidden_members(string name) => Assert.Matches(ForbiddenMember(), name);

    [Theory]
    [InlineData("System.TimeSpan")]
    [InlineData("System.Threading.Timeout")]
    [InlineData("System.Security.Cryptography.CryptographicOperations")]
    public void The_rule_allows_others(string name) => Assert.DoesNotMatch(ForbiddenType(), name);

    private static IEnumerable<string> References(string assembly)
    {
        using var reader = Open(assembly);
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));

    private static bool IsBaseClassLibrary(string name) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    [GeneratedRegex(@"^System\.(Random|HashCode|TimeProvider|Diagnostics\.Stopwatch|Threading\.(Thread|ThreadPool|Timer|PeriodicTimer)"
        + @"|Threading\.Tasks\..*|Timers\..*|Net\.Sockets\..*|IO\.(File|FileStream|Directory)|Security\.Cryptography\.RandomNumberGenerator)$")]
    private static partial Regex ForbiddenType();

    [GeneratedRegex(@"^System\.(DateTime(Offset)?\.get_(Now|UtcNow|Today)|Environment\.get_TickCount(64)?|Guid\.(NewGuid|CreateVersion7)|String\.GetHashCode)$")]
    private static partial Regex ForbiddenMember();
}
