using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine;

/// <summary>A tunnel that an agent wants: what it carries and between which addresses.</summary>
/// <param name="Id">Unique within the agent.</param>
/// <param name="Local">The agent's end.</param>
/// <param name="Remote">The other end: a care-of address or a home address.</param>
/// <param name="Inner">What is routed into the tunnel: a home address, or prefixes.</param>
public sealed record Tunnel(long Id, Address Local, Address Remote, string Inner);
