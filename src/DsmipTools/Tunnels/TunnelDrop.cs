using DsmipTools.Engine.Forwarding;

namespace DsmipTools.Tunnels;

/// <summary>How many packets were dropped for a cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Packets">The number.</param>
public sealed record TunnelDrop(ForwardingDrop Cause, long Packets)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Cause} {Packets}";
}
