using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Arguments;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Lets the time of a lab pass.</summary>
[Cmdlet(VerbsCommon.Step, "DsmipLab", SupportsShouldProcess = true)]
[OutputType(typeof(Lab))]
public sealed class StepDsmipLabCommand : LabCmdlet
{
    /// <summary>How much time passes.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is { } lab && ShouldProcess($"{lab.Name}, {lab.World}", $"Let {Duration} pass")
            && Try(lab, () => Await(async cancellation =>
            {
                await lab.WaitAsync(Duration, cancellation).ConfigureAwait(false);
                return true;
            })))
        {
            WriteObject(lab);
        }
    }
}
