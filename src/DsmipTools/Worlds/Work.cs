using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using DsmipTools.Engine;

namespace DsmipTools.Worlds;

/// <summary>Something to do on an agent's loop, between inputs.</summary>
internal abstract class Work
{
    /// <summary>Does it; never throws.</summary>
    public abstract void Run(AgentDriver driver, Instant now);

    /// <summary>It will not be done, or no outcome will come.</summary>
    public abstract void End(Exception reason);
}

/// <summary>Something that an agent is told.</summary>
internal sealed class Notice(Action<Agent, Instant> what) : Work
{
    public override void Run(AgentDriver driver, Instant now) => driver.Tell(what, now);

    public override void End(Exception reason)
    {
    }
}

/// <summary>Something that has a result at once.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What the caller's code throws goes back to the caller.")]
internal sealed class Query<T>(Func<Instant, T> read, CancellationToken cancellationToken) : Work
{
    private readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => result.Task;

    public override void Run(AgentDriver driver, Instant now)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            result.TrySetCanceled(cancellationToken);
            return;
        }

        try
        {
            result.TrySetResult(read(now));
        }
        catch (Exception exception)
        {
            result.TrySetException(exception);
        }
    }

    public override void End(Exception reason) => result.TrySetException(reason);
}

/// <summary>A command of an agent that is waited for.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What the caller's code throws goes back to the caller.")]
internal abstract class Command(Func<Instant, long> start) : Work
{
    /// <summary>The number that the agent gave it; 0 until it has run.</summary>
    public long Number { get; private set; }

    /// <summary>True when nobody waits any more.</summary>
    public abstract bool IsOver { get; }

    public sealed override void Run(AgentDriver driver, Instant now)
    {
        if (IsOver)
        {
            return;
        }

        try
        {
            Number = start(now);
        }
        catch (Exception exception)
        {
            End(exception);
            return;
        }

        if (Number > 0)
        {
            driver.Await(this);
        }
        else
        {
            HasNoOutcome();
        }
    }

    /// <summary>An outcome came.</summary>
    public abstract void Take(object outcome);

    /// <summary>The agent gave no number: no outcome will come.</summary>
    protected abstract void HasNoOutcome();
}

/// <summary>A command with one outcome.</summary>
internal sealed class SingleCommand(Func<Instant, long> start) : Command(start)
{
    private readonly TaskCompletionSource<object> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration registration;

    public Task<object> Task => result.Task;

    public override bool IsOver => result.Task.IsCompleted;

    /// <summary>Ends the command when the token asks for it.</summary>
    public void Watch(AgentDriver driver, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                if (result.TrySetCanceled(token))
                {
                    driver.Forget(this);
                }
            },
            null);
    }

    public override void Take(object outcome)
    {
        result.TrySetResult(outcome);
        registration.Unregister();
    }

    public override void End(Exception reason)
    {
        result.TrySetException(reason);
        registration.Unregister();
    }

    protected override void HasNoOutcome() => End(new InvalidOperationException("The command has no outcome to wait for."));
}

/// <summary>A command with several outcomes under one number.</summary>
internal sealed class StreamCommand(Func<Instant, long> start, Func<object, bool> isLast) : Command(start)
{
    private readonly Channel<object> outcomes = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private volatile bool over;

    public ChannelReader<object> Outcomes => outcomes.Reader;

    public override bool IsOver => over;

    /// <summary>Nobody reads any more.</summary>
    public void Abandon(AgentDriver driver)
    {
        if (!over)
        {
            over = true;
            driver.Forget(this);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What the caller's predicate throws goes back to the caller.")]
    public override void Take(object outcome)
    {
        try
        {
            var last = isLast(outcome);
            outcomes.Writer.TryWrite(outcome);
            if (last)
            {
                HasNoOutcome();
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    public override void End(Exception reason)
    {
        over = true;
        outcomes.Writer.TryComplete(reason);
    }

    protected override void HasNoOutcome()
    {
        over = true;
        outcomes.Writer.TryComplete();
    }
}
