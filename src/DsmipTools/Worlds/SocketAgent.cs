using System.Collections.Concurrent;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.AccessLinks;
using DsmipTools.Net.RawPackets;
using DsmipTools.Tunnels;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>An agent on real sockets, with its thread, and with its tunnels where packets travel.</summary>
internal sealed class SocketAgent : AgentDriver, ITunnelOwner
{
    // After this many datagrams in a row, deadlines and commands have their turn.
    private const int MaximumBatch = 64;

    private readonly SocketWorld world;
    private readonly Thread thread;
    private readonly ConcurrentQueue<Work> posted = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] buffer = new byte[MobilityTransport.MaximumPacket];
    private NeighbourPort? links;
    private byte[] packet = new byte[2048];
    private readonly AgentPlace place;
    private readonly DropReports reports = new();
    private readonly AgentTunnels? tunnels;
    private volatile IMessageTransport transport;
    private int wakeUpIsDue;
    private int state;

    public SocketAgent(SocketWorld world, Agent agent, AgentPlace place)
        : base(world, agent)
    {
        this.world = world;
        this.place = place;
        transport = OpenTransport(agent.LocalEndpoint);
        tunnels = place.CarriesTraffic ? new AgentTunnels(agent.Name, place, this) : null;
        thread = new Thread(Loop) { IsBackground = true, Name = "DsmipTools " + agent.Name };
    }

    private enum State
    {
        Running,
        Halting,
        Stopped,
    }

    public override Endpoint Local => transport.Local;

    public override IReadOnlyList<AgentTunnel> CarriedTunnels => tunnels?.List() ?? [];

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
        IMessageTransport other;
        try
        {
            other = OpenTransport(wanted);
        }
        catch (NetException exception)
        {
            ReportTrouble(now, null, exception.Message);
            return;
        }

        var left = transport;
        world.Move(this, left.Local, other.Local);
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

        if (envelope.Transport != Agent.Transport)
        {
            ReportTrouble(now, envelope.Destination.Address, $"{Agent.Name} sends by {Agent.Transport}, and not by {envelope.Transport}.");
            return;
        }

        var from = envelope with { Source = Local };
        Capture(from, message, now);
        transport.Send(from, message);
    }

    /// <summary>Called on the thread of the tunnels.</summary>
    public void Lost(NetException reason) => Post(new Restoration(this, reason));

    /// <summary>Called on the thread of the tunnels.</summary>
    public void Dropped(ReadOnlySpan<byte> packet, in ForwardingDecision decision)
    {
        var now = world.Now;
        // The host itself sends to its device what nobody needs, such as reports of multicast: no event for that.
        if (decision.Drop.IsSecurityException() && reports.Take(decision.Drop, now.Elapsed) is > 0 and var count)
        {
            world.Report(DropReports.Describe(packet, decision, count) with { At = now, Agent = Agent.Name });
        }
    }

    protected override bool SendOnLink(uint link, ReadOnlySpan<byte> packet)
    {
        if (!place.CarriesTraffic)
        {
            return false;
        }

        try
        {
            links ??= place.Open(() => new NeighbourPort(Arrive, LinkLost));
            links.Send((int)link, packet);
        }
        catch (NetException exception)
        {
            ReportTrouble(world.Now, null, exception.Message);
        }

        return true;
    }

    protected override string? BringUp(Tunnel tunnel, Instant now)
    {
        if (tunnels is null)
        {
            return base.BringUp(tunnel, now);
        }

        tunnels.Add(tunnel, now);
        try
        {
            if (base.BringUp(tunnel, now) is not { } refused)
            {
                return null;
            }

            tunnels.Remove(tunnel);
            return refused;
        }
        catch
        {
            tunnels.Remove(tunnel);
            throw;
        }
    }

    protected override void TakeDown(Tunnel tunnel)
    {
        base.TakeDown(tunnel);
        tunnels?.Remove(tunnel);
    }

    protected override void Add(Route route) => tunnels?.Add(route);

    protected override void Remove(Route route) => tunnels?.Remove(route);

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
        links?.Dispose();
        tunnels?.Dispose();
        Stop(world.Now);
        EndPosted();
    }

    /// <summary>Called on the thread of the access links.</summary>
    private void Arrive(int link, byte[] packet) => Post(new Arrival(this, (uint)link, packet));

    private void LinkLost(int link) => Post(new LinkLoss((uint)link));

    private IMessageTransport OpenTransport(Endpoint local)
    {
        var opened = place.Open<IMessageTransport>(() => Agent.Transport == Transport.IPv6
            ? new IPv6Messages(local.Address, Survive)
            : new UdpMessages(Agent.Transport, local, Survive));
        if (opened is IPv6Messages { NotQuiet: { } reason })
        {
            ReportTrouble(world.Now, null, reason.Message);
        }

        return opened;
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
        for (var received = 0; received < MaximumBatch && transport.TryReceive(buffer, out var message, out var envelope); received++)
        {
            var now = world.Now;
            if (world.Capture is not null && !world.Has(envelope.Source))
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

    /// <summary>A link event: who is behind an interface that has lost its carrier has left (RFC 5213, 6.13).</summary>
    private sealed class LinkLoss(uint link) : Work
    {
        public override void Run(AgentDriver driver, Instant now)
        {
            if (driver.Agent is MobileAccessGateway gateway)
            {
                gateway.LinkDown(link, now);
            }
        }

        public override void End(Exception reason)
        {
        }
    }

    /// <summary>The device of the tunnels is gone.</summary>
    private sealed class Restoration(SocketAgent agent, NetException reason) : Work
    {
        public override void Run(AgentDriver driver, Instant now)
        {
            agent.ReportTrouble(now, null, reason.Message);
            foreach (var refused in agent.tunnels!.Restore())
            {
                agent.ReportTrouble(now, null, refused.Message);
            }
        }

        public override void End(Exception reason)
        {
        }
    }

    /// <summary>A packet from an access link.</summary>
    private sealed class Arrival(SocketAgent agent, uint link, byte[] packet) : Work
    {
        public override void Run(AgentDriver driver, Instant now)
        {
            agent.links!.Taken();
            driver.TakeFromLink(link, packet, now);
        }

        public override void End(Exception reason)
        {
        }
    }
}
