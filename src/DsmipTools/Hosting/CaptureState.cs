namespace DsmipTools.Hosting;

/// <summary>Whether a capture runs.</summary>
public enum CaptureState
{
    /// <summary>It takes frames.</summary>
    Running,

    /// <summary>It was stopped; its file is complete.</summary>
    Stopped,

    /// <summary>Something ended it: its interface is gone, or its file can no longer be written.</summary>
    Failed,
}
