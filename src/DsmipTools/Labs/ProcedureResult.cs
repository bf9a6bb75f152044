namespace DsmipTools.Labs;

/// <summary>What came of a procedure.</summary>
public sealed record ProcedureResult
{
    /// <summary>The name of the procedure.</summary>
    public required string Name { get; init; }

    /// <summary>The world that it ran in.</summary>
    public required World World { get; init; }

    /// <summary>The seed; it reproduces a simulated run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Failed when a step failed; skipped when every step was; passed otherwise.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<ProcedureStep> Steps { get; init; }

    /// <summary>The pcapng files that were written.</summary>
    public required IReadOnlyList<string> Captures { get; init; }

    /// <summary>How long it took, in the time of the world.</summary>
    public required TimeSpan Duration { get; init; }
}
