using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>The rules that something composed breaks.</summary>
internal static class PacketChecks
{
    /// <summary>Each rule that is broken, in one line, and whether it is an error; the others are warnings.</summary>
    public static IReadOnlyList<(bool IsError, string Text)> Of(Structure structure) => [];
}
