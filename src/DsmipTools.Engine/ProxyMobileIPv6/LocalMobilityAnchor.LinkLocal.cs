using DsmipTools.Engine.AccessLinks;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>The link-local address of whatever gateway a mobile node is attached to (RFC 5213, 5.3.6 and 6.8): one for each session that has asked for it.</content>
public sealed partial class LocalMobilityAnchor
{
    // Beside the bindings: gateways with a fixed address need none of this.
    private readonly Dictionary<ProxyBinding, Address> linkLocals = [];

    /// <summary>No gateway is told to be a router by an address of another kind.</summary>
    private static BindingStatus? CheckLinkLocal(in ProxyUpdate request) =>
        request.LinkLocalAddress is { IsUnspecified: false, IsLinkLocal: false } ? BindingStatus.ReasonUnspecified : null;

    private Address? LinkLocalOf(ProxyBinding binding) =>
        linkLocals.Count > 0 && linkLocals.TryGetValue(binding, out var address) ? address : (Address?)null;

    /// <summary>A value in an update is kept; ALL_ZERO asks for the one that is kept, or for a new one.</summary>
    private void TakeLinkLocal(ProxyBinding binding, in ProxyUpdate request)
    {
        if (request.LinkLocalAddress is { } asked && (!asked.IsUnspecified || LinkLocalOf(binding) is null))
        {
            linkLocals[binding] = asked.IsUnspecified ? InterfaceIdentifier.NextLinkLocal(Random) : asked;
        }
    }

    private void RestoreLinkLocal(ProxyBinding binding, Address? before)
    {
        linkLocals.Remove(binding);
        if (before is { } address)
        {
            linkLocals.Add(binding, address);
        }
    }
}
