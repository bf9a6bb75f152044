using System.Globalization;
using System.Management.Automation;
using DsmipTools.Labs;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>One expectation of a procedure: what is not as expected is noted, and the procedure goes on.</summary>
[Cmdlet(VerbsLifecycle.Assert, "DsmipExpectation")]
[Alias("Expect")]
public sealed class ExpectCommand : ProcedureStepCmdlet
{
    // A wait asks at most this often, so that a long one does not cost more than a short one.
    private const int MaximumLooks = 200;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>What is expected; a script block is a condition on $_.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Expected { get; set; }

    /// <summary>Finds out how it is.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    public ScriptBlock Actual { get; set; } = null!;

    /// <summary>How long it may take to become so; text, because PowerShell reads a bare 2s as the number 2.</summary>
    [Parameter]
    public string? Within { get; set; }

    private protected override void Perform(Lab lab)
    {
        var limit = Within is null ? TimeSpan.Zero : DurationOf(Within, nameof(Within));
        var expected = Expected is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : Expected;
        var shown = expected is ScriptBlock condition ? condition.ToString().Trim() : expected;
        var at = lab.Elapsed;
        var pause = limit / MaximumLooks > ShortestPause ? limit / MaximumLooks : ShortestPause;
        while (true)
        {
            object? actual;
            bool isMet;
            try
            {
                actual = Invoke(Actual);
                isMet = IsMet(expected, actual);
                actual = Comparison.Compared(expected, actual);
            }
            catch (PipelineStoppedException)
            {
                throw;
            }
            catch (RuntimeException exception)
            {
                // What cannot be found out is not as expected, but it may yet become so.
                actual = ErrorText.Of(exception);
                isMet = false;
            }

            var left = limit - (lab.Elapsed - at);
            if (isMet || left <= TimeSpan.Zero)
            {
                Run.Note(Name, isMet ? StepOutcome.Passed : StepOutcome.Failed, at, shown, actual);
                if (!isMet)
                {
                    WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{Name}: expected {ValueText.Of(shown)}, found {ValueText.Of(actual)}."));
                }

                return;
            }

            Pass(lab, left < pause ? left : pause);
        }
    }

    private static bool IsMet(object? expected, object? actual) => expected is ScriptBlock condition
        ? LanguagePrimitives.IsTrue(ProcedureRun.Collapse(condition.InvokeWithContext(null, [new PSVariable("_", actual)])))
        : Comparison.AreEqual(expected, actual);
}
