namespace DsmipTools.Net.Capture;

/// <summary>What a capture has counted.</summary>
/// <param name="Received">Frames that passed the filter and were received.</param>
/// <param name="Dropped">Frames that passed the filter and were lost, because the buffer of the operating system was full.</param>
public readonly record struct CaptureStatistics(long Received, long Dropped);
