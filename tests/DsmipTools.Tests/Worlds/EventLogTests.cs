using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

public sealed class EventLogTests : IAsyncDisposable
{
    private readonly SimulatedWorld world = new(1, eventCapacity: 100);
    private readonly TestAgent agent;

    public EventLogTests()
    {
        agent = new TestAgent("one", new SeededRandom(1), new Endpoint("192.0.2.1", 434));
        world.Add(agent);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task The_newest_events_are_kept(int count)
    {
        // The agent's start was the first event.
        for (var number = 1; number <= count; number++)
        {
            await Say(number);
        }

        Assert.Equal(count + 1, world.Events.Total);
        Assert.Equal(Math.Min(100, count + 1), world.Events.Count);
        Assert.Equal(Math.Max(0, count + 1 - 100), world.Events.Lost);
        var all = world.Events.Last(int.MaxValue);
        Assert.Equal(world.Events.Count, all.Count);
        Assert.All(all, happened => Assert.Equal("one", happened.Agent));
        Assert.Equal(
            Enumerable.Range(0, count + 1).TakeLast(100).Select(number => number == 0 ? null : number.ToString(null, null)),
            all.Select(happened => happened.Detail));
        Assert.Equal(all.TakeLast(3), world.Events.Last(3));
        Assert.Empty(world.Events.Last(0));
    }

    [Fact]
    public async Task Any_number_of_readers_get_what_comes()
    {
        await Say(1);
        var readers = Enumerable.Range(0, 3).Select(_ => Read(world.Events.Stream(Cancel))).ToArray();
        for (var number = 2; number <= 50; number++)
        {
            await Say(number);
        }

        await world.DisposeAsync();
        foreach (var reader in readers)
        {
            var events = await reader;
            Assert.Equal(Enumerable.Range(2, 49).Select(number => number.ToString(null, null)), events.SkipLast(1).Select(happened => happened.Detail));
            Assert.Equal(EventKind.Stopped, events[^1].Kind);
        }

        Assert.Empty(await Read(world.Events.Stream(Cancel)));
        Assert.Equal(0, world.Events.Missed);
    }

    [Fact]
    public async Task A_slow_reader_misses_the_oldest_and_that_is_counted()
    {
        var stream = world.Events.Stream(Cancel);
        for (var number = 1; number <= 150; number++)
        {
            await Say(number);
        }

        await world.DisposeAsync();
        var events = await Read(stream);
        Assert.Equal(100, events.Count);
        Assert.Equal("52", events[0].Detail);
        Assert.Equal(51, world.Events.Missed);
    }

    [Fact]
    public async Task A_reader_can_be_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = Read(world.Events.Stream(cancel.Token));
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_reader_may_begin_with_what_happened_before()
    {
        for (var number = 1; number <= 120; number++)
        {
            await Say(number);
        }

        var three = world.Events.Open(3);
        var all = world.Events.Open(int.MaxValue);
        await Say(121);
        Assert.Equal(["118", "119", "120", "121"], Take(three));
        Assert.Equal(100, Take(all).Count);
        Assert.Equal(1, all.Missed);
        Assert.Empty(Take(three));
    }

    [Fact]
    public async Task Following_lets_virtual_time_pass_until_the_limit_or_until_nothing_is_left()
    {
        agent.Alarm = world.Now.Elapsed + TimeSpan.FromSeconds(5);
        var reader = world.Events.Open();
        await Say(1);
        Assert.Equal(["1"], (await Read(world.Follow(reader, TimeSpan.FromSeconds(2), Cancel))).Select(happened => happened.Detail));
        Assert.Equal(TimeSpan.FromSeconds(2), world.Now.Elapsed);
        agent.Alarm = null;
        await Say(2);
        Assert.Equal(["2"], (await Read(world.Follow(reader, Timeout.InfiniteTimeSpan, Cancel))).Select(happened => happened.Detail));
        Assert.True(world.Now.Elapsed < TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Read(world.Follow(reader, TimeSpan.FromSeconds(-1), Cancel)));
    }

    private static List<string?> Take(EventReader reader)
    {
        List<string?> details = [];
        while (reader.TryRead(out var happened))
        {
            details.Add(happened.Detail);
        }

        return details;
    }

    private static async Task<List<AgentEvent>> Read(IAsyncEnumerable<AgentEvent> stream)
    {
        List<AgentEvent> events = [];
        await foreach (var happened in stream)
        {
            events.Add(happened);
        }

        return events;
    }

    private Task Say(int number) => world.Run(agent, now => agent.Say(number.ToString(null, null), now), Cancel);
}
