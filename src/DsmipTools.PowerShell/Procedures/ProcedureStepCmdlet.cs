using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>The base of the cmdlets that are known inside procedures alone: the module has them and does not export them.</summary>
public abstract class ProcedureStepCmdlet : DsmipCmdlet
{
    /// <summary>What the step is about.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The worlds that can carry the step; all when left out.</summary>
    [Parameter]
    public World[] World { get; set; } = [];

    /// <summary>How much time passes before; text, because PowerShell reads a bare 2s as the number 2.</summary>
    [Parameter]
    public string? After { get; set; }

    private protected ProcedureRun Run { get; private set; } = null!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ProcedureRun.Current is not { } run)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                "Steps and expectations belong into a procedure; Invoke-DsmipProcedure runs one.",
                ErrorIds.NotInProcedure, ErrorCategory.InvalidOperation, Name));
            return;
        }

        Run = run;
        WriteProgress(new ProgressRecord(InvokeDsmipProcedureCommand.ActivityId, $"{run.Lab.Name} ({run.Lab.World})", Name));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var lab = Run.Lab;
        if (World.Length > 0 && !World.Contains(lab.World))
        {
            Run.Note(Name, StepOutcome.Skipped, lab.Elapsed, null, $"Needs the world {string.Join(" or ", World)}; this one is {lab.World}.");
            return;
        }

        if (After is not null)
        {
            Pass(lab, DurationOf(After, nameof(After)));
        }

        Perform(lab);
    }

    private protected abstract void Perform(Lab lab);

    private protected static TimeSpan DurationOf(string text, string parameter)
    {
        var duration = (TimeSpan)new DurationArgumentAttribute().Transform(null!, text)!;
        return duration >= TimeSpan.Zero ? duration : throw new ArgumentTransformationMetadataException($"-{parameter}: '{text}' is no limit.");
    }

    /// <summary>Lets time pass; Ctrl+C ends it.</summary>
    private protected void Pass(Lab lab, TimeSpan duration) => Await(async cancellation =>
    {
        await lab.WaitAsync(duration, cancellation).ConfigureAwait(false);
        return true;
    });

    /// <summary>Runs a block in the scope of the procedure, so that the variables that it sets are there for the steps after it.</summary>
    private protected object? Invoke(ScriptBlock block) => ProcedureRun.Collapse(InvokeCommand.InvokeScript(false, block, null));
}
