using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Packets;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>A host of its own for one experiment: agents, nodes, links with faults, captures, and the steps that were taken.</summary>
public sealed partial class Lab : IAsyncDisposable
{
    private readonly List<ProcedureStep> steps = [];
    private readonly List<string> captures = [];
    private readonly PacketCapture capture;
    private readonly Instant begun;

    /// <summary>Opens a lab.</summary>
    /// <param name="name">The name of the experiment; the capture is named after it.</param>
    /// <param name="world">Where its agents run.</param>
    /// <param name="seed">The seed of a simulated world.</param>
    /// <param name="outputPath">
    /// The folder for the capture, or for one of each link between namespaces; made when it does not exist; null writes none.
    /// </param>
    /// <exception cref="IOException">The capture cannot be written.</exception>
    /// <exception cref="ArgumentException">The name does not fit a lab of namespaces, or this process has one of this name.</exception>
    /// <exception cref="Net.NetException">Namespaces cannot be made: a privilege is missing, or the system is not Linux.</exception>
    public Lab(string name, World world = World.Simulated, ulong seed = 1, string? outputPath = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (world == World.Namespace)
        {
            ThrowUnlessName(name);
        }

        Name = name;
        World = world;
        Seed = seed;
        // First what may be refused.
        links = world == World.Namespace ? new NamespaceLabWorld(name, seed) : null;
        Host = new DsmipHost(world, seed) { Lab = this };
        links ??= Host.Simulation is { } simulation ? new SimulatedLabWorld(simulation) : null;
        begun = Host.Runtime.Now;
        CaptureFolder = outputPath is null ? null : Path.GetFullPath(outputPath);
        if (CaptureFolder is null || world == World.Namespace)
        {
            capture = new PacketCapture(new MemoryStream());
        }
        else
        {
            Directory.CreateDirectory(CaptureFolder);
            var path = Path.Combine(CaptureFolder, $"{name}.pcapng");
            capture = new PacketCapture(path);
            captures.Add(path);
        }

        Host.Runtime.Capture = capture;
    }

    /// <summary>The name of the experiment.</summary>
    public string Name { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The agents.</summary>
    public DsmipHost Host { get; }

    /// <summary>Where the agents run.</summary>
    public World World { get; }

    /// <summary>The folder for captures; null when there are none.</summary>
    public string? CaptureFolder { get; }

    /// <summary>The time of the world since the lab began.</summary>
    public TimeSpan Elapsed => Host.Runtime.Now.Elapsed - begun.Elapsed;

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

    /// <summary>The Binding Revocation Indications and Acknowledgements among <see cref="Sent"/>.</summary>
    public LabMessage[] Revocations => Sent(MessageKind.BindingRevocationIndication, MessageKind.BindingRevocationAcknowledgement);

    private SimulatedWorld Simulation =>
        Host.Simulation ?? throw new NotSupportedException($"Links with faults exist in the simulated world alone, not in {World}.");

    /// <summary>The messages that were sent so far, in order: also those that a link lost, and each copy of one that was sent again.</summary>
    /// <param name="kinds">The kinds of messages; all when none is named.</param>
    public LabMessage[] Sent(params MessageKind[] kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var decoder = new PacketDecoder();
        var names = Host.Agents.GroupBy(agent => agent.Address).ToDictionary(group => group.Key, group => group.First().Name);
        return
        [
            .. capture.Read()
                .Select(frame => LabMessage.Of(DsmipPacket.From(frame, decoder), begun.WallClock, names))
                .Where(message => kinds.Length == 0 || kinds.Contains(message.Kind)),
        ];
    }

    /// <summary>Loses the next packets that carry a message, whatever their link would do with them.</summary>
    /// <param name="kind">The message.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="from">The agent that sends them; null for any.</param>
    /// <exception cref="NotSupportedException">The world is not simulated.</exception>
    /// <exception cref="ArgumentException">There is no such agent.</exception>
    public void Lose(MessageKind kind, int count = 1, string? from = null) =>
        Simulation.Add(new PacketFault { Kind = kind, Count = count, From = AddressOf(from) });

    /// <summary>Holds the next packets that carry a message back, so that later ones overtake them.</summary>
    /// <param name="kind">The message.</param>
    /// <param name="duration">How much longer they take than their link would.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="from">The agent that sends them; null for any.</param>
    /// <exception cref="NotSupportedException">The world is not simulated.</exception>
    /// <exception cref="ArgumentException">There is no such agent.</exception>
    public void Delay(MessageKind kind, TimeSpan duration, int count = 1, string? from = null) =>
        Simulation.Add(new PacketFault { Kind = kind, Count = count, From = AddressOf(from), Delay = duration });

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
    public override string ToString() => Name;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().ConfigureAwait(false);
        DisposeTopology();
        capture.Dispose();
    }

    // PowerShell gives an empty text where a script leaves a parameter of this type out.
    private Address? AddressOf(string? name) => string.IsNullOrEmpty(name)
        ? (Address?)null
        : Host.Find(name)?.Address ?? throw new ArgumentException($"There is no agent with the name {name}.");
}
