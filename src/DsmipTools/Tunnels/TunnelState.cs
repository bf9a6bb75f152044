namespace DsmipTools.Tunnels;

/// <summary>What a tunnel is doing.</summary>
public enum TunnelState
{
    /// <summary>It is configured, and the host knows nothing of it.</summary>
    Disabled,

    /// <summary>It carries packets.</summary>
    Enabled,

    /// <summary>It was enabled, and its device is gone.</summary>
    Failed,
}
