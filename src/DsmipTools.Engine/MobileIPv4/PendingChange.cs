namespace DsmipTools.Engine.MobileIPv4;

/// <summary>An accepted change whose tunnels and routes are not up yet: how to take it back, and whom to tell.</summary>
/// <param name="Node">The mobile node.</param>
/// <param name="Reply">What the refusal will say; null when nobody is told.</param>
/// <param name="Code">The code of the reply that waits for them.</param>
/// <param name="Grant">What the node had before; null for nothing.</param>
/// <param name="Lease">What the node had before.</param>
internal sealed record PendingChange(MobileNodeEntry Node, ReplyHeader? Reply, byte Code, Grant? Grant, Lease Lease);
