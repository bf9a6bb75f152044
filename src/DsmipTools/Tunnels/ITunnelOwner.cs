using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;

namespace DsmipTools.Tunnels;

/// <summary>Who has the tunnels of a carrier, and is told of what happens to them.</summary>
internal interface ITunnelOwner
{
    /// <summary>The device is gone, and nothing is carried any more.</summary>
    void Lost(NetException reason);

    /// <summary>A packet was dropped, and is counted.</summary>
    void Dropped(ReadOnlySpan<byte> packet, in ForwardingDecision decision);
}
