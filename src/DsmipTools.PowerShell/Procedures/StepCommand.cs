using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>One step of a procedure: it passes unless an error ends it, and what it gives is kept with it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DsmipStep")]
[Alias("Step")]
public sealed class StepCommand : ProcedureStepCmdlet
{
    /// <summary>What to do.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public ScriptBlock Action { get; set; } = null!;

    private protected override void Perform(Lab lab)
    {
        var at = lab.Elapsed;
        try
        {
            var given = Invoke(Action);
            Run.Note(Name, StepOutcome.Passed, at, null, given);
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException exception)
        {
            Run.Note(Name, StepOutcome.Failed, at, null, ErrorText.Of(exception));
            ThrowTerminatingError(new ErrorRecord(
                new ProcedureStoppedException($"The step '{Name}' failed: {ErrorText.Of(exception)}", exception),
                ErrorIds.StepFailed, ErrorCategory.OperationStopped, Name));
        }
    }
}
