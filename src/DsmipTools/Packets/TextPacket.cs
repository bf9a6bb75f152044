using DsmipTools.Wire;

namespace DsmipTools.Packets;

/// <summary>What a text held: the octets of a packet, or why a part of it gave none.</summary>
/// <param name="Octets">The octets; none where there is an error.</param>
/// <param name="Error">What is wrong, and where; null for a packet.</param>
public readonly record struct TextPacket(Octets Octets, string? Error);
