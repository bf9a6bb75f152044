using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>A host of its own for one experiment: agents, links with faults, a capture, and the steps that were taken.</summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly List<ProcedureStep> steps = [];
    private readonly List<string> captures = [];
    private readonly IDisposable? capture;
    private readonly TimeSpan begun;

    /// <summary>Opens a lab.</summary>
    /// <param name="name">The name of the experiment; the capture is named after it.</param>
    /// <param name="world">Where its agents run.</param>
    /// <param name="seed">The seed of a simulated world.</param>
    /// <param name="outputPath">The folder for the capture, made when it does not exist; null writes none.</param>
    /// <exception cref="IOException">The capture cannot be written.</exception>
    public Lab(string name, World world = World.Simulated, ulong seed = 1, string? outputPath = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Seed = seed;
        Host = new DsmipHost(world, seed);
        begun = Host.Runtime.Now.Elapsed;
        if (outputPath is not null)
        {
            Directory.CreateDirectory(outputPath);
            var path = Path.GetFullPath(Path.Combine(outputPath, $"{name}.pcapng"));
            capture = Host.CaptureTo(path);
            captures.Add(path);
        }
    }

    /// <summary>The name of the experiment.</summary>
    public string Name { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The agents.</summary>
    public DsmipHost Host { get; }

    /// <summary>Where the agents run.</summary>
    public World World => Host.World;

    /// <summary>The time of the world since the lab began.</summary>
    public TimeSpan Elapsed => Host.Runtime.Now.Elapsed - begun;

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<ProcedureStep> Steps => steps.ToArray();

    /// <summary>
    /// The link between all nodes of a simulated lab; setting it in another world is refused, because real links have no such faults.
    /// </summary>
    /// <exception cref="NotSupportedException">The world is not simulated.</exception>
    public Link Link
    {
        get => Simulation.DefaultLink;
        set => Simulation.DefaultLink = value;
    }

    private SimulatedWorld Simulation =>
        Host.Simulation ?? throw new NotSupportedException($"Links with faults exist in the simulated world alone, not in {World}.");

    /// <summary>Lets time pass: virtual time in a simulated lab, real time otherwise.</summary>
    public Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken = default) => Host.Runtime.Delay(duration, cancellationToken);

    /// <summary>Notes a step.</summary>
    public void Add(ProcedureStep step) => steps.Add(step);

    /// <summary>The result so far.</summary>
    public ProcedureResult Result() => new()
    {
        Name = Name,
        World = World,
        Seed = Seed,
        Outcome = steps.Exists(step => step.Outcome == StepOutcome.Failed) ? StepOutcome.Failed
            : steps.Exists(step => step.Outcome == StepOutcome.Passed) ? StepOutcome.Passed
            : StepOutcome.Skipped,
        // Arrays, and not what the compiler makes for a read-only list: that one has no indexer that PowerShell sees.
        Steps = steps.ToArray(),
        Captures = captures.ToArray(),
        Duration = Elapsed,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().ConfigureAwait(false);
        capture?.Dispose();
    }
}
