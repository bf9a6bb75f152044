namespace DsmipTools.Packets;

/// <summary>What a live capture has counted.</summary>
/// <param name="Received">Frames that passed the filter and were received.</param>
/// <param name="Dropped">Frames that were lost before, because the buffer of the operating system was full.</param>
/// <param name="Written">Frames written to the file.</param>
/// <param name="Discarded">Frames that no reader will see, because too many waited. The file has them.</param>
/// <param name="Waiting">Frames that wait for a reader.</param>
public readonly record struct LiveCaptureStatistics(long Received, long Dropped, long Written, long Discarded, long Waiting);
