using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Bindings that an administrator removes here alone.</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>
    /// Removes the binding that a snapshot shows, with all its resources; nothing is sent. The gateway that still has the mobile node brings it
    /// back with its next update.
    /// </summary>
    /// <returns>False when there is no such binding any more.</returns>
    public bool Clear(BindingSnapshot binding, Instant now)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var found = binding.Prefixes.Count > 0 ? cache.Find(binding.Prefixes[0])
            : binding is ProxyBindingSnapshot { IPv4HomeAddress: { } address } ? cache.Find(address)
            : null;
        if (found is null || found.Identifier.ToString() != binding.Identifier)
        {
            return false;
        }

        initiator.Release(found, now);
        Remove(found, EventKind.BindingCleared, now);
        return true;
    }
}
