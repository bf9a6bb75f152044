namespace DsmipTools.Engine.Timing;

/// <summary>Something with one deadline that may move.</summary>
public interface ITimed
{
    /// <summary>When it is due, as <see cref="Instant.Elapsed"/>; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    TimeSpan Deadline { get; }

    /// <summary>Where it stands in its <see cref="TimerQueue{T}"/>; for the queue alone.</summary>
    TimeSpan QueuedAt { get; set; }
}
