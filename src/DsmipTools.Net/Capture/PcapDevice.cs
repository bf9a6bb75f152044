using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Net.Capture;

/// <summary>Captures with libpcap, or Npcap on Windows.</summary>
internal sealed unsafe class PcapDevice : ICaptureDevice
{
    /// <summary>How long one look of libpcap waits on Windows, and how long the other systems sleep between two looks.</summary>
    private const int LookMilliseconds = 20;

    private readonly Lock counting = new();
    private readonly SafePcapHandle handle;
    private readonly SafeEventDescriptor? wakeUp;
    private readonly int descriptor = -1;
    private readonly long ticksDivisor = 1;
    private readonly long ticksFactor = TimeSpan.TicksPerMicrosecond;
    private CapturedFrame? pending;
    private int woken;
    private int frames;
    private long received;
    private long dropped;
    private uint lastDropped;
    private bool disposed;

    [SuppressMessage("Reliability", "CA2000", Justification = "The handle is disposed with the device, or here when it cannot be made.")]
    public PcapDevice(string name, CaptureOptions options)
    {
        PcapLibrary.Require($"Capturing on {name}");
        var message = stackalloc byte[PcapLibrary.ErrorBufferSize];
        handle = PcapLibrary.Create(name, message);
        if (handle.IsInvalid)
        {
            throw new NetException(NetError.Other, 0, $"libpcap cannot capture on {name}: {Marshal.PtrToStringUTF8((nint)message)}.");
        }

        try
        {
            _ = PcapLibrary.SetSnapLength(handle, options.SnapLength);
            _ = PcapLibrary.SetPromiscuous(handle, options.Promiscuous ? 1 : 0);
            _ = PcapLibrary.SetTimeout(handle, LookMilliseconds);
            _ = PcapLibrary.SetBufferSize(handle, options.BufferSize);
            if (!OperatingSystem.IsLinux())
            {
                // On Linux it would cost the ring that holds short frames closely packed.
                IfThere(() => PcapLibrary.SetImmediateMode(handle, 1));
            }

            IfThere(() => PcapLibrary.SetPrecision(handle, PcapLibrary.NanosecondPrecision));
            var result = PcapLibrary.Activate(handle);
            if (result < 0)
            {
                throw NotActivated(name, result);
            }

            if (IfThere(() => PcapLibrary.GetPrecision(handle)) == PcapLibrary.NanosecondPrecision)
            {
                (ticksFactor, ticksDivisor) = (1, TimeSpan.NanosecondsPerTick);
            }

            Interface = new CaptureInterface
            {
                Name = name,
                LinkType = PcapLibrary.LinkTypeOf(PcapLibrary.DataLink(handle)),
                Filter = options.Filter ?? "",
                SnapLength = (uint)options.SnapLength,
            };
            SetFilter(options.Filter, options.SnapLength);
            if (!OperatingSystem.IsWindows())
            {
                if (PcapLibrary.SetNonBlocking(handle, 1, message) != 0)
                {
                    throw new NetException(NetError.Other, 0, $"libpcap cannot capture on {name}: {Marshal.PtrToStringUTF8((nint)message)}.");
                }

                descriptor = PcapLibrary.SelectableDescriptor(handle);
            }

            wakeUp = OperatingSystem.IsLinux() ? Linux.EventDescriptor(0, Linux.EventCloseOnExec | Linux.EventNonBlocking) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public CaptureInterface Interface { get; }

    public TimeSpan Latency => TimeSpan.FromMilliseconds(2 * LookMilliseconds);

    public CaptureStatistics Statistics
    {
        get
        {
            lock (counting)
            {
                PcapLibrary.Counters counters;
                if (!disposed && PcapLibrary.Statistics(handle, &counters) == 0)
                {
                    dropped += unchecked(counters.Dropped - lastDropped);
                    lastDropped = counters.Dropped;
                }

                return new CaptureStatistics(Volatile.Read(ref received), dropped);
            }
        }
    }

    public WaitResult Wait(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var result = Interlocked.Exchange(ref woken, 0) != 0 ? WaitResult.Woken : WaitResult.TimedOut;
            if (pending is not null || (pending = Look()) is not null)
            {
                result |= WaitResult.Data;
            }

            var left = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout - Stopwatch.GetElapsedTime(start);
            if (result != WaitResult.TimedOut || left <= TimeSpan.Zero)
            {
                return result;
            }

            Sleep(left);
        }
    }

    public bool TryReceive([NotNullWhen(true)] out CapturedFrame? frame)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        frame = pending ?? Look();
        pending = null;
        if (frame is null)
        {
            return false;
        }

        received++;
        return true;
    }

    public void Wake()
    {
        Volatile.Write(ref woken, 1);
        if (wakeUp is { IsInvalid: false })
        {
            wakeUp.Signal();
        }
    }

    public void Dispose()
    {
        lock (counting)
        {
            disposed = true;
            handle.Dispose();
            wakeUp?.Dispose();
        }
    }

    /// <summary>Calls what WinPcap and old versions of libpcap lack.</summary>
    private static int IfThere(Func<int> call)
    {
        try
        {
            return call();
        }
        catch (EntryPointNotFoundException)
        {
            return -1;
        }
    }

    private NetException NotActivated(string name, int result) => result switch
    {
        PcapLibrary.NoSuchDevice => PacketSocketDevice.NoInterface(name, 0),
        PcapLibrary.PermissionDenied or PcapLibrary.PromiscuousPermissionDenied => PacketSocketDevice.NoRight(name, 0),
        PcapLibrary.InterfaceNotUp => new NetException(NetError.InterfaceNotFound, 0, $"The interface {name} is down. Bring it up first."),
        _ => new NetException(NetError.Other, 0, string.Create(CultureInfo.InvariantCulture, $"libpcap cannot capture on {name}: {PcapLibrary.ErrorOf(handle)} ({result}).")),
    };

    private void SetFilter(string? filter, int snapLength)
    {
        if (string.IsNullOrEmpty(filter))
        {
            return;
        }

        int result;
        if (filter == CaptureOptions.MobileIpFilterName)
        {
            var instructions = MobileIpFilter.Program(Interface.LinkType, snapLength);
            fixed (FilterInstruction* first = instructions)
            {
                var program = new PcapLibrary.Program { Length = (uint)instructions.Length, Instructions = first };
                result = PcapLibrary.SetFilter(handle, &program);
            }
        }
        else
        {
            var program = PcapLibrary.Compile(handle, filter);
            result = PcapLibrary.SetFilter(handle, &program);
            PcapLibrary.FreeCode(&program);
        }

        if (result != 0)
        {
            throw new NetException(NetError.FilterNotUnderstood, 0, $"libpcap does not take the filter '{filter}': {PcapLibrary.ErrorOf(handle)}.");
        }
    }

    /// <summary>The next frame if there is one; on Windows after a short wait.</summary>
    private CapturedFrame? Look()
    {
        PcapLibrary.FrameHeader* header;
        byte* octets;
        switch (PcapLibrary.Next(handle, &header, &octets))
        {
            case 1:
                return new CapturedFrame
                {
                    Number = ++frames,
                    Time = DateTimeOffset.UnixEpoch.AddTicks(
                        (header->Seconds.Value * TimeSpan.TicksPerSecond) + (Fraction(header) * ticksFactor / ticksDivisor)),
                    Interface = Interface,
                    Octets = Octets.Create(new ReadOnlySpan<byte>(octets, (int)header->Captured)),
                    OriginalLength = (int)Math.Min(header->Length, int.MaxValue),
                };
            case 0 or PcapLibrary.BreakLoopResult:
                return null;
            default:
                throw new NetException(NetError.InterfaceNotFound, 0, $"The capture on {Interface.Name} ended: {PcapLibrary.ErrorOf(handle)}.");
        }
    }

    /// <summary>On macOS the fraction has 32 bits, with nothing meaningful behind.</summary>
    private static long Fraction(PcapLibrary.FrameHeader* header) => unchecked((int)header->Fraction.Value);

    private void Sleep(TimeSpan left)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Some interfaces tell nothing through their descriptor: the sleep is short.
        var milliseconds = wakeUp is { IsInvalid: false } && descriptor >= 0
            ? (int)Math.Min(1000, Math.Ceiling(left.TotalMilliseconds))
            : (int)Math.Min(LookMilliseconds, Math.Ceiling(left.TotalMilliseconds));
        var descriptors = stackalloc Linux.PollDescriptor[2];
        descriptors[0] = new Linux.PollDescriptor { Descriptor = descriptor, Events = Linux.Readable };
        descriptors[1] = new Linux.PollDescriptor { Descriptor = wakeUp is { IsInvalid: false } ? (int)wakeUp.DangerousGetHandle() : -1, Events = Linux.Readable };
        if (Linux.Poll(descriptors, 2, milliseconds) > 0 && (descriptors[1].Returned & Linux.Readable) != 0)
        {
            ulong count;
            Linux.Read(wakeUp!, &count, sizeof(ulong));
        }
    }
}
