namespace DsmipTools.Labs;

/// <summary>One step or expectation of a procedure.</summary>
public sealed record ProcedureStep
{
    /// <summary>What the step is about.</summary>
    public required string Name { get; init; }

    /// <summary>How it ended.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>What was expected; null for a step without an expectation.</summary>
    public object? Expected { get; init; }

    /// <summary>What was found instead, the error, or the reason why it was skipped.</summary>
    public object? Actual { get; init; }

    /// <summary>When it began, in the time of the world since the lab began.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>How long it took, in the time of the world.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What was found, as one line; with what was expected where that differs.</summary>
    public string Found => Outcome == StepOutcome.Failed && Expected is not null
        ? $"expected {ValueText.Of(Expected)}, found {ValueText.Of(Actual)}"
        : ValueText.Of(Actual);

    /// <inheritdoc/>
    public override string ToString() => Found is { Length: > 0 } found ? $"{Outcome}: {Name}: {found}" : $"{Outcome}: {Name}";
}
