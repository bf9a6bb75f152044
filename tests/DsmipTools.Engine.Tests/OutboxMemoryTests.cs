using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Tests.Simulation;

namespace DsmipTools.Engine.Tests;

/// <summary>The heap of the process is looked at: no other test may run beside.</summary>
[CollectionDefinition(nameof(OutboxMemoryTests), DisableParallelization = true)]
[Collection(nameof(OutboxMemoryTests))]
public sealed class OutboxMemoryTests
{
    [Fact]
    public void The_room_of_a_burst_is_not_kept_and_what_follows_is_whole()
    {
        var outbox = new Outbox();
        var burst = new byte[1000];
        for (var number = 0; number < 6000; number++)
        {
            outbox.Send(Domain.FromGateway(), burst);
        }

        var before = GC.GetTotalMemory(true);
        var taken = 0;
        while (outbox.TryTake(out _))
        {
            taken++;
        }

        Assert.Equal(6000, taken);
        byte[] message = [59, 0, 16, 0, 0, 0, 1, 2];
        outbox.Send(Domain.FromGateway(), message);
        outbox.Report(new AgentEvent { Kind = EventKind.Started });
        Assert.True(outbox.TryTake(out var sent));
        Assert.Equal(message, outbox.MessageOf(sent).ToArray());
        Assert.Equal(6001, sent.Number);
        Assert.True(outbox.TryTake(out var happened));
        Assert.Equal(EventKind.Started, happened.Event.Kind);
        Assert.False(outbox.TryTake(out _));
        // 8 MiB of octets and the array of the effects.
        Assert.InRange(before - GC.GetTotalMemory(true), 4_000_000, long.MaxValue);
    }
}
