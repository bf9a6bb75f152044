using System.Diagnostics.CodeAnalysis;
using DsmipTools.Net;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Packets.Sending;

/// <summary>An ordinary UDP socket: it needs no privilege. Its datagrams are shown as the packets that they travel in.</summary>
internal sealed class UdpLink : PacketLink
{
    private static readonly int headers = PacketFrame.Overhead(new Envelope(Transport.MobileIPv4Udp, default, default));

    private readonly UdpTransport transport;
    private readonly Queue<UdpFault> faults = new();
    private readonly byte[] buffer = new byte[UdpTransport.MaximumDatagram];
    private PacketDecoder decoder = new();
    private Endpoint destination;

    public UdpLink(Endpoint source)
    {
        transport = UdpTransport.Open(source);
        transport.Fault = fault =>
        {
            faults.Enqueue(fault);
            transport.Wake();
        };
    }

    public DsmipPacket Send(BareMessage message, Envelope envelope)
    {
        var bound = envelope with { Source = transport.Local };
        var packet = message.Enclose(bound) with { Time = DateTimeOffset.UtcNow };
        Drain();
        decoder = new PacketDecoder(BareMessage.PortsOf(bound));
        destination = bound.Destination;
        return transport.Send(destination, packet.Octets.Span[headers..]) || !faults.TryDequeue(out var fault) ? packet : throw fault.ToException(destination);
    }

    public override void Wait(TimeSpan timeout) => transport.Wait(timeout);

    public override bool TryReceive([NotNullWhen(true)] out DsmipPacket? answer)
    {
        answer = null;
        while (answer is null && transport.TryReceive(buffer, out var length, out var source))
        {
            if (source == transport.Local)
            {
                continue; // What was sent to this socket itself.
            }

            var octets = new byte[headers + length];
            PacketFrame.Write(new Envelope(Transport.MobileIPv4Udp, source, transport.Local), buffer.AsSpan(0, length), octets);
            answer = DsmipPacket.From(Octets.Create(octets), decoder, PacketForm.Packet) with { Time = DateTimeOffset.UtcNow };
        }

        return answer is not null || (faults.TryDequeue(out var fault) ? throw fault.ToException(destination) : false);
    }

    public override void Wake() => transport.Wake();

    public override void Dispose() => transport.Dispose();
}
