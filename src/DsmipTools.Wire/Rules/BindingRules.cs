using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>Binding Updates and Acknowledgements of a mobile node (RFC 6275, 6.1.7, 6.1.8, 9.5 and 11.7; RFC 3963; RFC 5555).</summary>
internal static class BindingRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<BindingUpdate>("RFC 6275, 6.1.7", RuleSeverity.Error, BindingUpdate.Fields.KeyManagementMobility, update =>
            update is { KeyManagementMobility: true, HomeRegistration: false, ProxyRegistration: false } ? "is clear where H is clear" : null),
        Rule.Of<BindingUpdate>("RFC 6275, 11.7.1", RuleSeverity.Error, BindingUpdate.Fields.Acknowledge, update =>
            update is { HomeRegistration: true, ProxyRegistration: false, Acknowledge: false } ? "is set in a home registration" : null),
        Rule.Of<BindingUpdate>("RFC 6275, 9.5.1", RuleSeverity.Error, (update, subject) =>
        {
            if (IsForCorrespondent(update) && !subject.Has<NonceIndicesOption>())
            {
                subject.Break("has no Nonce Indices option, which an update to a correspondent node has");
            }

            if (IsForCorrespondent(update) && !subject.Has<BindingAuthorizationDataOption>())
            {
                subject.Break("has no Binding Authorization Data option, which an update to a correspondent node has");
            }

            foreach (var (_, option) in subject.All<NonceIndicesOption>().Take(update.HomeRegistration ? 1 : 0))
            {
                subject.Break(option, null, "stands in no home registration");
            }
        }),
        Rule.Of<BindingUpdate>("RFC 3963, 5.2", RuleSeverity.Error, BindingUpdate.Fields.MobileRouter, update =>
            update is { MobileRouter: true, HomeRegistration: false, ProxyRegistration: false } ? "is set in a home registration only (H)" : null),
        Rule.Of<BindingUpdate>("RFC 3963, 5.2", RuleSeverity.Warning, (update, subject) =>
        {
            foreach (var (_, option) in subject.All<MobileNetworkPrefixOption>().Take(update is { MobileRouter: false, ProxyRegistration: false } ? 1 : 0))
            {
                subject.Break(option, null, "belongs to a mobile router, but R is clear");
            }
        }),
        Rule.Of<BindingAcknowledgement>("RFC 6275, 6.2.4", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            foreach (var (value, option) in subject.All<BindingRefreshAdviceOption>())
            {
                if (acknowledgement.Status.IsAccepted() && value.RefreshInterval >= acknowledgement.Lifetime)
                {
                    subject.Break(
                        option, BindingRefreshAdviceOption.Fields.RefreshInterval,
                        $"is less than the lifetime of {acknowledgement.Lifetime}, but it is {value.RefreshInterval} (units of 4 seconds)");
                }
            }
        }),
    ];

    private static bool IsForCorrespondent(BindingUpdate update) =>
        update is { HomeRegistration: false, ProxyRegistration: false, MapRegistration: false };
}
