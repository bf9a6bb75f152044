using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Bindings that an administrator removes here alone.</content>
public sealed partial class HomeAgent
{
    /// <summary>Removes the binding that a snapshot shows, and its tunnels; nothing is sent. The mobile node brings it back with its next request.</summary>
    /// <returns>False when there is no such binding any more.</returns>
    public bool Clear(BindingSnapshot binding, Instant now)
    {
        if (binding is not MobileIPv4Binding { HomeAddress: var homeAddress } || bindings.Find(homeAddress) is not { } node)
        {
            return false;
        }

        Remove(node, EventKind.BindingCleared, now);
        return true;
    }
}
