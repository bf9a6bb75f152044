using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>NAT traversal (RFC 3519): when packets run in UDP, and the keepalives of who is behind a NAT.</content>
public sealed partial class HomeAgent
{
    /// <inheritdoc/>
    public override bool ExpectsTunnelData => bindings.HalfBound > 0;

    /// <summary>Answers the echo requests by which mobile nodes keep the mappings of NATs alive, and know that they do (RFC 3519, 4.9).</summary>
    public override void ReceiveFromTunnel(Tunnel tunnel, ReadOnlySpan<byte> packet, Instant now)
    {
        if (IpPacketView.TryParse(packet, out var view, out _) && IsKeepalive(view))
        {
            AnswerEcho(view);
        }
    }

    /// <summary>How packets run to a mobile node, and whether in UDP (RFC 3519, 4.6); or why the request is refused (4.6.1).</summary>
    private RegistrationCode? JudgeUdpTunnel(
        RegistrationRequestView request,
        in RequestExtensions extensions,
        bool isRelayAuthentic,
        in Envelope envelope,
        out UdpTunneling udpTunneling,
        out TunnelEnds ends,
        out string? why)
    {
        udpTunneling = UdpTunneling.None;
        ends = new TunnelEnds(TrafficModes.EncapsulationOf(request.GreEncapsulation, request.MinimalEncapsulation), options.Address, request.CareOfAddress);
        why = null;
        // A foreign agent that shares a key has to have put its request under it.
        var ofAgent = associations.Find(Security.SecurityAssociationKind.ForeignHome, envelope.Source.Address).Count == 0 || isRelayAuthentic ? extensions.AgentsUdpTunnel : null;
        if ((extensions.NodesUdpTunnel ?? ofAgent) is not { } asked)
        {
            return null;
        }

        if (request.DecapsulationByMobileNode == extensions.NodesUdpTunnel is null)
        {
            why = "the UDP tunnel request is not of who decapsulates";
            return RegistrationCode.PoorlyFormedRequest;
        }

        var isBehindNat = envelope.Source.Address != request.CareOfAddress;
        if (!isBehindNat && !asked.IsForced)
        {
            udpTunneling = UdpTunneling.Declined;
            return null;
        }

        if (!options.AllowNatTraversal || (!isBehindNat && !options.AllowForcedUdpTunneling))
        {
            why = "NAT traversal is not allowed";
            return RegistrationCode.AdministrativelyProhibited;
        }

        var isPlain = asked.Encapsulation == IpProtocol.IPv4 || (asked.Encapsulation == default && !request.GreEncapsulation && !request.MinimalEncapsulation);
        if (!isPlain)
        {
            why = "in UDP there is IP alone";
            return RegistrationCode.RequestedUdpTunnelEncapsulationUnavailable;
        }

        udpTunneling = isBehindNat ? UdpTunneling.NatDetected : UdpTunneling.Forced;
        ends = new TunnelEnds(
            Encapsulation.UdpMobileIPv4, LocalEndpoint, asked.IsThroughForeignAgent ? RemoteOf(request.HomeAddress, envelope) : envelope.Source);
        return null;
    }

    /// <summary>With R the port is known by the first keepalive (RFC 3519, 4.11); a renewal leaves it as it is.</summary>
    private Endpoint RemoteOf(Address homeAddress, in Envelope envelope) =>
        bindings.Find(homeAddress) is { Grant: { UdpTunneling: UdpTunneling.NatDetected or UdpTunneling.Forced } grant } && grant.Ends.Remote.Address == envelope.Source.Address
            ? grant.Ends.Remote
            : new Endpoint(envelope.Source.Address, 0);

    /// <summary>A packet in UDP that no tunnel stands for: the keepalive that tells where the tunnel of a half-bound node ends, or nothing (RFC 3519, 4.6).</summary>
    private void ReceiveTunnelData(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        var header = TunnelData.Fields.Layout.Length;
        if (message.Length <= header || !IpPacketView.TryParse(message[header..], out var packet, out _) || !IsKeepalive(packet)
            || bindings.Find(packet.Source) is not { Grant: { IsHalfBound: true } grant } node || grant.Ends.Remote.Address != envelope.Source.Address)
        {
            Drop(MessageKind.DataPacket, DropReason.NotAPeer, envelope, now);
            return;
        }

        var guard = Change(node, grant with { Ends = grant.Ends with { Remote = envelope.Source } }, null, default, now);
        ReportBinding(EventKind.BindingUpdated, node, now, guard);
        var outside = Outbox.Guard;
        Outbox.Guard = guard;
        AnswerEcho(packet);
        Outbox.Guard = outside;
    }

    private bool IsKeepalive(in IpPacketView packet) =>
        packet.IsIPv4 && packet.Protocol == IpProtocol.Icmp && packet.Destination == options.Address && !packet.IsFragment
        && packet.Payload.Length >= IcmpV4EchoRequest.Fields.Layout.Length && packet.Payload[0] == (byte)IcmpV4Type.EchoRequest
        && InternetChecksum.Verify(0, packet.Payload);

    private void AnswerEcho(in IpPacketView packet)
    {
        var echo = packet.Payload;
        Outbox.SendPacket(PacketComposer.Compose(
            new IPv4Header { Source = options.Address, Destination = packet.Source },
            new IcmpV4EchoReply
            {
                Identifier = IcmpV4EchoRequest.Fields.Echo.Identifier.ReadUInt16(echo),
                SequenceNumber = IcmpV4EchoRequest.Fields.Echo.SequenceNumber.ReadUInt16(echo),
            },
            new Data { Octets = Octets.Create(echo[IcmpV4EchoRequest.Fields.Layout.Length..]) }).Span);
    }
}
