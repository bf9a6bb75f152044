using System.Collections.Concurrent;
using System.Diagnostics;
using DsmipTools.Engine;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// Agents on real UDP sockets in real time. Each agent has a socket and a thread of its own, which waits for datagrams, commands and
/// deadlines; nothing is allocated per datagram.
/// </summary>
/// <param name="eventCapacity">The number of events that are kept.</param>
public sealed class LoopbackWorld(int eventCapacity = EventLog.DefaultCapacity) : WorldRuntime(eventCapacity)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<Endpoint, LoopbackNode> nodes = [];

    /// <inheritdoc/>
    public override World World => World.Loopback;

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

    private protected override AgentDriver Open(Agent agent)
    {
        if (agent.Transport == Transport.IPv6)
        {
            throw new NotSupportedException(
                $"The loopback world carries UDP only, and {agent.Name} speaks Mobility Headers over IPv6. Give it an IPv4 address, or use the simulated world.");
        }

        if (agent.IsProtected)
        {
            throw new NotSupportedException($"{agent.Name} has IPsec security associations. {KernelIPsec.Advice}");
        }

        var node = new LoopbackNode(this, agent);
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
        var node = (LoopbackNode)driver;
        nodes.TryRemove(KeyValuePair.Create(node.Local, node));
        node.Halt();
    }

    private protected override void ThrowIfInside(AgentDriver driver)
    {
        if (((LoopbackNode)driver).IsItsThread)
        {
            throw new InvalidOperationException($"The call comes from inside an input to {driver.Agent.Name}, and would wait for itself.");
        }
    }

    /// <summary>An agent in this world, with its socket and thread.</summary>
    private sealed class LoopbackNode : AgentDriver
    {
        // After this many datagrams in a row, deadlines and commands have their turn.
        private const int MaximumBatch = 64;

        private readonly LoopbackWorld world;
        private readonly Thread thread;
        private readonly ConcurrentQueue<Work> posted = new();
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] buffer = new byte[UdpTransport.MaximumDatagram];
        private byte[] packet = new byte[2048];
        private volatile UdpTransport transport;
        private int wakeUpIsDue;
        private int state;

        public LoopbackNode(LoopbackWorld world, Agent agent)
            : base(world, agent)
        {
            this.world = world;
            transport = UdpTransport.Open(agent.LocalEndpoint);
            transport.Fault = Survive;
            thread = new Thread(Loop) { IsBackground = true, Name = "DsmipTools " + agent.Name };
        }

        private enum State
        {
            Running,
            Halting,
            Stopped,
        }

        public override Endpoint Local => transport.Local;

        public bool IsItsThread => Thread.CurrentThread == thread;

        /// <summary>Starts the thread, and the agent on it.</summary>
        public void Launch()
        {
            thread.Start();
            begun.Task.GetAwaiter().GetResult();
        }

        /// <summary>Stops agent and thread and closes the socket.</summary>
        public void Halt()
        {
            if (IsItsThread)
            {
                throw new InvalidOperationException($"{Agent.Name} cannot be stopped from inside one of its inputs.");
            }

            Interlocked.CompareExchange(ref state, (int)State.Halting, (int)State.Running);
            transport.Wake();
            thread.Join();
            transport.Dispose();
            EndPosted();
        }

        public override void Post(Work work)
        {
            posted.Enqueue(work);
            Interlocked.MemoryBarrier(); // The state is read after the work can be seen: either this thread or the agent's ends it.
            if (Volatile.Read(ref state) == (int)State.Stopped)
            {
                // The thread will not look again.
                EndPosted();
            }
            else if (Interlocked.Exchange(ref wakeUpIsDue, 1) == 0)
            {
                try
                {
                    transport.Wake();
                }
                catch (ObjectDisposedException)
                {
                    // Either the agent has moved, and its thread looks again; or it has stopped.
                    if (Volatile.Read(ref state) == (int)State.Stopped)
                    {
                        EndPosted();
                    }
                }
            }
        }

        protected override void Move(Endpoint wanted, Instant now)
        {
            UdpTransport other;
            try
            {
                other = UdpTransport.Open(wanted);
            }
            catch (NetException exception)
            {
                ReportTrouble(now, null, exception.Message);
                return;
            }

            var left = transport;
            other.Fault = Survive;
            world.nodes[other.Local] = this;
            world.nodes.TryRemove(KeyValuePair.Create(left.Local, this));
            transport = other;
            left.Dispose();

            // Somebody may have woken the socket that is gone.
            other.Wake();
        }

        protected override void Send(in Envelope envelope, ReadOnlySpan<byte> message, Instant now)
        {
            if (envelope.IsProtected)
            {
                ReportTrouble(now, envelope.Destination.Address, KernelIPsec.Advice);
                return;
            }

            if (envelope.Transport == Transport.IPv6)
            {
                ReportTrouble(now, envelope.Destination.Address, "The loopback world carries no Mobility Headers over IPv6.");
                return;
            }

            Capture(envelope with { Source = Local }, message, now);
            transport.Send(envelope.Destination, message);
        }

        private void Loop()
        {
            try
            {
                Agent.Bind(Local);
                Start(world.Now);
                begun.SetResult();
            }
#pragma warning disable CA1031 // What stops the agent from starting goes to the caller of Add.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                begun.SetException(exception);
                Volatile.Write(ref state, (int)State.Halting);
            }

            while (Volatile.Read(ref state) == (int)State.Running)
            {
                try
                {
                    var now = world.Now;
                    if (NextExpiry is { } due && due <= now.Elapsed)
                    {
                        Expire(now);
                    }

                    var result = transport.Wait(NextExpiry is { } next ? Positive(next - world.Now.Elapsed) : Timeout.InfiniteTimeSpan);
                    if ((result & WaitResult.Woken) != 0)
                    {
                        // A full fence: what is posted after it wakes the thread again.
                        Interlocked.Exchange(ref wakeUpIsDue, 0);
                        PerformPosted();
                    }

                    if ((result & WaitResult.Data) != 0)
                    {
                        ReceiveSome();
                    }
                }
                catch (Exception exception) when (exception is System.Net.Sockets.SocketException or NetException)
                {
                    // A socket that fails for a moment must not take the process down, nor keep a processor busy.
                    ReportTrouble(world.Now, null, "The transport failed: " + exception.Message);
                    Thread.Sleep(TroublePause);
                }
            }

            Interlocked.Exchange(ref state, (int)State.Stopped);
            Stop(world.Now);
            EndPosted();
        }

        private static readonly TimeSpan TroublePause = TimeSpan.FromMilliseconds(10);

        private static TimeSpan Positive(TimeSpan duration) => duration > TimeSpan.Zero ? duration : TimeSpan.Zero;

        private void PerformPosted()
        {
            while (Volatile.Read(ref state) == (int)State.Running && posted.TryDequeue(out var work))
            {
                Perform(work, world.Now);
            }
        }

        private void EndPosted()
        {
            while (posted.TryDequeue(out var work))
            {
                work.End(Gone());
            }
        }

        private void ReceiveSome()
        {
            for (var received = 0; received < MaximumBatch && transport.TryReceive(buffer, out var length, out var source); received++)
            {
                var now = world.Now;
                var message = buffer.AsSpan(0, length);
                var envelope = new Envelope(Agent.Transport, source, Local);
                if (world.Capture is not null && !world.nodes.ContainsKey(source))
                {
                    // What a node of this world sends is captured where it is sent.
                    Capture(envelope, message, now);
                }

                Receive(message, envelope, now);
            }
        }

        private void Capture(in Envelope envelope, ReadOnlySpan<byte> message, Instant now)
        {
            if (world.Capture is not { } capture)
            {
                return;
            }

            var length = PacketFrame.Overhead(envelope) + message.Length;
            if (packet.Length < length)
            {
                packet = new byte[length];
            }

            try
            {
                capture.Write(now.WallClock, packet.AsSpan(0, PacketFrame.Write(envelope, message, packet)));
            }
            catch (Exception exception) when (exception is ArgumentException or IOException or ObjectDisposedException)
            {
                ReportTrouble(now, envelope.Destination.Address, "The packet cannot be captured: " + exception.Message);
            }
        }

        private void Survive(UdpFault fault)
        {
            var reporter = fault.Reporter is { } address && address != fault.Peer?.Address ? $", reported by {address}" : "";
            ReportTrouble(world.Now, fault.Peer?.Address, $"{fault.Error} (errno {fault.Errno}) for {fault.Peer?.ToString() ?? "an unknown peer"}{reporter}");
        }
    }
}
