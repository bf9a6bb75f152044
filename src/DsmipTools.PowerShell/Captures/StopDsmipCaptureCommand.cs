using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Captures;

/// <summary>Stops captures: their files are complete then.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DsmipCapture", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedCapture))]
public sealed class StopDsmipCaptureCommand : CaptureSelectionCmdlet
{
    /// <summary>The names of the captures.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(CaptureNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The captures.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public HostedCapture[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var capture in ParameterSetName == ByObject ? InputObject : Find(Name))
        {
            if (ShouldProcess($"{capture.Name} on {capture.Interface}, {capture.Received} frames", "Stop capture")
                && Try(capture, () => Await(async token =>
                {
                    await Agents.Captures.StopAsync(capture).WaitAsync(token);
                    return true;
                })))
            {
                WriteObject(capture);
                if (capture.Failure is { } failure)
                {
                    WriteError(ErrorRecords.From(failure, capture));
                }
            }
        }
    }
}
