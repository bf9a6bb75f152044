namespace DsmipTools.Tunnels;

/// <summary>What carries the packets of a tunnel.</summary>
public enum TunnelBackend
{
    /// <summary>The fastest that this host has for the encapsulation.</summary>
    Auto,

    /// <summary>This process: a TUN device and raw sockets. It works wherever there are TUN devices.</summary>
    UserSpace,
}
