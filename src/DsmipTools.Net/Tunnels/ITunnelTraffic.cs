namespace DsmipTools.Net.Tunnels;

/// <summary>Decides about the packets of a <see cref="TunnelPort"/>, on its thread.</summary>
public interface ITunnelTraffic
{
    /// <summary>A packet that the host routed to its tunnels, complete, with all checksums.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="followers">What goes where it goes.</param>
    /// <returns>False when the followers did not go with it: then this packet and each of them come again, alone.</returns>
    bool FromHost(ReadOnlySpan<byte> packet, Followers followers);

    /// <summary>A packet that came for a tunnel, with its outer headers.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="followers">What goes where it goes.</param>
    /// <returns>False when the followers did not go with it: then this packet and each of them come again, alone.</returns>
    bool FromNetwork(ReadOnlySpan<byte> packet, Followers followers);

    /// <summary>What became of packets that were queued.</summary>
    /// <param name="owner">Who queued them.</param>
    /// <param name="packets">How many.</param>
    /// <param name="octets">Their octets, without the headers of a tunnel.</param>
    /// <param name="error">Null when they have left.</param>
    void Sent(object owner, int packets, int octets, NetError? error);

    /// <summary>Does what is due, whenever the port has nothing else to do.</summary>
    /// <returns>Milliseconds until there is something due again; -1 when there is nothing to wait for.</returns>
    int Attend();

    /// <summary>Nothing comes any more, because the device is gone.</summary>
    void Fail(NetException reason);
}
