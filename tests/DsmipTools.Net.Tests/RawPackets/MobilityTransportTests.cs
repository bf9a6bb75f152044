using DsmipTools.Net.RawPackets;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Net.Tests.RawPackets;

/// <summary>Native Mobility Headers on this kernel: real raw sockets, in a network namespace of the test.</summary>
public sealed class MobilityTransportTests
{
    private const string First = "2001:db8::1";
    private const string Second = "2001:db8::2";
    private const string Home = "2001:db8:f::7";
    private const int ProtocolError = 71;

    private static readonly TimeSpan limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string?, string?> HomeAddresses => new()
    {
        { null, null },
        { Home, null },
        { null, Home },
        { "2001:db8:f::8", Home },
    };

    [Theory]
    [MemberData(nameof(HomeAddresses))]
    public void A_message_arrives_once_with_the_home_addresses_that_its_headers_name(string? from, string? to) => OnOneHost(() =>
    {
        using var sender = MobilityTransport.Open(First);
        using var receiver = MobilityTransport.Open(Second);
        List<UdpFault> faults = [];
        sender.Fault = faults.Add;
        var envelope = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0)) { InnerSource = Of(from), InnerDestination = Of(to) };
        var message = Sealed(envelope, 7);
        Assert.True(sender.Send(envelope, message));
        Assert.Equal((Convert.ToHexString(message), envelope), Next(receiver));

        // What comes next shows that nothing came twice, and the way back that nobody sent an ICMPv6 error.
        var plain = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0));
        Assert.True(sender.Send(plain, Sealed(plain, 8)));
        Assert.Equal((Convert.ToHexString(Sealed(plain, 8)), plain), Next(receiver));
        Assert.True(receiver.Send(plain.Reversed, Sealed(plain.Reversed, 9)));
        Assert.Equal((Convert.ToHexString(Sealed(plain.Reversed, 9)), plain.Reversed), Next(sender));
        Assert.Empty(faults);
        Assert.Equal((2, 1, 0), (receiver.Statistics.Received, receiver.Statistics.Sent, receiver.Statistics.Errors));
    });

    [Fact]
    public void A_wrong_checksum_is_left_to_the_agent() => OnOneHost(() =>
    {
        using var sender = MobilityTransport.Open(First);
        using var receiver = MobilityTransport.Open(Second);
        var envelope = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0));
        var message = Sealed(envelope, 7);
        message[4] ^= 0x55;
        Assert.True(sender.Send(envelope, message));
        Assert.Equal((Convert.ToHexString(message), envelope), Next(receiver));
    });

    [Fact]
    public void A_message_longer_than_the_path_is_fragmented() => OnOneHost(() =>
    {
        NetworkNamespace.Ip("link set dev lo mtu 1280");
        using var sender = MobilityTransport.Open(First);
        using var receiver = MobilityTransport.Open(Second);
        var envelope = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0));
        var message = new byte[2048];
        Sealed(envelope, 7).CopyTo(message, 0);
        Assert.True(sender.Send(envelope, message));
        Assert.Equal((Convert.ToHexString(message), envelope), Next(receiver));

        var routed = envelope with { InnerDestination = Home };
        List<UdpFault> faults = [];
        sender.Fault = faults.Add;
        Assert.False(sender.Send(routed, message));
        Assert.Equal(NetError.MessageTooLong, Assert.Single(faults).Error);
        Assert.Equal((1, 1), (sender.Statistics.Sent, sender.Statistics.SendLost));
    });

    [Fact]
    public void Headers_that_bring_no_Mobility_Header_are_others() => OnOneHost(() =>
    {
        using var receiver = MobilityTransport.Open(Second);
        using var raw = RawPacketTransport.OpenIP(isIPv4: false);
        // A destination option in front of nothing, and a truncated routing header.
        raw.Send(Ip(60, [59, 0, 1, 4, 0, 0, 0, 0]));
        raw.Send(Ip(43, [135, 9, 2, 1, 0, 0, 0, 0]));
        raw.Send(Ip(60, [135, 40, 201, 16]));
        using var sender = MobilityTransport.Open(First);
        var envelope = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0));
        Assert.True(sender.Send(envelope, Sealed(envelope, 7)));
        Assert.Equal((Convert.ToHexString(Sealed(envelope, 7)), envelope), Next(receiver));
        Assert.Equal(1, receiver.Statistics.Received);
    });

    [Fact]
    public void The_kernel_answers_again_when_the_transport_is_closed() => OnOneHost(() =>
    {
        using var sender = MobilityTransport.Open(First);
        List<UdpFault> faults = [];
        sender.Fault = faults.Add;
        var receiver = MobilityTransport.Open(Second);
        Assert.Null(receiver.NotQuiet);
        receiver.Dispose();

        var routed = new Envelope(Transport.IPv6, new Endpoint(First, 0), new Endpoint(Second, 0)) { InnerDestination = Home };
        Assert.True(sender.Send(routed, Sealed(routed, 7)));
        var until = DateTime.UtcNow + limit;
        while (faults.Count == 0 && DateTime.UtcNow < until)
        {
            sender.Wait(until - DateTime.UtcNow);
        }

        var fault = Assert.Single(faults);
        Assert.Equal((ProtocolError, (Address)Second, (Address)Second), (fault.Errno, fault.Peer!.Value.Address, fault.Reporter));
    });

    [Fact]
    public void Another_thread_ends_a_wait() => OnOneHost(() =>
    {
        using var transport = MobilityTransport.Open(First);
        transport.Wake();
        Assert.Equal(WaitResult.Woken, transport.Wait(Timeout.InfiniteTimeSpan));
        Assert.Equal(WaitResult.TimedOut, transport.Wait(TimeSpan.Zero));
    });

    [Fact]
    public void What_is_none_of_this_address_is_refused() => OnOneHost(() =>
    {
        using var transport = MobilityTransport.Open(First);
        var other = new Envelope(Transport.IPv6, new Endpoint(Second, 0), new Endpoint(First, 0));
        Assert.Throws<ArgumentException>(() => transport.Send(other, Sealed(other, 7)));
        Assert.Throws<ArgumentException>(() => transport.Send(other.Reversed with { IsProtected = true }, Sealed(other, 7)));
        Assert.Throws<ArgumentException>(() => MobilityTransport.Open("192.0.2.1"));
        Assert.Equal(NetError.AddressNotAvailable, Assert.Throws<NetException>(() => MobilityTransport.Open("2001:db8::99")).Error);
    });

    [Fact]
    public async Task Without_the_privilege_the_capability_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(MobilityTransportTests), nameof(Without_the_privilege_the_capability_is_named));
            return;
        }

        var exception = Assert.Throws<NetException>(() => MobilityTransport.Open("::1").Dispose());
        Assert.Equal(NetError.AccessDenied, exception.Error);
        Assert.Contains("CAP_NET_RAW", exception.Message, StringComparison.Ordinal);
    }

    private static void OnOneHost(Action test) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.AddAddress(First);
        NetworkNamespace.AddAddress(Second);
        test();
    });

    private static Address? Of(string? text) => text is null ? (Address?)null : Address.Parse(text, null);

    private static byte[] Sealed(in Envelope envelope, ushort sequence)
    {
        var message = new BindingRevocationIndication { SequenceNumber = sequence }.ToOctets().ToArray();
        envelope.Seal(message);
        return message;
    }

    private static byte[] Ip(byte nextHeader, ReadOnlySpan<byte> payload) =>
    [
        .. new IPv6Header { Source = First, Destination = Second, NextHeader = (IpProtocol)nextHeader, PayloadLength = (ushort)payload.Length, HopLimit = 64 }.ToOctets().Span,
        .. payload,
    ];

    private static (string Message, Envelope Envelope) Next(MobilityTransport transport)
    {
        var buffer = new byte[MobilityTransport.MaximumPacket];
        Assert.Equal(WaitResult.Data, transport.Wait(limit));
        Assert.True(transport.TryReceive(buffer, out var message, out var envelope));
        return (Convert.ToHexString(message), envelope);
    }
}
