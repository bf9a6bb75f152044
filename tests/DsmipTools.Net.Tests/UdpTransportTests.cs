using System.Net;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests;

/// <summary>What holds for each way in which the transport is made; real sockets on the loopback interface.</summary>
public abstract class UdpTransportTests
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected abstract UdpTransport Open(Endpoint local);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.77")]
    [InlineData("::1")]
    public void A_datagram_arrives_with_its_source(string address)
    {
        SkipWithoutIPv6(address);
        using var one = Open(new Endpoint(address, 0));
        using var other = Open(new Endpoint(address, 0));
        Assert.NotEqual(0, one.Local.Port);
        Assert.True(one.Send(other.Local, [1, 2, 3]));
        Assert.Equal(WaitResult.Data, other.Wait(Patience));
        var buffer = new byte[16];
        Assert.True(other.TryReceive(buffer, out var length, out var source));
        Assert.Equal([1, 2, 3], buffer[..length]);
        Assert.Equal(one.Local, source);
        Assert.False(other.TryReceive(buffer, out length, out _));
        Assert.Equal(0, length);
        Assert.Equal(new UdpStatistics(0, 1, 0, 0, 0), one.Statistics);
        Assert.Equal(new UdpStatistics(1, 0, 0, 0, 0), other.Statistics);
    }

    [Fact]
    public void An_empty_datagram_is_a_datagram()
    {
        using var one = Open(new Endpoint("127.0.0.1", 0));
        Assert.True(one.Send(one.Local, []));
        Assert.Equal(WaitResult.Data, one.Wait(Patience));
        Assert.True(one.TryReceive(new byte[4], out var length, out var source));
        Assert.Equal(0, length);
        Assert.Equal(one.Local, source);
    }

    [Fact]
    public void A_wait_ends_with_its_time()
    {
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        Assert.Equal(WaitResult.TimedOut, transport.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, transport.Wait(TimeSpan.FromSeconds(-3)));
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(WaitResult.TimedOut, transport.Wait(TimeSpan.FromMilliseconds(2.5)));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(2.5));
    }

    [Fact]
    public async Task Another_thread_wakes_an_endless_wait()
    {
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        var waiting = Task.Factory.StartNew(
            () => transport.Wait(Timeout.InfiniteTimeSpan), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        transport.Wake();
        Assert.Equal(WaitResult.Woken, await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Many_wake_ups_end_one_wait()
    {
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        for (var count = 0; count < 20_000; count++)
        {
            transport.Wake();
        }

        Assert.Equal(WaitResult.Woken, transport.Wait(Patience));
        Assert.Equal(WaitResult.TimedOut, transport.Wait(TimeSpan.Zero));
        transport.Send(transport.Local, [1]);
        transport.Wake();
        Assert.Equal(WaitResult.Woken | WaitResult.Data, transport.Wait(Patience));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_closed_port_does_not_end_the_loop(string address)
    {
        SkipWithoutIPv6(address);
        using var transport = Open(new Endpoint(address, 0));
        using var peer = Open(new Endpoint(address, 0));
        Endpoint closed;
        // No other test has a socket at this address, so that nobody takes the port.
        using (var gone = Open(new Endpoint(address == "127.0.0.1" ? "127.0.0.99" : address, 0)))
        {
            closed = gone.Local;
        }

        List<UdpFault> faults = [];
        transport.Fault = faults.Add;
        var buffer = new byte[16];
        for (byte round = 0; round < 50; round++)
        {
            transport.Send(closed, [round]);
            Assert.True(transport.Send(peer.Local, [round]));
            Assert.Equal(WaitResult.Data, peer.Wait(Patience));
            Assert.True(peer.TryReceive(buffer, out _, out var source));
            Assert.Equal(round, buffer[0]);
            Assert.True(peer.Send(source, buffer.AsSpan(0, 1)));
            transport.Send(closed, [round]);
            Assert.Equal(WaitResult.Data, transport.Wait(Patience));
            Assert.True(transport.TryReceive(buffer, out var length, out _));
            Assert.Equal(1, length);
            Assert.Equal(round, buffer[0]);
        }

        Assert.Equal(faults.Count, transport.Statistics.Errors);
        AssertReported(faults, closed);
    }

    [Fact]
    public void An_address_in_use_is_refused()
    {
        using var first = Open(new Endpoint("127.0.0.1", 0));
        var exception = Assert.Throws<NetException>(() => Open(first.Local));
        Assert.Equal(NetError.AddressInUse, exception.Error);
        Assert.NotEqual(0, exception.Errno);
        Assert.Equal(first.Local, exception.Endpoint);
        Assert.Contains(first.Local.ToString(), exception.Message, StringComparison.Ordinal);
        first.Dispose();
        using var second = Open(first.Local);
        Assert.Equal(first.Local, second.Local);
    }

    [Fact]
    public void An_address_of_no_interface_is_refused()
    {
        var exception = Assert.Throws<NetException>(() => Open(new Endpoint("192.0.2.1", 0)));
        Assert.Equal(NetError.AddressNotAvailable, exception.Error);
        Assert.Contains("192.0.2.1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_sent_is_counted_and_reported()
    {
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        List<UdpFault> faults = [];
        transport.Fault = faults.Add;
        Assert.False(transport.Send(transport.Local, new byte[66_000]));
        Assert.False(transport.Send(new Endpoint("2001:db8::1", 9), [1]));
        Assert.Equal(2, transport.Statistics.SendLost);
        Assert.Contains(faults, fault => fault.Error == NetError.MessageTooLong);
        Assert.True(faults.Count >= 2);
        Assert.True(transport.Send(transport.Local, [7]));
        Assert.Equal(WaitResult.Data, transport.Wait(Patience));
    }

    [Fact]
    public void Disposing_frees_the_descriptors()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "descriptors are counted in /proc");
        Open(new Endpoint("127.0.0.1", 0)).Dispose();

        // Other tests run beside this one: only what stays for good counts.
        var before = Descriptors();
        for (var count = 0; count < 200; count++)
        {
            using var transport = Open(new Endpoint("127.0.0.1", 0));
            transport.Send(transport.Local, [1]);
        }

        Assert.InRange(Descriptors(), 0, before + 100);
    }

    private protected abstract void AssertReported(List<UdpFault> faults, Endpoint closed);

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static void SkipWithoutIPv6(string address)
    {
        if (!Address.Parse(address).IsIPv6)
        {
            return;
        }

        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException exception)
        {
            Assert.Skip("this host has no IPv6: " + exception.Message);
        }
    }
}

/// <summary>The transport that this system gets.</summary>
public sealed class NativeUdpTransportTests : UdpTransportTests
{
    private protected override UdpTransport Open(Endpoint local) => UdpTransport.Open(local);

    [Fact]
    public void A_datagram_that_is_too_long_for_the_buffer_is_skipped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), "only Linux and Windows tell");
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        transport.Send(transport.Local, new byte[100]);
        transport.Send(transport.Local, [5]);
        Assert.Equal(WaitResult.Data, transport.Wait(Patience));
        var buffer = new byte[99];
        Assert.True(transport.TryReceive(buffer, out var length, out _));
        Assert.Equal(1, length);
        Assert.Equal(5, buffer[0]);
        Assert.Equal(1, transport.Statistics.Truncated);
    }

    [Fact]
    public void Steady_traffic_does_not_allocate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the fallback allocates");
        using var transport = Open(new Endpoint("127.0.0.1", 0));
        var buffer = new byte[UdpTransport.MaximumDatagram];
        Echo(transport, buffer, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Echo(transport, buffer, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private protected override void AssertReported(List<UdpFault> faults, Endpoint closed)
    {
        if (OperatingSystem.IsLinux())
        {
            // The error queue says whose error it is.
            Assert.NotEmpty(faults);
            Assert.All(faults, fault =>
            {
                Assert.Equal(NetError.ConnectionRefused, fault.Error);
                Assert.Equal(closed, fault.Peer);
                Assert.Equal(closed.Address, fault.Reporter);
            });
        }
    }

    private static void Echo(UdpTransport transport, byte[] buffer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            transport.Send(transport.Local, buffer.AsSpan(0, 80));
            transport.Wait(Patience);
            while (transport.TryReceive(buffer, out _, out _))
            {
            }
        }
    }
}

/// <summary>The fallback of systems other than Linux, which works on Linux too.</summary>
public sealed class PortableUdpTransportTests : UdpTransportTests
{
    private protected override UdpTransport Open(Endpoint local) => UdpTransport.OpenPortable(local);

    private protected override void AssertReported(List<UdpFault> faults, Endpoint closed)
    {
    }
}
