using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Sends Binding Updates and Binding Acknowledgements, of proxies too, as they are, and collects answers.</summary>
[Cmdlet(VerbsCommunications.Send, "DsmipBindingUpdate", SupportsShouldProcess = true)]
[OutputType(typeof(DsmipPacket))]
public sealed class SendDsmipBindingUpdateCommand : SendMessageCmdlet
{
    /// <summary>The message.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Message")]
    public MobilityMessage InputObject { get; set; } = new BindingUpdate();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is BindingUpdate or BindingAcknowledgement)
        {
            Send(InputObject);
        }
        else
        {
            WriteError(
                $"A {InputObject.Table.Name} is no Binding Update and no Binding Acknowledgement. Send-DsmipPacket sends every message.",
                ErrorIds.InvalidArgument, ErrorCategory.InvalidType, InputObject);
        }
    }
}
