using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Net;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

public sealed class LoopbackWorldTests : IAsyncLifetime
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    /// <summary>No other test has a socket at this address, so that nobody takes a port that is free for a moment.</summary>
    private static readonly string here = OperatingSystem.IsLinux() ? "127.40.0.1" : "127.0.0.1";

    private readonly SocketWorld world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_question_is_answered_on_real_sockets()
    {
        var (asking, answering) = AddTwo();
        Assert.NotEqual(0, asking.LocalEndpoint.Port);
        var outcome = await Ask(asking, answering.LocalEndpoint);
        Assert.Equal(1, outcome.Attempts);
        Assert.Equal(1, world.Query(answering, _ => answering.Received.Count));
        Assert.Equal(1, answering.Starts);
        Assert.True((DateTimeOffset.UtcNow - world.Now.WallClock).Duration() < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Many_threads_command_at_once()
    {
        var (asking, answering) = AddTwo(TimeSpan.FromSeconds(30));
        var peer = answering.LocalEndpoint;
        var tasks = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var count = 0; count < 100; count++)
                {
                    Assert.Equal(1, (await Ask(asking, peer)).Attempts);
                    Assert.InRange(world.Query(asking, _ => asking.BindingCount), 0, 8);
                }
            },
            Cancel)).ToArray();
        await Task.WhenAll(tasks).WaitAsync(patience, Cancel);
        Assert.Equal(800, world.Query(answering, _ => answering.Received.Count));
        Assert.Equal(0, world.Faults);
    }

    [Fact]
    public async Task Timers_run_in_real_time()
    {
        var (asking, _) = AddTwo(TimeSpan.FromMilliseconds(20));
        Endpoint nobody;
        using (var gone = UdpTransport.Open(new Endpoint(OperatingSystem.IsLinux() ? "127.0.0.98" : "127.0.0.1", 0)))
        {
            nobody = gone.Local;
        }

        var start = world.Now.Elapsed;
        Assert.Equal("timed out", await world.Execute(asking, now => asking.Ask(nobody, now), Cancel).WaitAsync(patience, Cancel));
        Assert.True(world.Now.Elapsed - start >= TimeSpan.FromMilliseconds(100));
        if (OperatingSystem.IsLinux())
        {
            Assert.True(await world.WaitUntil(
                () => world.Events.Last(100).Any(happened => happened.Kind == EventKind.TransportError && happened.Peer == nobody.Address), patience, Cancel));
        }
    }

    [Fact]
    public async Task A_cancelled_command_ends_at_once_and_its_outcome_is_discarded()
    {
        var (asking, answering) = AddTwo();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        long number = 0;
        var task = world.Execute(asking, _ => number = asking.Never(), cancel.Token);
        await world.Run(asking, _ => { }, Cancel);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.WaitAsync(patience, Cancel));
        await world.Run(asking, _ => asking.Finish(number, "late"), Cancel);
        Assert.Equal(1, (await Ask(asking, answering.LocalEndpoint)).Attempts);

        var many = world.ExecuteMany(asking, _ => asking.Never(), _ => true, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        var next = many.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await world.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next.WaitAsync(patience, Cancel));
    }

    [Fact]
    public async Task Several_outcomes_come_as_a_stream()
    {
        var (asking, _) = AddTwo();
        List<object> outcomes = [];
        await foreach (var outcome in world.ExecuteMany(asking, _ => asking.Count(4), outcome => outcome is "last", Cancel))
        {
            outcomes.Add(outcome);
        }

        Assert.Equal([1, 2, 3, "last"], outcomes);
    }

    [Fact]
    public async Task An_exception_out_of_an_agent_does_not_end_it()
    {
        var (sending, other) = AddTwo();
        await world.Run(sending, _ => sending.Tell(other.LocalEndpoint, TestAgent.Explode, 1), Cancel);
        Assert.Equal(1, (await Ask(sending, other.LocalEndpoint)).Attempts);
        Assert.Equal(1, world.Faults);
        Assert.Contains(world.Events.Last(100), happened => happened.Kind == EventKind.AgentFault && happened.Agent == other.Name);
        await Assert.ThrowsAsync<FormatException>(() => world.Execute(sending, _ => throw new FormatException(), Cancel));
    }

    [Fact]
    public async Task A_refused_tunnel_fails_before_what_depends_on_it()
    {
        var (digging, other) = AddTwo();
        var tunnel = new Tunnel(1, "127.0.0.1", "127.0.0.2");
        world.Tunnels.Refusal = (_, _) => "no more tunnels";
        Assert.Equal("refused: no more tunnels", await world.Execute(digging, _ => digging.Dig(tunnel, other.LocalEndpoint), Cancel));
        world.Tunnels.Refusal = (_, _) => world.Query(digging, _ => "never");
        Assert.Contains(
            "wait for itself", (string)await world.Execute(digging, _ => digging.Dig(tunnel, other.LocalEndpoint), Cancel), StringComparison.Ordinal);
        world.Tunnels.Refusal = null;
        var task = world.Execute(digging, _ => digging.Dig(tunnel, other.LocalEndpoint), Cancel);
        Assert.True(await world.WaitUntil(() => world.Query(other, _ => other.Received.Count) == 1, patience, Cancel));
        Assert.Equal(1, world.Tunnels.Count);
        world.Remove(digging);
        Assert.Equal(0, world.Tunnels.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
    }

    [Fact]
    public async Task A_capture_holds_each_message_once()
    {
        var (asking, answering) = AddTwo();
        using var file = new MemoryStream();
        using var capture = new PacketCapture(file, leaveOpen: true);
        world.Capture = capture;
        await Ask(asking, answering.LocalEndpoint);
        Assert.Equal(2, capture.Count);

        // Somebody else asks: the question is captured where it comes in, the answer where it goes out.
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        stranger.Bind(new IPEndPoint(IPAddress.Parse(here), 0));
        var message = new byte[TestAgent.MessageLength];
        message[2] = TestAgent.Request;
        stranger.SendTo(message, new IPEndPoint(IPAddress.Parse(here), answering.LocalEndpoint.Port));
        Assert.Equal(message.Length, stranger.Receive(message));
        Assert.Equal(4, capture.Count);
        world.Capture = null;
        capture.Dispose();
        file.Position = 0;
        using var reader = new PcapngReader(file);
        List<Envelope> envelopes = [];
        while (reader.TryRead(out var frame))
        {
            Assert.True(PacketFrame.TryRead(frame.Octets.Span, Transport.MobileIPv4Udp, out var envelope, out _, out var error), error.ToString());
            envelopes.Add(envelope);
        }

        var outside = new Endpoint(here, (ushort)((IPEndPoint)stranger.LocalEndPoint!).Port);
        var question = new Envelope(Transport.MobileIPv4Udp, asking.LocalEndpoint, answering.LocalEndpoint);
        var strange = new Envelope(Transport.MobileIPv4Udp, outside, answering.LocalEndpoint);
        Assert.Equal([question, question.Reversed, strange, strange.Reversed], envelopes);
    }

    [Fact]
    public async Task Removing_frees_name_and_socket()
    {
        var (asking, answering) = AddTwo();
        var local = answering.LocalEndpoint;
        var exception = Assert.Throws<NetException>(() => world.Add(new TestAgent("three", world.CreateRandom("three"), local)));
        Assert.Equal(NetError.AddressInUse, exception.Error);
        var fresh = new TestAgent("two", world.CreateRandom("two"), local);
        Assert.Throws<ArgumentException>(() => world.Add(fresh));
        world.Restart(answering, fresh);
        Assert.Equal(1, (await Ask(asking, local)).Attempts);
        Assert.Empty(answering.Received);
        world.Remove(fresh);
        Assert.Throws<InvalidOperationException>(() => world.Remove(fresh));
        using var free = UdpTransport.Open(local);
        Assert.Equal(local, free.Local);
    }

    [Fact]
    public async Task An_agent_may_move_while_commands_come()
    {
        var (asking, answering) = AddTwo();
        var peer = answering.LocalEndpoint;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var others = Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await world.Run(asking, _ => { }, Cancel).WaitAsync(patience, Cancel);
                }
            },
            Cancel)).ToArray();
        List<Endpoint> places = [];
        for (var count = 0; count < 50; count++)
        {
            places.Add(asking.LocalEndpoint);
            using (var free = UdpTransport.Open(new Endpoint(here, 0)))
            {
                places.Add(free.Local);
            }

            await world.Execute(asking, now => asking.MoveAndAsk(places[^1], peer, now), Cancel).WaitAsync(patience, Cancel);
        }

        await stop.CancelAsync();
        await Task.WhenAll(others);
        var nowhere = new Endpoint("192.0.2.1", 434);
        _ = world.Begin(asking, now => asking.MoveAndAsk(nowhere, peer, now), Cancel);
        await world.Run(asking, _ => { }, Cancel);
        Assert.Contains(world.Events.Last(1000), happened => happened.Kind == EventKind.TransportError && happened.Agent == "one");
        world.Remove(asking);
        using var last = UdpTransport.Open(places[^1]);
    }

    [Fact]
    public void An_agent_that_cannot_start_leaves_nothing()
    {
        using (var taken = UdpTransport.Open(new Endpoint(here, 0)))
        {
            Assert.Throws<NetException>(() => world.Add(new TestAgent("one", new SeededRandom(1), taken.Local)));
        }

        var broken = new BrokenAgent();
        Assert.Throws<FormatException>(() => world.Add(broken));
        Assert.Throws<NotSupportedException>(
            () => world.Add(new TestAgent("six", new SeededRandom(1), new Endpoint("::1", 0), Transport.IPv6)));
        Assert.Empty(world.Agents);
        Add("broken");
        Add("one");
    }

    [Fact]
    public async Task Disposal_leaves_no_command_thread_or_socket()
    {
        var other = new SocketWorld();
        List<TestAgent> agents = [];
        List<Task> commands = [];
        for (var number = 0; number < 10; number++)
        {
            var agent = new TestAgent("zq" + number, other.CreateRandom("zq"), new Endpoint(here, 0));
            other.Add(agent);
            agents.Add(agent);
            commands.Add(other.Execute(agent, _ => agent.Never(), Cancel));
        }

        var posting = Task.Run(
            () =>
            {
                for (var count = 0; count < 20_000; count++)
                {
                    var agent = agents[count % agents.Count];
                    commands.Add(other.Execute(agent, _ => agent.Never(), Cancel));
                }
            },
            Cancel);
        await other.DisposeAsync();
        await posting;
        foreach (var command in commands)
        {
            var exception = await Record.ExceptionAsync(() => command.WaitAsync(patience, Cancel));
            Assert.True(exception is InvalidOperationException, exception?.ToString());
        }

        foreach (var agent in agents)
        {
            using var free = UdpTransport.Open(agent.LocalEndpoint);
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.True(await world.WaitUntil(() => !ThreadNames().Any(name => name.StartsWith("DsmipTools zq", StringComparison.Ordinal)), patience, Cancel));
        }
    }

    [Fact]
    public async Task Datagrams_do_not_allocate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the portable transport allocates");
        var agent = new TestAgent("quiet", world.CreateRandom("quiet"), new Endpoint(here, 0)) { Remembers = false };
        world.Add(agent);
        using var peer = UdpTransport.Open(new Endpoint(here, 0));
        Exchange(peer, agent.LocalEndpoint, 3000);
        var before = world.Query(agent, _ => GC.GetAllocatedBytesForCurrentThread());
        Exchange(peer, agent.LocalEndpoint, 3000);
        var allocated = world.Query(agent, _ => GC.GetAllocatedBytesForCurrentThread()) - before;
        Assert.True(world.Query(agent, _ => agent.ReceivedCount) >= 6000);

        // The two queries themselves, and nothing for each datagram.
        Assert.InRange(allocated, 0, 3000);
        await world.DisposeAsync();
    }

    [Fact]
    public void Random_numbers_differ()
    {
        var random = world.CreateRandom("one");
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => random.NextUInt64()).Distinct().Count());
    }

    private static void Exchange(UdpTransport peer, Endpoint agent, int count)
    {
        var message = new byte[TestAgent.MessageLength];
        message[2] = TestAgent.Request;
        var buffer = new byte[100];
        for (var sent = 0; sent < count; sent++)
        {
            peer.Send(agent, message);
            Assert.Equal(WaitResult.Data, peer.Wait(patience));
            Assert.True(peer.TryReceive(buffer, out _, out _));
        }
    }

    private static IEnumerable<string> ThreadNames()
    {
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            string name;
            try
            {
                name = File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                continue; // It has just ended.
            }

            yield return name;
        }
    }

    private (TestAgent One, TestAgent Two) AddTwo(TimeSpan? retryAfter = null) => (Add("one", retryAfter), Add("two", retryAfter));

    private TestAgent Add(string name, TimeSpan? retryAfter = null)
    {
        var agent = new TestAgent(name, world.CreateRandom(name), new Endpoint(here, 0)) { RetryAfter = retryAfter ?? TimeSpan.FromSeconds(10) };
        world.Add(agent);
        return agent;
    }

    private async Task<(TimeSpan Time, int Attempts)> Ask(TestAgent asking, Endpoint peer) =>
        ((TimeSpan, int))await world.Execute(asking, now => asking.Ask(peer, now), Cancel).WaitAsync(patience, Cancel);

    private sealed class BrokenAgent() : Agent("broken", new SeededRandom(1))
    {
        public override AgentKind Kind => AgentKind.MobileNode;

        public override Endpoint LocalEndpoint => new("127.0.0.1", 0);

        public override Transport Transport => Transport.MobileIPv4Udp;

        public override string Protection => "None";

        public override TimeSpan? NextDeadline => null;

        public override int BindingCount => 0;

        public override void Start(Instant now) => throw new FormatException();

        public override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
        {
        }

        public override void Expire(Instant now)
        {
        }
    }
}
