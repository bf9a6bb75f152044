using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>The base of the cmdlets that send messages of one kind.</summary>
public abstract class SendMessageCmdlet : SendCmdlet
{
    /// <summary>Where the packet goes to.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [EndpointArgument]
    public override Endpoint? Destination { get; set; }

    private protected void Send(MobilityMessage message) =>
        Send(message, PacketText.Summary(message), sender => sender.Send(BareMessage.From(message), Envelope));
}
