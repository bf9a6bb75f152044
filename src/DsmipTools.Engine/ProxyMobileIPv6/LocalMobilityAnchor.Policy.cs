using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Who has the mobility service, and by whom (RFC 5213, 4 and 5.3.1; RFC 5844, 3.1.2.1).</content>
public sealed partial class LocalMobilityAnchor
{
    private static readonly PolicyProfile everything = new();

    /// <summary>The profile of the mobile node; null for one that is not served. A de-registration ends nothing but the gateway's own, and is always allowed.</summary>
    private PolicyProfile? Profile(in ProxyUpdate request) =>
        options.PolicyStore is { } store && request.IsIdentified && request.Update.Lifetime > 0 ? store.Find(request.Identifier) : everything;

    /// <summary>Null when the gateway may register the mobile node (RFC 5213, 5.3.1 (5) to (8)).</summary>
    private static BindingStatus? CheckPolicy(in ProxyUpdate request, PolicyProfile? profile) =>
        profile is null ? BindingStatus.NotLmaForThisMobileNode
        : !profile.Admits(request.CareOfAddress) ? BindingStatus.MagNotAuthorizedForProxyRegistration
        : !profile.MobilityService ? BindingStatus.ProxyRegistrationNotEnabled
        : null;

    /// <summary>Null when the mobile node may have what the update asks for (RFC 5844, 3.1.2.1).</summary>
    private static BindingStatus? CheckFamilies(in ProxyUpdate request, PolicyProfile? profile) =>
        request.Prefixes > 0 && profile is { IPv6: false } ? BindingStatus.NotAuthorizedForIPv6MobilityService
        : request.IPv4Requests > 0 && profile is { IPv4: false } ? BindingStatus.NotAuthorizedForIPv4MobilityService
        : null;
}
