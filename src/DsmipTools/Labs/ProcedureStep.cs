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

    /// <inheritdoc/>
    public override string ToString()
    {
        var actual = ValueText.Of(Actual);
        var found = Expected is null ? actual : Outcome == StepOutcome.Passed ? actual : $"expected {ValueText.Of(Expected)}, found {actual}";
        return found.Length == 0 ? $"{Outcome}: {Name}" : $"{Outcome}: {Name}: {found}";
    }
}
