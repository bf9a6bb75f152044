using System.Globalization;
using DsmipTools.Packets;

namespace DsmipTools.Hosting;

/// <summary>The captures of a host. Safe for use by several threads.</summary>
public sealed class HostedCaptures
{
    private readonly Lock gate = new();
    private readonly List<HostedCapture> captures = [];

    internal HostedCaptures()
    {
    }

    /// <summary>The captures that were not stopped, in the order in which they were started.</summary>
    public IReadOnlyList<HostedCapture> List()
    {
        lock (gate)
        {
            // An array: PowerShell indexes no other list that only says that it is read-only.
            return captures.ToArray();
        }
    }

    /// <summary>The capture with a name, without regard to case; null when there is none.</summary>
    public HostedCapture? Find(string name)
    {
        lock (gate)
        {
            return captures.Find(capture => string.Equals(capture.Name, name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Starts a capture.</summary>
    /// <param name="interfaceName">The name of an interface, or <see cref="Net.Capture.CaptureDevice.AnyInterface"/>.</param>
    /// <param name="options">What to capture, and where to put it; null for all packets and no file.</param>
    /// <param name="name">The name; null for the first of cap1, cap2, ... that is free.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="Net.NetException">There is no such interface, a privilege or a library is missing, or the filter is wrong.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The permission to write the file is missing.</exception>
    public HostedCapture Start(string interfaceName, LiveCaptureOptions? options = null, string? name = null)
    {
        lock (gate)
        {
            if (name is not null && Find(name) is not null)
            {
                throw new ArgumentException($"There is a capture with the name {name} already.");
            }

            name ??= Enumerable.Range(1, captures.Count + 1)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"cap{number}"))
                .First(free => Find(free) is null);
            var capture = new HostedCapture(name, LiveCapture.Start(interfaceName, options));
            captures.Add(capture);
            return capture;
        }
    }

    /// <summary>Ends a capture, waits until its file is complete, and takes it out of the host. The packets that wait can still be taken.</summary>
    public async Task StopAsync(HostedCapture capture)
    {
        ArgumentNullException.ThrowIfNull(capture);
        await capture.StopAsync().ConfigureAwait(false);
        lock (gate)
        {
            captures.Remove(capture);
        }
    }

    internal Task StopAllAsync() => Task.WhenAll(List().Select(StopAsync));
}
