namespace DsmipTools.Labs;

/// <summary>How a step or a procedure ended.</summary>
public enum StepOutcome
{
    /// <summary>Everything was as expected.</summary>
    Passed,

    /// <summary>Something was not as expected, or an error ended it.</summary>
    Failed,

    /// <summary>The world cannot carry it; never a pass.</summary>
    Skipped,
}
