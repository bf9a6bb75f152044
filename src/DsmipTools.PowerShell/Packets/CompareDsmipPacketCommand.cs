using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Shows field by field what differs between packets or messages.</summary>
[Cmdlet(VerbsData.Compare, "DsmipPacket")]
[OutputType(typeof(PacketDifference))]
public sealed class CompareDsmipPacketCommand : DsmipCmdlet
{
    private readonly PacketInput input = new();
    private object? reference;

    /// <summary>The packet or message that is taken for right, or its octets.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public PSObject ReferenceObject { get; set; } = new();

    /// <summary>The packets or messages that are compared with it, or their octets.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject DifferenceObject { get; set; } = new();

    /// <summary>Gives the equal fields too.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            var taking = new PacketInput();
            reference = taking.Take(ReferenceObject.BaseObject).Concat(taking.Rest()).Single();
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception, ReferenceObject.BaseObject));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Try(DifferenceObject.BaseObject, () => Compare(input.Take(DifferenceObject.BaseObject)));

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(null, () => Compare(input.Rest()));

    private void Compare(IEnumerable<object> others)
    {
        foreach (var other in others)
        {
            WriteObject(
                (reference, other) switch
                {
                    (DsmipPacket one, DsmipPacket packet) => PacketComparison.Compare(one, packet, IncludeEqual),
                    (DsmipPacket one, Structure message) => PacketComparison.Compare(one, message, IncludeEqual),
                    (Structure one, DsmipPacket packet) => PacketComparison.Compare(one, packet, IncludeEqual),
                    _ => PacketComparison.Compare((Structure)reference!, (Structure)other, IncludeEqual),
                },
                enumerateCollection: true);
        }
    }
}
