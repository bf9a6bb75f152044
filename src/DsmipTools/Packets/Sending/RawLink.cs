using System.Diagnostics.CodeAnalysis;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Packets.Sending;

/// <summary>Raw and packet sockets: packets leave with the headers that they have.</summary>
internal sealed class RawLink(RawPacketTransport transport, string? interfaceName) : PacketLink
{
    private static readonly PacketDecoder decoder = new();

    private readonly CaptureInterface origin = new() { Name = interfaceName ?? "", LinkType = transport.LinkType == LinkType.Ethernet ? LinkType.Ethernet : LinkType.Raw };
    private readonly byte[] buffer = new byte[RawPacketTransport.MaximumPacket];
    private AnswerFilter? filter;
    private Octets ourAddress;

    private bool IsEthernet => transport.LinkType == LinkType.Ethernet;

    public DsmipPacket Send(DsmipPacket packet)
    {
        var octets = packet.Octets.Span;
        filter = new AnswerFilter(IsEthernet ? AnswerFilter.PacketIn(octets) : octets);
        ourAddress = IsEthernet && octets.Length >= 12 ? Octets.Create(octets.Slice(EthernetHeader.Fields.Source.Offset, 6)) : default;
        if (filter.IsUsable && !IsEthernet)
        {
            transport.ListenFor(filter.Destination.IsMulticast ? (Address?)null : filter.Source);
            transport.KeepQuiet(filter.Protocol, new Endpoint(filter.Source, filter.SourcePort));
        }

        Drain();
        transport.Send(octets);
        return packet with { Time = DateTimeOffset.UtcNow };
    }

    public override void Wait(TimeSpan timeout) => transport.Wait(timeout);

    public override bool TryReceive([NotNullWhen(true)] out DsmipPacket? answer)
    {
        while (transport.TryReceive(buffer, out var length))
        {
            ReadOnlySpan<byte> octets = buffer.AsSpan(0, length);
            if (IsAnswer(octets))
            {
                answer = DsmipPacket.From(
                    new CapturedFrame { Number = 1, Time = DateTimeOffset.UtcNow, Interface = origin, Octets = Octets.Create(octets), OriginalLength = length }, decoder);
                return true;
            }
        }

        answer = null;
        return false;
    }

    public override void Wake() => transport.Wake();

    public override void Dispose() => transport.Dispose();

    private bool IsAnswer(ReadOnlySpan<byte> octets)
    {
        if (!IsEthernet)
        {
            return filter!.Matches(octets);
        }

        // What carries no IP is answered by what is addressed to the sender.
        return filter!.IsUsable
            ? filter.Matches(AnswerFilter.PacketIn(octets))
            : octets.Length >= 12 && octets.Slice(EthernetHeader.Fields.Destination.Offset, 6).SequenceEqual(ourAddress.Span);
    }
}
