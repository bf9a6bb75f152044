using System.Management.Automation;
using DsmipTools.Labs;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>The run of a procedure, as its steps see it.</summary>
/// <param name="lab">The lab.</param>
/// <param name="module">The module, in whose session state procedures run.</param>
internal sealed class ProcedureRun(Lab lab, PSModuleInfo module)
{
    [ThreadStatic]
    private static ProcedureRun? current;

    /// <summary>The run on this pipeline thread; null outside a procedure.</summary>
    public static ProcedureRun? Current => current;

    public Lab Lab => lab;

    public PSModuleInfo Module => module;

    /// <summary>Makes this run the one on this thread until the result is disposed; a procedure may run another.</summary>
    public IDisposable Enter()
    {
        var before = current;
        current = this;
        return new Leaver(before);
    }

    /// <summary>Notes a step that has ended.</summary>
    public void Note(string name, StepOutcome outcome, TimeSpan at, object? expected, object? actual) => lab.Add(new ProcedureStep
    {
        Name = name,
        Outcome = outcome,
        Expected = expected,
        Actual = actual,
        At = at,
        Duration = lab.Elapsed - at,
    });

    /// <summary>What a script block gave, as one object: nothing, the one object, or an array.</summary>
    public static object? Collapse(IReadOnlyList<PSObject?> output) => output.Count switch
    {
        0 => null,
        1 => Unwrap(output[0]),
        _ => output.Select(Unwrap).ToArray(),
    };

    private static object? Unwrap(PSObject? value) => value is null or { BaseObject: PSCustomObject } ? value : value.BaseObject;

    private sealed class Leaver(ProcedureRun? before) : IDisposable
    {
        public void Dispose() => current = before;
    }
}
