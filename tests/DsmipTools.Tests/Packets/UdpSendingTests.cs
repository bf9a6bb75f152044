using System.Net;
using System.Net.Sockets;
using DsmipTools.Net;
using DsmipTools.Packets;
using DsmipTools.Packets.Sending;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Packets;

/// <summary>Messages over ordinary UDP sockets on the loopback interface.</summary>
public sealed class UdpSendingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket peer = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] buffer = new byte[2048];

    public UdpSendingTests()
    {
        peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        peer.ReceiveTimeout = 10_000;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Endpoint Peer => new("127.0.0.2", (ushort)((IPEndPoint)peer.LocalEndPoint!).Port);

    public void Dispose() => peer.Dispose();

    [Fact]
    public async Task The_octets_arrive_and_answers_come_as_packets()
    {
        using var sender = new PacketSender();
        var indication = new BindingRevocationIndication { SequenceNumber = 4711, Reserved = 7 };
        var sent = sender.Send(BareMessage.From(indication), new EnvelopeParameters { Destination = Peer });

        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var length = peer.ReceiveFrom(buffer, ref from);
        Assert.Equal(indication.ToOctets(), Octets.Create(buffer.AsSpan(0, length)));
        Assert.Equal($"{from}", $"{sent.Packet.Source}");
        Assert.Equal(Peer, sent.Packet.Destination);
        Assert.NotNull(sent.Packet.Time);
        Assert.Equal(4711, Assert.IsType<BindingRevocationIndication>(sent.Packet.Message).SequenceNumber);

        peer.SendTo(new BindingRevocationAcknowledgement { SequenceNumber = 4711 }.ToOctets().ToArray(), from);
        peer.SendTo([1, 2, 3], from);
        var answers = await sent.AnswersAsync(Patience, 2, Cancel).ToListAsync(Cancel);
        Assert.Equal([1, 2], answers.Select(answer => answer.Number));
        Assert.Equal(Peer, answers[0].Source);
        Assert.Equal(sent.Packet.Source, answers[0].Destination);
        Assert.Equal(4711, Assert.IsType<BindingRevocationAcknowledgement>(answers[0].Message).SequenceNumber);
        Assert.True(answers[0].Time >= sent.Packet.Time);
        Assert.Equal([1, 2, 3], answers[1].Octets.ToArray()[28..]);
        Assert.NotNull(answers[1].Error);
    }

    [Fact]
    public void A_wrong_checksum_and_another_protocols_port_go_out_as_they_are()
    {
        using var sender = new PacketSender();
        var wrong = new BindingUpdate { Checksum = 0xBEEF, HeaderLength = 77 };
        sender.Send(BareMessage.From(wrong), new EnvelopeParameters { Destination = Peer });
        Assert.Equal(wrong.ToOctets().ToArray(), buffer[..peer.Receive(buffer)]);
        var request = new RegistrationRequest { Lifetime = 9 };
        sender.Send(BareMessage.From(request), new EnvelopeParameters { Source = new("127.0.0.1", 0), Destination = Peer });
        Assert.Equal(request.ToOctets().ToArray(), buffer[..peer.Receive(buffer)]);
    }

    [Fact]
    [Trait("Rfc", "5846-4-03")]
    public void Dual_Stack_Mobile_IPv6_carries_an_IPv6_packet_with_its_checksum()
    {
        using var sender = new PacketSender();
        sender.Send(
            BareMessage.From(new BindingUpdate { SequenceNumber = 5 }),
            new EnvelopeParameters { Destination = Peer, InnerSource = "2001:db8::10", InnerDestination = "2001:db8::11" });
        var inner = DsmipPacket.From(buffer.AsSpan(0, peer.Receive(buffer)).ToArray(), new Wire.Decoding.PacketDecoder());
        Assert.Null(inner.Error);
        Assert.Equal(5, Assert.IsType<BindingUpdate>(inner.Message).SequenceNumber);
        Assert.Equal<Address?>("2001:db8::10", inner.Source?.Address);
        Assert.Equal<Address?>("2001:db8::11", inner.Destination?.Address);
    }

    [Fact]
    public async Task Without_an_answer_collecting_ends_with_its_time_and_with_its_cancellation()
    {
        using var sender = new PacketSender();
        var sent = sender.Send(BareMessage.From(new BindingUpdate()), new EnvelopeParameters { Destination = Peer });
        Assert.Empty(await sent.AnswersAsync(TimeSpan.FromMilliseconds(50), cancellationToken: Cancel).ToListAsync(Cancel));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var collecting = sent.AnswersAsync(Timeout.InfiniteTimeSpan, cancellationToken: stop.Token).ToListAsync(Cancel);
        Assert.False(collecting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collecting.AsTask().WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task What_came_before_the_next_message_is_no_answer_to_it()
    {
        using var sender = new PacketSender();
        var parameters = new EnvelopeParameters { Destination = Peer };
        sender.Send(BareMessage.From(new BindingUpdate()), parameters);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(buffer, ref from);
        peer.SendTo(new BindingAcknowledgement { SequenceNumber = 1 }.ToOctets().ToArray(), from);
        var sent = sender.Send(BareMessage.From(new BindingUpdate()), parameters);
        EndPoint again = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(buffer, ref again);
        Assert.Equal(from, again);
        peer.SendTo(new BindingAcknowledgement { SequenceNumber = 2 }.ToOctets().ToArray(), from);
        var answer = await sent.AnswersAsync(Patience, 1, Cancel).SingleAsync(Cancel);
        Assert.Equal(2, ((BindingAcknowledgement)answer.Message!).SequenceNumber);
    }

    [Fact]
    public async Task What_is_sent_to_the_socket_itself_is_no_answer()
    {
        using var sender = new PacketSender();
        var itself = Peer;
        peer.Dispose();
        var sent = sender.Send(BareMessage.From(new BindingUpdate()), new EnvelopeParameters { Source = itself, Destination = itself });
        Assert.Empty(await sent.AnswersAsync(TimeSpan.FromMilliseconds(50), cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_clear_error_at_once()
    {
        using var sender = new PacketSender();
        var closed = Peer;
        peer.Dispose();
        for (var time = 0; time < 2; time++)
        {
            var sent = sender.Send(BareMessage.From(new BindingUpdate()), new EnvelopeParameters { Destination = closed });
            var exception = await Assert.ThrowsAsync<NetException>(async () => await sent.AnswersAsync(Patience, cancellationToken: Cancel).ToListAsync(Cancel));
            Assert.Equal(NetError.ConnectionRefused, exception.Error);
            Assert.Contains($"Nobody listens at {closed}: it answered with ICMP port unreachable.", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_sent_says_why()
    {
        using var sender = new PacketSender();
        var message = BareMessage.From(new BindingUpdate());
        Assert.Equal(
            NetError.AddressNotAvailable,
            Assert.Throws<NetException>(() => sender.Send(message, new EnvelopeParameters { Source = new("192.0.2.1", 0), Destination = Peer })).Error);
        Assert.Equal(
            NetError.AddressInUse, Assert.Throws<NetException>(() => sender.Send(message, new EnvelopeParameters { Source = Peer, Destination = Peer })).Error);
        Assert.Throws<ArgumentException>(() => sender.Send(message, new EnvelopeParameters()));
        using var bound = new PacketSender("lo");
        Assert.Throws<ArgumentException>(() => bound.Send(message, new EnvelopeParameters { Destination = Peer }));
    }
}
