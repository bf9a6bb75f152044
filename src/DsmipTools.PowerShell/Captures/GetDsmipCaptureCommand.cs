using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Captures;

/// <summary>Gets the captures of the session, or takes packets from them.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipCapture", DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedCapture), typeof(DsmipPacket))]
public sealed class GetDsmipCaptureCommand : CaptureSelectionCmdlet
{
    /// <summary>The names of the captures.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(CaptureNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The captures.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public HostedCapture[] InputObject { get; set; } = [];

    /// <summary>Takes packets.</summary>
    [Parameter]
    public SwitchParameter Packet { get; set; }

    /// <summary>Waits for packets until the capture ends.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait for packets.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan WaitFor { get; set; }

    /// <summary>After how many packets to stop.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = int.MaxValue;

    private TimeSpan Patience => Wait ? Timeout.InfiniteTimeSpan : WaitFor;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!Packet && (Wait || WaitFor != TimeSpan.Zero || Count != int.MaxValue))
        {
            ThrowInvalid("-Wait, -WaitFor and -Count say which packets to take: they need -Packet.");
        }

        if (Wait && MyInvocation.BoundParameters.ContainsKey(nameof(WaitFor)))
        {
            ThrowInvalid("-Wait waits until the capture ends, and -WaitFor for a time: give one of them.");
        }

        if (WaitFor < TimeSpan.Zero && WaitFor != Timeout.InfiniteTimeSpan)
        {
            ThrowInvalid($"-WaitFor is how long to wait; {WaitFor} is less than nothing.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var selected = ParameterSetName == ByName ? Find(Name)
            : MyInvocation.ExpectingInput || InputObject.Length > 0 ? InputObject
            : Agents.Captures.List();
        foreach (var capture in selected)
        {
            if (!Packet)
            {
                WriteObject(capture);
                continue;
            }

            Try(capture, () =>
            {
                foreach (var packet in Await(token => capture.TakeAsync(Patience, Count, token)))
                {
                    WriteObject(packet);
                }
            });
        }
    }

    private void ThrowInvalid(string message) =>
        ThrowTerminatingError(ErrorRecords.Create(message, ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, null));
}
