using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Packets.Sending;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Packets;

/// <summary>The base of the cmdlets that send packets and collect answers.</summary>
public abstract class SendCmdlet : EnvelopeCmdlet
{
    private PacketSender? sender;
    private int number;

    /// <summary>How long to collect answers.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan WaitFor { get; set; }

    /// <summary>After how many answers to go on.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = int.MaxValue;

    /// <summary>The interface that raw packets leave by.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string? Interface { get; set; }

    /// <summary>Writes each packet as it was sent to the pipeline, before its answers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (WaitFor < TimeSpan.Zero && WaitFor != Timeout.InfiniteTimeSpan)
        {
            ThrowInvalid($"-WaitFor is how long to collect answers; {WaitFor} is less than nothing.", WaitFor);
        }

        if (WaitFor == TimeSpan.Zero && Count != int.MaxValue)
        {
            ThrowInvalid("-Count says after how many answers to go on: it needs -WaitFor, which says how long to wait for them.", Count);
        }

        sender = new PacketSender(Interface);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            sender?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Sends one input; an error is its own, and the next input has its turn.</summary>
    /// <param name="input">The input.</param>
    /// <param name="what">What it is, for -WhatIf.</param>
    /// <param name="send">Sends it.</param>
    private protected void Send(object input, string what, Func<PacketSender, SentPacket> send)
    {
        if (!ShouldProcess(Destination is { } to ? $"{what} to {(to.Port == 0 ? to.Address : to)}" : what, "Send"))
        {
            return;
        }

        Try(input, () =>
        {
            var sent = send(sender!);
            if (PassThru)
            {
                Write(sent.Packet);
            }

            if (WaitFor != TimeSpan.Zero)
            {
                foreach (var answer in Await(token => sent.AnswersAsync(WaitFor, Count, token)))
                {
                    Write(answer);
                }
            }
        });
    }

    /// <summary>What was sent and what came is a line each: a tree is one Format-Custom away.</summary>
    private void Write(DsmipPacket packet) => WriteObject(PacketView.AsTable(packet with { Number = ++number }));

    private void ThrowInvalid(string message, object value) =>
        ThrowTerminatingError(ErrorRecords.Create(message, ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, value));
}
