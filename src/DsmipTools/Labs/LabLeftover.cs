using DsmipTools.Net.Namespaces;

namespace DsmipTools.Labs;

/// <summary>A lab of a process that ended without removing it, as one that was killed: its namespaces, and what is in them, are still there.</summary>
/// <param name="Name">The name of the lab.</param>
/// <param name="ProcessId">The process that had it.</param>
/// <param name="Namespaces">The names of its network namespaces.</param>
public sealed record LabLeftover(string Name, int ProcessId, IReadOnlyList<string> Namespaces)
{
    private string Prefix { get; init; } = "";

    /// <summary>All labs of this host that no process has.</summary>
    public static IReadOnlyList<LabLeftover> FindAll() => OperatingSystem.IsLinux() ? LabRegistry.Abandoned().Select(found => Of(found.Prefix)).ToArray() : [];

    /// <summary>Removes it, with the programs that run in its nodes; does nothing when it is gone.</summary>
    /// <exception cref="Net.NetException">A privilege is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The rights to its files are missing.</exception>
    public void Remove()
    {
        if (LabRegistry.Abandoned().Any(found => found.Prefix == Prefix))
        {
            var left = LabRegistry.NamespacesOf(Prefix).Select(NetworkNamespace.Open).ToArray();
            NamespaceLabWorld.EndPrograms(left);
            Array.ForEach(left, each => each.Dispose());
            LabRegistry.Remove(Prefix);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} of process {ProcessId}";

    private static LabLeftover Of(string prefix)
    {
        var parts = prefix[LabRegistry.NamePrefix.Length..].Split('.');
        return new LabLeftover(parts[1], int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), LabRegistry.NamespacesOf(prefix).ToArray()) { Prefix = prefix };
    }
}
