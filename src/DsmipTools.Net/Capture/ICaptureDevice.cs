using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Net.Capture;

/// <summary>
/// A capture that runs on an interface. It is made for one thread that waits and receives; <see cref="Wake"/> and <see cref="Statistics"/>
/// alone may be used from any thread. Disposing ends the capture; the thread has to have left before.
/// </summary>
public interface ICaptureDevice : IDisposable
{
    /// <summary>The interface, with its link type, snap length and filter; frames refer to it.</summary>
    CaptureInterface Interface { get; }

    /// <summary>What has been counted.</summary>
    CaptureStatistics Statistics { get; }

    /// <summary>How long a frame may stay in the operating system before it can be received.</summary>
    TimeSpan Latency { get; }

    /// <summary>Waits until frames have come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    /// <param name="timeout">How long; zero or less looks once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <exception cref="NetException">The interface is gone.</exception>
    WaitResult Wait(TimeSpan timeout);

    /// <summary>Receives a frame if one has come.</summary>
    /// <exception cref="NetException">The interface is gone.</exception>
    bool TryReceive([NotNullWhen(true)] out CapturedFrame? frame);

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    void Wake();
}
