using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Net;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

public sealed class SimulatedWorldTests : IAsyncDisposable
{
    private static readonly Endpoint one = new("192.0.2.1", 434);
    private static readonly Endpoint two = new("192.0.2.2", 434);

    private readonly SimulatedWorld world = new(7);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_question_takes_twice_the_latency()
    {
        var (asking, _) = AddTwo();
        var (time, attempts) = await Ask(asking, two);
        Assert.Equal(TimeSpan.FromMilliseconds(10), time);
        Assert.Equal(1, attempts);
        Assert.Equal(TimeSpan.FromMilliseconds(10), world.Now.Elapsed);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 10, TimeSpan.Zero), world.Now.WallClock);
        Assert.Equal(2, world.Traffic.Delivered);
    }

    [Fact]
    public void A_command_is_done_when_the_call_comes_back()
    {
        var (asking, _) = AddTwo();
        Assert.True(world.Execute(asking, now => asking.Ask(two, now), Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Messages_travel_in_IPv6_too()
    {
        Endpoint first = new("2001:db8::1", 0), second = new("2001:db8::2", 0);
        var asking = Add("one", first, Transport.IPv6);
        Add("two", second, Transport.IPv6);
        Assert.Equal(1, (await Ask(asking, second)).Attempts);
    }

    [Fact]
    public void Loss_has_its_rate()
    {
        var (sending, receiving) = AddTwo();
        world.DefaultLink = Link.Default with { Loss = 0.1 };
        Tell(sending, 10_000);
        Assert.InRange(world.Traffic.Lost, 900, 1100);
        Assert.Equal(10_000 - world.Traffic.Lost, receiving.Received.Count);
    }

    [Fact]
    public void Duplication_has_its_rate()
    {
        var (sending, receiving) = AddTwo();
        world.SetLink(sending, receiving, Link.Default with { Duplication = 0.2, Jitter = TimeSpan.FromMilliseconds(3) });
        Tell(sending, 10_000);
        Assert.InRange(world.Traffic.Duplicated, 1800, 2200);
        Assert.Equal(10_000 + world.Traffic.Duplicated, receiving.Received.Count);
        Assert.Equal(10_000, receiving.Received.Select(message => message.Number).Distinct().Count());
    }

    [Fact]
    public void Reordering_lets_later_packets_overtake()
    {
        var (sending, receiving) = AddTwo();
        world.DefaultLink = Link.Default with { Reordering = 0.05 };
        Tell(sending, 1000, TimeSpan.FromMilliseconds(1));
        Assert.InRange(world.Traffic.Reordered, 20, 90);
        Assert.Equal(1000, receiving.Received.Count);
        var overtaken = receiving.Received.Zip(receiving.Received.Skip(1)).Count(pair => pair.Second.Number < pair.First.Number);
        Assert.InRange(overtaken, 15, 90);
    }

    [Fact]
    public void Jitter_keeps_the_order()
    {
        var (sending, receiving) = AddTwo();
        world.DefaultLink = Link.Default with { Jitter = TimeSpan.FromMilliseconds(50) };
        Tell(sending, 1000, TimeSpan.FromMilliseconds(1));
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => (long)number), receiving.Received.Select(message => message.Number));
        Assert.True(receiving.Received.Select(message => message.At.Elapsed).Distinct().Count() > 10);
    }

    [Fact]
    [Trait("Rfc", "5944-3.8.2.1-01")]
    public void Corruption_is_found_by_checksums()
    {
        var (sending, receiving) = AddTwo();
        world.DefaultLink = Link.Default with { Corruption = 0.5 };
        Tell(sending, 1000);
        Assert.InRange(world.Traffic.Corrupted, 400, 600);
        Assert.Equal(world.Traffic.Corrupted, world.Traffic.Unreadable);
        Assert.Equal(1000 - world.Traffic.Corrupted, receiving.Received.Count);
    }

    [Fact]
    public async Task A_partition_lasts_until_it_is_healed()
    {
        var (asking, _) = AddTwo();
        world.SetLink(one.Address, two.Address, Link.Default with { Latency = TimeSpan.FromMilliseconds(20) });
        world.Partition(one.Address, two.Address);
        Assert.Equal("timed out", await world.Execute(asking, now => asking.Ask(two, now), Cancel));
        Assert.Equal(5, world.Traffic.Partitioned);
        Assert.True(world.GetLink(two.Address, one.Address).IsPartitioned);
        world.Heal(one.Address, two.Address);
        Assert.Equal(TimeSpan.FromMilliseconds(40), (await Ask(asking, two)).Time);
    }

    [Fact]
    public async Task A_link_may_be_set_one_way()
    {
        var (asking, answering) = AddTwo();
        world.SetLink(answering, asking, Link.Default with { Loss = 1 }, bothWays: false);
        Assert.Equal("timed out", await world.Execute(asking, now => asking.Ask(two, now), Cancel));
        Assert.Equal(5, answering.Received.Count);
        Assert.Equal(1, world.GetLink(two.Address, one.Address).Loss);
        Assert.Equal(0, world.GetLink(one.Address, two.Address).Loss);
        world.SetLink(answering, asking, null);
        Assert.Equal(1, (await Ask(asking, two)).Attempts);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_rate_is_between_0_and_1(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Link { Loss = rate });

    [Fact]
    public void A_clock_may_be_wrong()
    {
        var (sending, receiving) = AddTwo();
        world.SetClockOffset("two", TimeSpan.FromMinutes(-3));
        Tell(sending, 1);
        var at = receiving.Received[0].At;
        Assert.Equal(TimeSpan.FromMilliseconds(5), at.Elapsed);
        Assert.Equal(SimulatedWorld.StartOfTime.AddMilliseconds(5).AddMinutes(-3), at.WallClock);
    }

    [Fact]
    public void What_no_agent_has_is_undeliverable()
    {
        var (sending, _) = AddTwo();
        world.Run(sending, _ => sending.Tell(new Endpoint("192.0.2.9", 434), TestAgent.OneWay, 1), Cancel);
        world.Run(sending, _ => sending.Tell(two with { Port = 435 }, TestAgent.OneWay, 1), Cancel);
        Assert.True(world.RunUntilQuiet(TimeSpan.FromSeconds(1)));
        Assert.Equal(2, world.Traffic.Undeliverable);
    }

    [Fact]
    public void Injected_packets_may_be_anything()
    {
        var (_, receiving) = AddTwo();
        var random = new SeededRandom(3);
        var packet = new byte[100];
        for (var count = 0; count < 2000; count++)
        {
            for (var at = 0; at < packet.Length; at++)
            {
                packet[at] = (byte)random.NextUInt64();
            }

            world.Inject(packet.AsSpan(0, count % 101));
        }

        var written = PacketFrame.Write(new Envelope(Transport.MobileIPv4Udp, one, two), new byte[3], packet);
        world.Inject(packet.AsSpan(0, written));
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2000, world.Traffic.Unreadable);
        Assert.Equal(1, receiving.Counters.Dropped(DropReason.Malformed));
    }

    [Fact]
    public async Task A_command_that_nothing_can_finish_is_an_error()
    {
        var (asking, _) = AddTwo();
        var exception = await Assert.ThrowsAsync<SimulationStalledException>(() => world.Execute(asking, _ => asking.Never(), Cancel));
        Assert.Contains("nothing is left to happen", exception.Message, StringComparison.Ordinal);
        Assert.True(world.RunUntilQuiet(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromDays(1), world.Now.Elapsed);
    }

    [Fact]
    public async Task A_command_has_a_limit()
    {
        var (asking, _) = AddTwo();
        world.CommandLimit = TimeSpan.FromSeconds(3);
        await world.Run(asking, _ => asking.Alarm = TimeSpan.FromHours(1), Cancel);
        var exception = await Assert.ThrowsAsync<SimulationStalledException>(() => world.Execute(asking, _ => asking.Never(), Cancel));
        Assert.Contains("00:00:03", exception.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(3), world.Now.Elapsed);
    }

    [Fact]
    public async Task Begun_commands_run_side_by_side()
    {
        var (asking, _) = AddTwo();
        var tasks = Enumerable.Range(0, 100).Select(_ => world.Begin(asking, now => asking.Ask(two, now), Cancel)).ToArray();
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        Assert.True(world.RunUntilQuiet(TimeSpan.FromSeconds(1)));
        Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(TimeSpan.FromMilliseconds(10), world.Now.Elapsed);
        await Task.WhenAll(tasks);
    }

    [Fact]
    public async Task Several_outcomes_come_as_a_stream()
    {
        var (asking, _) = AddTwo();
        List<object> outcomes = [];
        await foreach (var outcome in world.ExecuteMany(asking, _ => asking.Count(5), outcome => outcome is "last", Cancel))
        {
            outcomes.Add(outcome);
        }

        Assert.Equal([1, 2, 3, 4, "last"], outcomes);
        Assert.Empty(await Collect(world.ExecuteMany(asking, _ => 0, _ => true, Cancel)));
        await Assert.ThrowsAsync<SimulationStalledException>(() => Collect(world.ExecuteMany(asking, _ => asking.Count(2), _ => false, Cancel)));
        await Assert.ThrowsAsync<FormatException>(() => Collect(world.ExecuteMany(asking, _ => throw new FormatException(), _ => false, Cancel)));
    }

    [Fact]
    public async Task A_stream_lets_time_pass_for_each_outcome()
    {
        var (asking, _) = AddTwo();
        world.DefaultLink = Link.Default with { Latency = TimeSpan.FromSeconds(2) };
        var outcomes = await Collect(world.ExecuteMany(asking, now => asking.Ask(two, now), _ => true, Cancel));
        Assert.Equal("timed out", Assert.Single(outcomes));
    }

    [Fact]
    public async Task What_a_command_throws_comes_back()
    {
        var (asking, _) = AddTwo();
        await Assert.ThrowsAsync<FormatException>(() => world.Execute(asking, _ => throw new FormatException(), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Execute(asking, _ => 0, Cancel));
        await Assert.ThrowsAsync<FormatException>(() => world.Run(asking, _ => throw new FormatException(), Cancel));
        Assert.Throws<FormatException>(() => world.Query<int>(asking, _ => throw new FormatException()));
        Assert.Equal(0, world.Faults);
    }

    [Fact]
    public async Task A_cancelled_command_ends_and_its_outcome_is_discarded()
    {
        var (asking, _) = AddTwo();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var task = world.Begin(asking, now => asking.Ask(two, now), cancel.Token);
        await cancel.CancelAsync();
        Assert.True(task.IsCanceled);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, asking.BindingCount);
        Assert.True((await Ask(asking, two)).Attempts == 1);
        var never = world.Execute(asking, now => throw new FormatException(), cancel.Token);
        Assert.True(never.IsCanceled);
    }

    [Fact]
    public async Task Time_does_not_run_on_when_a_command_is_cancelled()
    {
        var (asking, _) = AddTwo();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        world.Tunnels.Refusal = (_, _) =>
        {
            cancel.Cancel();
            return null;
        };
        var begun = world.Begin(asking, now => asking.Never(), cancel.Token);
        var task = world.Execute(asking, now => asking.Dig(new Tunnel(1, one.Address, two.Address), two), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun);
        Assert.Equal(TimeSpan.Zero, world.Now.Elapsed);
    }

    [Fact]
    public async Task An_exception_out_of_an_agent_is_an_event()
    {
        var (sending, receiving) = AddTwo();
        await world.Run(sending, _ => sending.Tell(two, TestAgent.Explode, 1), Cancel);
        await Ask(sending, two);
        Assert.Equal(1, world.Faults);
        var fault = Assert.Single(world.Events.Last(100), happened => happened.Kind == EventKind.AgentFault);
        Assert.Equal("two", fault.Agent);
        Assert.Contains("exploded", fault.Detail, StringComparison.Ordinal);
        Assert.Equal(2, receiving.Received.Count);
    }

    [Fact]
    public async Task A_deadline_that_does_not_move_does_not_hold_time()
    {
        var (agent, _) = AddTwo();
        await world.Run(
            agent,
            now =>
            {
                agent.ExplodeOnAlarm = true;
                agent.Alarm = now.Elapsed;
            },
            Cancel);
        world.Advance(TimeSpan.FromMilliseconds(10));
        Assert.InRange(agent.Alarms, 10, 11);
        Assert.Equal(agent.Alarms, world.Faults);
    }

    [Fact]
    public async Task A_refused_tunnel_fails_before_what_depends_on_it()
    {
        var (digging, other) = AddTwo();
        var tunnel = new Tunnel(1, one.Address, two.Address);
        world.Tunnels.Refusal = (agent, wanted) => agent == "one" && wanted == tunnel ? "no more tunnels" : null;
        Assert.Equal("refused: no more tunnels", await world.Execute(digging, _ => digging.Dig(tunnel, two), Cancel));
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["no more tunnels"], digging.Failures);
        Assert.Empty(other.Received);
        Assert.Equal(0, world.Tunnels.Count);
        Assert.Contains(world.Events.Last(10), happened => happened.Kind == EventKind.EffectFailed);

        world.Tunnels.Refusal = null;
        _ = world.Begin(digging, _ => digging.Dig(tunnel, two), Cancel);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("one", Assert.Single(world.Tunnels.Snapshot()).Agent);
        Assert.Single(other.Received);
        await world.Run(digging, _ => digging.Bury(tunnel), Cancel);
        Assert.Equal(0, world.Tunnels.Count);
    }

    [Fact]
    public async Task A_call_from_inside_an_input_does_not_wait_for_itself()
    {
        var (digging, _) = AddTwo();
        world.Tunnels.Refusal = (_, _) => world.Query(digging, _ => "never");
        var outcome = await world.Execute(digging, _ => digging.Dig(new Tunnel(1, one.Address, two.Address), two), Cancel);
        Assert.Contains("wait for itself", (string)outcome, StringComparison.Ordinal);

        Task<object>? begun = null;
        world.Tunnels.Refusal = (_, _) =>
        {
            begun = world.Begin(digging, now => digging.Ask(two, now), Cancel);
            return "asked instead";
        };
        Assert.Equal(
            "refused: asked instead", await world.Execute(digging, _ => digging.Dig(new Tunnel(1, one.Address, two.Address), two), Cancel));
        Assert.True(world.RunUntilQuiet(TimeSpan.FromSeconds(1)));
        world.Advance(TimeSpan.FromMilliseconds(20));
        Assert.True(begun!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_restarted_agent_has_its_address_and_other_random_numbers()
    {
        var (asking, old) = AddTwo();
        world.Tunnels.Refusal = null;
        var lost = world.Begin(old, _ => old.Never(), Cancel);
        _ = world.Begin(old, _ => old.Dig(new Tunnel(1, two.Address, one.Address), one), Cancel);
        var fresh = new TestAgent("two", world.CreateRandom("two"), two);
        world.Restart(old, fresh);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lost);
        Assert.Equal(0, world.Tunnels.Count);
        Assert.Equal(1, fresh.Starts);
        Assert.Equal(1, (await Ask(asking, two)).Attempts);
        Assert.Empty(old.Received);
        Assert.Equal([asking, fresh], world.Agents);
        Assert.Throws<InvalidOperationException>(() => world.Query(old, _ => 0));
        Assert.NotEqual(world.CreateRandom("two").NextUInt64(), world.CreateRandom("two").NextUInt64());
    }

    [Fact]
    public void Names_and_addresses_are_taken_once()
    {
        AddTwo();
        Assert.Throws<ArgumentException>(() => Add("one", new Endpoint("192.0.2.3", 434)));
        var exception = Assert.Throws<NetException>(() => Add("three", one));
        Assert.Equal(NetError.AddressInUse, exception.Error);
        Add("three", one with { Port = 435 });
        Assert.Equal(3, world.Agents.Count);
    }

    [Fact]
    public async Task Port_0_is_chosen()
    {
        AddTwo();
        var asking = Add("three", new Endpoint("192.0.2.3", 0));
        Assert.Equal(49152, asking.LocalEndpoint.Port);
        Assert.Equal(49153, Add("four", new Endpoint("192.0.2.3", 0)).LocalEndpoint.Port);
        Assert.Equal(1, (await Ask(asking, two)).Attempts);
    }

    [Fact]
    public async Task An_agent_may_move()
    {
        var (asking, answering) = AddTwo();
        var moved = new Endpoint("192.0.2.77", 434);
        await world.Execute(asking, now => asking.MoveAndAsk(moved, two, now), Cancel);
        Assert.Equal(2, asking.Received.Count + answering.Received.Count);
        await world.Run(answering, _ => answering.Tell(one, TestAgent.OneWay, 1), Cancel);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, world.Traffic.Undeliverable);
        Assert.Equal("timed out", await world.Execute(asking, now => asking.MoveAndAsk(two, two, now), Cancel));
        Assert.Contains(world.Events.Last(10), happened => happened.Kind == EventKind.TransportError && happened.Agent == "one");
        Add("three", one);
        world.Remove(asking);
        Add("four", moved);
    }

    [Fact]
    public async Task A_capture_holds_each_packet_once_in_virtual_time()
    {
        var (asking, _) = AddTwo();
        using var file = new MemoryStream();
        using (var capture = new PacketCapture(file, leaveOpen: true))
        {
            world.Capture = capture;
            await Ask(asking, two);
            Assert.Equal(2, capture.Count);
            capture.Dispose();
            await Ask(asking, two);
        }

        file.Position = 0;
        using var reader = new PcapngReader(file);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal(SimulatedWorld.StartOfTime, frame.Time);
        Assert.Equal(LinkType.Raw, frame.LinkType);
        Assert.True(PacketFrame.TryRead(frame.Octets.Span, Transport.MobileIPv4Udp, out var envelope, out _, out _));
        Assert.Equal(new Envelope(Transport.MobileIPv4Udp, one, two), envelope);
        Assert.True(reader.TryRead(out frame));
        Assert.Equal(SimulatedWorld.StartOfTime.AddMilliseconds(5), frame.Time);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public async Task A_capture_can_be_read_while_it_goes_on()
    {
        var (asking, _) = AddTwo();
        using var capture = new PacketCapture(new MemoryStream());
        world.Capture = capture;
        Assert.Empty(capture.Read());
        await Ask(asking, two);
        Assert.Equal(2, capture.Read().Count);
        await Ask(asking, two);
        Assert.Equal([0, 5, 10, 15], capture.Read().Select(frame => (frame.Time - SimulatedWorld.StartOfTime).TotalMilliseconds));
        capture.Dispose();
        Assert.Throws<ObjectDisposedException>(capture.Read);
    }

    [Fact]
    public async Task Waiting_is_virtual()
    {
        var (agent, _) = AddTwo();
        agent.Alarm = TimeSpan.FromDays(300);
        await world.Run(agent, _ => { }, Cancel);
        Assert.True(await world.WaitUntil(() => agent.Alarms == 1, TimeSpan.FromDays(365), Cancel));
        Assert.Equal(TimeSpan.FromDays(300), world.Now.Elapsed);
        Assert.False(await world.WaitUntil(() => false, TimeSpan.FromHours(1), Cancel));
        await world.Delay(TimeSpan.FromHours(2), Cancel);
        Assert.Equal(TimeSpan.FromDays(300) + TimeSpan.FromHours(3), world.Now.Elapsed);
    }

    [Fact]
    public async Task Disposal_ends_commands_and_agents()
    {
        var (asking, _) = AddTwo();
        var lost = world.Begin(asking, _ => asking.Never(), Cancel);
        await world.DisposeAsync();
        await world.DisposeAsync();
        Assert.Equal("The agent one has stopped.", (await Assert.ThrowsAsync<ObjectDisposedException>(() => lost)).Message);
        Assert.Empty(world.Agents);
        Assert.Equal(2, world.Events.Last(100).Count(happened => happened.Kind == EventKind.Stopped));
        Assert.Throws<ObjectDisposedException>(() => Add("three", new Endpoint("192.0.2.3", 434)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Execute(asking, now => asking.Ask(two, now), Cancel));
    }

    [Fact]
    public async Task Threads_may_share_a_world()
    {
        var (asking, _) = AddTwo();
        world.DefaultLink = Link.Default with { Loss = 0.1 };
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                for (var count = 0; count < 200; count++)
                {
                    await world.Execute(asking, now => asking.Ask(two, now), Cancel);
                    world.Query(asking, _ => asking.BindingCount);
                }
            },
            Cancel));
        await Task.WhenAll(tasks);
        Assert.Equal(0, world.Query(asking, _ => asking.BindingCount));
    }

    private static async Task<List<object>> Collect(IAsyncEnumerable<object> outcomes)
    {
        List<object> collected = [];
        await foreach (var outcome in outcomes)
        {
            collected.Add(outcome);
        }

        return collected;
    }

    private (TestAgent One, TestAgent Two) AddTwo() => (Add("one", one), Add("two", two));

    private TestAgent Add(string name, Endpoint local, Transport transport = Transport.MobileIPv4Udp)
    {
        var agent = new TestAgent(name, world.CreateRandom(name), local, transport);
        world.Add(agent);
        return agent;
    }

    private void Tell(TestAgent sending, int count, TimeSpan gap = default)
    {
        for (var number = 0; number < count; number++)
        {
            world.Run(sending, _ => sending.Tell(two, TestAgent.OneWay, number), Cancel);
            world.Advance(gap);
        }

        Assert.True(world.RunUntilQuiet(TimeSpan.FromSeconds(10)));
    }

    private async Task<(TimeSpan Time, int Attempts)> Ask(TestAgent asking, Endpoint peer) =>
        ((TimeSpan, int))await world.Execute(asking, now => asking.Ask(peer, now), Cancel);
}
