namespace DsmipTools.Net.Tunnels;

/// <summary>Decides about the packets of a <see cref="TunnelPort"/>, on its thread.</summary>
public interface ITunnelTraffic
{
    /// <summary>A packet that the host routed to its tunnels.</summary>
    void FromHost(ReadOnlySpan<byte> packet);

    /// <summary>A packet that came for a tunnel, with its outer headers.</summary>
    void FromNetwork(ReadOnlySpan<byte> packet);

    /// <summary>Nothing comes any more, because the device is gone.</summary>
    void Fail(NetException reason);
}
