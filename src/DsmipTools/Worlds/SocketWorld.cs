using System.Collections.Concurrent;
using System.Diagnostics;
using DsmipTools.Engine;
using DsmipTools.Hosting;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// Agents on real sockets in real time: on the loopback interface, on the host's own network, in network namespaces, and some here and some there. Each
/// agent has a socket and a thread of its own, which waits for datagrams, commands and deadlines; nothing is allocated per datagram.
/// </summary>
/// <param name="world">Where agents run unless their place says otherwise.</param>
/// <param name="eventCapacity">The number of events that are kept.</param>
public sealed class SocketWorld(World world = World.Loopback, int eventCapacity = EventLog.DefaultCapacity) : WorldRuntime(eventCapacity)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<Endpoint, SocketAgent> nodes = [];

    /// <inheritdoc/>
    public override World World => world;

    /// <inheritdoc/>
    public override Instant Now => new(Stopwatch.GetElapsedTime(started), DateTimeOffset.UtcNow);

    /// <inheritdoc/>
    public override IRandomSource CreateRandom(string agent) => new CryptographicRandom();

    /// <inheritdoc/>
    public override Task Delay(TimeSpan duration, CancellationToken cancellationToken = default) => Task.Delay(duration, cancellationToken);

    /// <inheritdoc/>
    public override async Task<bool> WaitUntil(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var start = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(1);
        var longestPause = TimeSpan.FromMilliseconds(20);
        while (!condition())
        {
            var left = limit - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.Delay(left < pause ? left : pause, cancellationToken).ConfigureAwait(false);
            pause = pause < longestPause ? pause * 2 : longestPause;
        }

        return true;
    }

    private protected override async Task<bool> WaitForEvent(EventReader reader, TimeSpan end, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (end != TimeSpan.MaxValue)
        {
            var left = end - Now.Elapsed;
            enough.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        try
        {
            return await reader.WaitAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>True for the address of an agent of this world.</summary>
    internal bool Has(Endpoint endpoint) => nodes.ContainsKey(endpoint);

    /// <summary>An agent has moved.</summary>
    internal void Move(SocketAgent node, Endpoint from, Endpoint to)
    {
        nodes[to] = node;
        nodes.TryRemove(KeyValuePair.Create(from, node));
    }

    private protected override AgentDriver Open(Agent agent, AgentPlace? place)
    {
        var at = place ?? AgentPlace.Of(world);
        if (agent.Transport == Transport.IPv6 && !at.CarriesTraffic)
        {
            throw new NotSupportedException(
                $"The loopback world carries UDP only, and {agent.Name} speaks Mobility Headers over IPv6. Give it an IPv4 address, or another world.");
        }

        if (agent.IsProtected)
        {
            throw new NotSupportedException($"{agent.Name} has IPsec security associations. {KernelIPsec.Advice}");
        }

        var node = new SocketAgent(this, agent, at);
        nodes[node.Local] = node;
        try
        {
            node.Launch();
            return node;
        }
        catch
        {
            Close(node);
            throw;
        }
    }

    private protected override void Close(AgentDriver driver)
    {
        var node = (SocketAgent)driver;
        nodes.TryRemove(KeyValuePair.Create(node.Local, node));
        node.Halt();
    }

    private protected override void ThrowIfInside(AgentDriver driver)
    {
        if (((SocketAgent)driver).IsItsThread)
        {
            throw new InvalidOperationException($"The call comes from inside an input to {driver.Agent.Name}, and would wait for itself.");
        }
    }
}
