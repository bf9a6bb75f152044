using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Namespaces;

namespace DsmipTools.Net.Links;

/// <summary>
/// Joins Ethernet interfaces as a switch does, and delays, loses, doubles or changes frames as its conditions say: what netem does where the kernel has it.
/// One thread moves the frames of all ports. Ports are added and removed while it runs. Safe for use by several threads.
/// </summary>
public sealed unsafe class LinkElement : IDisposable
{
    /// <summary>Frames that are under way hold at most so many octets; what comes beyond is dropped and counted.</summary>
    public const int MaximumHeldOctets = 64 << 20;

    private const int LongestFrame = LinkPort.HeaderLength + 14 + 65_535;
    private const int FramesAtOnce = 64;
    private const int EthernetHeader = 14;
    private const int LinkAddressLength = 6;
    private const int LearnedAddresses = 4096;

    private readonly Lock gate = new();
    private readonly ILinkConditions conditions;
    private readonly SafeEventDescriptor wakeUp;
    private readonly Thread thread;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(LongestFrame, pinned: true);
    private readonly PriorityQueue<Held, (TimeSpan Due, long Order)> held = new();
    private readonly Dictionary<ulong, LinkPort> learned = [];
    private volatile LinkPort[] ports = [];
    private volatile bool isStopping;
    private long order;
    private long heldOctets;
    private long overflown;
    private long lastDropped;

    /// <summary>Starts an element without ports.</summary>
    /// <param name="conditions">What becomes of frames.</param>
    /// <param name="name">The name of the link, for its thread.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with the element.")]
    public LinkElement(ILinkConditions conditions, string name)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        this.conditions = conditions;
        wakeUp = Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking);
        if (wakeUp.IsInvalid)
        {
            throw new NetException(NetError.NoResources, Marshal.GetLastPInvokeError(), "No eventfd can be had. Raise the limit of open files ('ulimit -n') if it is reached.");
        }

        thread = new Thread(Run) { IsBackground = true, Name = $"link {name}" };
        thread.UnsafeStart();
    }

    /// <summary>Frames that were dropped because too many were under way, or came faster than they could be taken.</summary>
    public long Overflown => Interlocked.Read(ref overflown) + Interlocked.Read(ref lastDropped) + ports.Sum(port => port.Dropped);

    /// <summary>Adds a port.</summary>
    /// <param name="number">The number by which the conditions know it.</param>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="where">The network namespace of the interface.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public void Add(int number, int interfaceIndex, NetworkNamespace where)
    {
        ArgumentNullException.ThrowIfNull(where);
        var added = where.Run(() => new LinkPort(number, interfaceIndex));
        lock (gate)
        {
            ports = [.. ports, added];
        }

        wakeUp.Signal();
    }

    /// <summary>Removes a port: what is under way to it is dropped. Does nothing when there is none of this number.</summary>
    public void Remove(int number)
    {
        lock (gate)
        {
            if (Array.Find(ports, port => port.Number == number) is { } removed)
            {
                ports = [.. ports.Where(port => port != removed)];
                Interlocked.Add(ref lastDropped, removed.Dropped);
                removed.Dispose();
            }
        }

        wakeUp.Signal();
    }

    /// <summary>Ends the thread and closes all ports. What is still under way arrives at once.</summary>
    public void Dispose()
    {
        if (!isStopping)
        {
            isStopping = true;
            wakeUp.Signal();
            thread.Join();
            wakeUp.Dispose();
            Array.ForEach(ports, port => port.Dispose());
        }
    }

    private static ulong AddressAt(ReadOnlySpan<byte> frame, int at)
    {
        ulong address = 0;
        foreach (var octet in frame.Slice(at, LinkAddressLength))
        {
            address = (address << 8) | octet;
        }

        return address;
    }

    private static TimeSpan Now() => Stopwatch.GetElapsedTime(0);

    private void Run()
    {
        while (!isStopping)
        {
            var now = ports;
            var goesOn = false;
            foreach (var port in now)
            {
                goesOn |= TakeFrom(port, now);
            }

            Release(Now());
            if (!goesOn)
            {
                Wait(now);
            }
        }

        Release(TimeSpan.MaxValue);
    }

    /// <summary>Takes some frames of a port; false when it has no more.</summary>
    private bool TakeFrom(LinkPort port, LinkPort[] all)
    {
        for (var taken = 0; taken < FramesAtOnce; taken++)
        {
            int length;
            try
            {
                length = port.Receive(buffer);
            }
            catch (ObjectDisposedException)
            {
                return false;
            }

            if (length < LinkPort.HeaderLength + EthernetHeader)
            {
                return false;
            }

            Pass(port, all, buffer.AsSpan(0, length));
        }

        return true;
    }

    /// <summary>Sends a frame to the port where its destination is, or to all others as long as that is not known.</summary>
    private void Pass(LinkPort from, LinkPort[] all, Span<byte> frame)
    {
        const ulong Group = 1UL << 40;
        var destination = AddressAt(frame, LinkPort.HeaderLength);
        var source = AddressAt(frame, LinkPort.HeaderLength + LinkAddressLength);
        if ((source & Group) == 0 && (learned.Count < LearnedAddresses || learned.ContainsKey(source)))
        {
            learned[source] = from;
        }

        var known = (destination & Group) == 0 && learned.TryGetValue(destination, out var only) && Array.IndexOf(all, only) >= 0 ? only : null;
        if (known == from)
        {
            return;
        }

        foreach (var to in all)
        {
            if (to != from && (known is null || to == known))
            {
                Move(from, to, frame);
            }
        }
    }

    private void Move(LinkPort from, LinkPort to, Span<byte> frame)
    {
        var now = Now();
        var fate = conditions.Decide(from.Number, to.Number, frame.Length - LinkPort.HeaderLength, now);
        if (fate.IsLost)
        {
            return;
        }

        if (fate.CopyArrival is { } copyArrival)
        {
            Hold(to, frame, copyArrival);
        }

        if (fate.CorruptedAt is null && fate.Arrival <= now)
        {
            Release(now);
            Send(to, frame);
        }
        else
        {
            Hold(to, frame, fate.Arrival, fate.CorruptedAt);
        }
    }

    private void Hold(LinkPort to, ReadOnlySpan<byte> frame, TimeSpan due, double? corruptedAt = null)
    {
        if (heldOctets + frame.Length > MaximumHeldOctets)
        {
            Interlocked.Increment(ref overflown);
            return;
        }

        var octets = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(octets);
        if (corruptedAt is { } share)
        {
            Corrupt(octets.AsSpan(0, frame.Length), share);
        }

        heldOctets += frame.Length;
        held.Enqueue(new Held(to, octets, frame.Length), (due, order++));
    }

    /// <summary>Changes one bit behind the Ethernet header. A checksum that is left to the receiver is finished before: it would fit what was changed.</summary>
    private static void Corrupt(Span<byte> frame, double share)
    {
        OffloadHeaders.FinishChecksum(frame);
        var behind = frame[(LinkPort.HeaderLength + EthernetHeader)..];
        var bit = (int)(share * behind.Length * 8);
        if (!behind.IsEmpty)
        {
            behind[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        }
    }

    /// <summary>Sends what has arrived by now.</summary>
    private void Release(TimeSpan now)
    {
        while (held.TryPeek(out var next, out var priority) && priority.Due <= now)
        {
            held.Dequeue();
            heldOctets -= next.Length;
            Send(next.To, next.Octets.AsSpan(0, next.Length));
            ArrayPool<byte>.Shared.Return(next.Octets);
        }
    }

    private static void Send(LinkPort to, ReadOnlySpan<byte> frame)
    {
        try
        {
            // What an interface does not take is lost as on a wire that nobody listens to.
            _ = to.TrySend(frame);
        }
        catch (ObjectDisposedException)
        {
            // The port was removed while the frame was under way.
        }
    }

    private void Wait(LinkPort[] all)
    {
        var descriptors = stackalloc Linux.PollDescriptor[all.Length + 1];
        var count = 0;
        descriptors[count++] = new Linux.PollDescriptor { Descriptor = (int)wakeUp.DangerousGetHandle(), Events = Linux.Readable };
        lock (gate)
        {
            // Ports are closed under this lock. One that is closed while it is waited for ends no wait, but the signal that follows does.
            foreach (var port in ports)
            {
                if (count <= all.Length)
                {
                    descriptors[count++] = new Linux.PollDescriptor { Descriptor = (int)port.Socket.DangerousGetHandle(), Events = Linux.Readable };
                }
            }
        }

        if (!held.TryPeek(out _, out var next))
        {
            Poll(null);
        }
        else if (next.Due - Now() is { Ticks: > 0 } left)
        {
            var time = new LinkCalls.Time { Seconds = (nint)(left.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(left.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
            Poll(&time);
        }

        void Poll(LinkCalls.Time* time)
        {
            if (LinkCalls.Poll(descriptors, (nuint)count, time, null) > 0 && (descriptors[0].Returned & Linux.Readable) != 0)
            {
                ulong signals;
                Linux.Read(wakeUp, &signals, sizeof(ulong));
            }
        }
    }

    private readonly record struct Held(LinkPort To, byte[] Octets, int Length);
}
