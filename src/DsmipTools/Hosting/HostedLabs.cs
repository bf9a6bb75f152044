using DsmipTools.Labs;

namespace DsmipTools.Hosting;

/// <summary>The labs of a host, each with a world of its own. They end with the host. Safe for use by several threads.</summary>
public sealed class HostedLabs
{
    private readonly Lock gate = new();
    private readonly List<Lab> labs = [];

    private readonly Action<Lab> ending;

    internal HostedLabs(Action<Lab> ending) => this.ending = ending;

    /// <summary>The labs, in the order in which they were added.</summary>
    public IReadOnlyList<Lab> List()
    {
        lock (gate)
        {
            // An array: PowerShell indexes no other list that only says that it is read-only.
            return labs.ToArray();
        }
    }

    /// <summary>The lab with a name, without regard to case; null when there is none.</summary>
    public Lab? Find(string name)
    {
        lock (gate)
        {
            return labs.Find(lab => string.Equals(lab.Name, name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Opens a lab.</summary>
    /// <param name="name">The name, unique in the host without regard to case.</param>
    /// <param name="world">Where it is.</param>
    /// <param name="seed">What its random numbers come from.</param>
    /// <param name="outputPath">The folder for captures; null writes none.</param>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    /// <exception cref="Net.NetException">Namespaces cannot be made: a privilege is missing, or the system is not Linux.</exception>
    /// <exception cref="IOException">The capture cannot be written.</exception>
    public Lab Add(string name, World world = World.Simulated, ulong seed = 1, string? outputPath = null)
    {
        lock (gate)
        {
            if (Find(name) is { } taken)
            {
                throw new ArgumentException($"There is a lab with the name {taken.Name} already.");
            }

            var lab = new Lab(name, world, seed, outputPath);
            labs.Add(lab);
            return lab;
        }
    }

    /// <summary>Ends a lab: its agents, nodes, links and captures are gone. Does nothing when it is gone.</summary>
    public async Task RemoveAsync(Lab lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        lock (gate)
        {
            labs.Remove(lab);
        }

        ending(lab);
        await lab.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task RemoveAllAsync()
    {
        foreach (var lab in List().Reverse())
        {
            await RemoveAsync(lab).ConfigureAwait(false);
        }
    }
}
