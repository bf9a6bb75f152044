namespace DsmipTools.Engine.MobileIPv4;

/// <summary>An accepted change whose tunnels are not up yet: how to take it back, and whom to tell.</summary>
/// <param name="Node">The mobile node.</param>
/// <param name="Reply">What the refusal will say.</param>
/// <param name="Code">The code of the reply that waits for the tunnels.</param>
/// <param name="Grant">What the node had before; null for nothing.</param>
/// <param name="Lease">What the node had before.</param>
/// <param name="TunnelUp">The number of the effect that brings the tunnel to the care-of address up; 0 when it stands already.</param>
/// <param name="HomeAddressTunnelUp">The number of the effect that brings the tunnel to the home address up; 0 when none is needed.</param>
internal sealed record PendingChange(
    MobileNodeEntry Node, ReplyHeader Reply, byte Code, Grant? Grant, Lease Lease, long TunnelUp, long HomeAddressTunnelUp);
