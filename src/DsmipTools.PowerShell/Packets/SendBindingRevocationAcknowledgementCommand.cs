using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Sends Binding Revocation Acknowledgements as they are, and collects answers.</summary>
[Cmdlet(VerbsCommunications.Send, "BindingRevocationAcknowledgement", SupportsShouldProcess = true)]
[OutputType(typeof(DsmipPacket))]
public sealed class SendBindingRevocationAcknowledgementCommand : SendMessageCmdlet
{
    /// <summary>The message.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Message")]
    public BindingRevocationAcknowledgement InputObject { get; set; } = new();

    /// <inheritdoc/>
    protected override void ProcessRecord() => Send(InputObject);
}
