namespace DsmipTools.Labs;

/// <summary>What a program inside a node has done.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="ExitCode">Its exit code; 128 and the number of the signal that ended it.</param>
/// <param name="StandardOutput">The lines that it printed.</param>
/// <param name="StandardError">The lines that it complained in.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="TimedOut">True when it was ended because its time was over.</param>
public sealed record LabCommandResult(
    string Node,
    string Command,
    int ExitCode,
    IReadOnlyList<string> StandardOutput,
    IReadOnlyList<string> StandardError,
    TimeSpan Duration,
    bool TimedOut);
