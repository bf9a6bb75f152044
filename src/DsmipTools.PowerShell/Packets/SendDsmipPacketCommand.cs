using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Sends packets as they are, and messages in the envelope asked for, and collects answers.</summary>
[Cmdlet(VerbsCommunications.Send, "DsmipPacket", SupportsShouldProcess = true)]
[OutputType(typeof(DsmipPacket))]
public sealed class SendDsmipPacketCommand : SendCmdlet
{
    private readonly List<byte> stream = [];

    /// <summary>A packet, a message, or octets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    /// <summary>Where the packet goes to.</summary>
    [Parameter(Position = 1)]
    [EndpointArgument]
    public override Endpoint? Destination { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // An array comes through the pipeline octet by octet; it is one packet.
        if (InputObject.BaseObject is byte octet)
        {
            stream.Add(octet);
            return;
        }

        Flush();
        Send(InputObject.BaseObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Flush();

    private void Flush()
    {
        if (stream.Count > 0)
        {
            Send(stream.ToArray());
            stream.Clear();
        }
    }

    private void Send(object input)
    {
        if (Envelope.IsEmpty && PacketOf(input) is { } packet)
        {
            Send(input, $"{packet} from {packet.Source?.Address} to {packet.Destination?.Address}", sender => sender.Send(packet));
        }
        else if (Try(input, () => MessageOf(input), out var message))
        {
            SendMessage(input, message);
        }
    }

    private void SendMessage(object input, BareMessage? message)
    {
        if (message is null)
        {
            WriteError(
                $"A {input.GetType().Name} is no packet, no message and no octets.", ErrorIds.InvalidArgument, ErrorCategory.InvalidType, input);
        }
        else if (Destination is null)
        {
            WriteError(
                "A message without an IP header has to be told where it goes to: -Destination.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, input);
        }
        else
        {
            Send(input, input is Structure structure ? PacketText.Summary(structure) : $"{message.Octets.Length} octets", sender => sender.Send(message, Envelope));
        }
    }

    /// <summary>What is a packet already; null for a message.</summary>
    private static DsmipPacket? PacketOf(object input) => input switch
    {
        DsmipPacket { Form: PacketForm.Packet } given => given,
        DsmipPacket or Structure => null,
        _ => OctetsArgumentAttribute.Of(input) is { } octets && DsmipPacket.From(Octets.Create(octets), new PacketDecoder()) is { Form: PacketForm.Packet } packet
            ? packet
            : null,
    };
}
