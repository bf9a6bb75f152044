using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>Proxy Binding Updates and Acknowledgements (RFC 5213, 5.3.6, 6.9.1.5 and 8; RFC 5844, 3.1).</summary>
internal static class ProxyBindingRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<BindingUpdate>("RFC 5213, 6.9.1.5", RuleSeverity.Error, BindingUpdate.Fields.Acknowledge, update =>
            IsProxy(update) && !update.Acknowledge ? "is set in a Proxy Binding Update" : null),
        Rule.Of<BindingUpdate>("RFC 5213, 6.9.1.5", RuleSeverity.Error, (update, subject) =>
        {
            if (!IsProxy(update))
            {
                return;
            }

            // RFC 6602 identifies the bindings of a bulk update by their group.
            if (!update.BulkBindingUpdate)
            {
                Require<MobileNodeIdentifierOption>(subject, "Mobile Node Identifier");
            }

            Require<HandoffIndicatorOption>(subject, "Handoff Indicator");
            Require<AccessTechnologyTypeOption>(subject, "Access Technology Type");
            if (subject.Packet.HasHomeAddressOption(subject.Index))
            {
                subject.Break("travels in a packet without a Home Address option");
            }
        }),
        Rule.Of<BindingUpdate>("RFC 5844, 3.1.2.1", RuleSeverity.Error, (update, subject) =>
        {
            if (IsProxy(update) && !update.BulkBindingUpdate && !subject.Has<HomeNetworkPrefixOption>() && !subject.Has<IPv4HomeAddressRequestOption>())
            {
                subject.Break("has neither a Home Network Prefix nor an IPv4 Home Address Request option");
            }
        }),
        Rule.Of<BindingUpdate>("RFC 5213, 8.1", RuleSeverity.Error, (update, subject) =>
        {
            if (IsProxy(update))
            {
                JudgeTwice(subject);
            }
        }),
        Rule.Of<BindingUpdate>("RFC 5213, 8.4", RuleSeverity.Warning, (update, subject) =>
        {
            foreach (var (value, option) in subject.All<HandoffIndicatorOption>())
            {
                if (IsProxy(update) && value.Indicator == 0)
                {
                    subject.Break(option, HandoffIndicatorOption.Fields.Indicator, "zero is reserved; an acknowledgement has it where the update had no such option");
                }
            }
        }),
        Rule.Of<BindingUpdate>("RFC 5213, 8.5", RuleSeverity.Warning, (update, subject) =>
        {
            foreach (var (value, option) in subject.All<AccessTechnologyTypeOption>())
            {
                if (IsProxy(update) && value.AccessTechnologyType == 0)
                {
                    subject.Break(
                        option, AccessTechnologyTypeOption.Fields.AccessTechnologyType,
                        "zero is reserved; an acknowledgement has it where the update had no such option");
                }
            }
        }),
        Rule.Of<BindingAcknowledgement>("RFC 5213, 5.3.6", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            if (IsProxy(acknowledgement))
            {
                Require<MobileNodeIdentifierOption>(subject, "Mobile Node Identifier");
                Require<HandoffIndicatorOption>(subject, "Handoff Indicator");
                Require<AccessTechnologyTypeOption>(subject, "Access Technology Type");
            }
        }),
        Rule.Of<BindingAcknowledgement>("RFC 5844, 3.1.2.6", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            if (!IsProxy(acknowledgement))
            {
                return;
            }

            var hasIPv4 = subject.Has<IPv4HomeAddressReplyOption>();
            if (!hasIPv4 && !subject.Has<HomeNetworkPrefixOption>())
            {
                subject.Break("has neither a Home Network Prefix nor an IPv4 Home Address Reply option");
            }

            // An address that was not given has no router.
            var gives = subject.All<IPv4HomeAddressReplyOption>().Any(part => part.Value.Status == IPv4HomeAddressReplyStatus.Success);
            if (gives && acknowledgement.Status == 0 && !subject.Has<IPv4DefaultRouterAddressOption>())
            {
                subject.Break("has an IPv4 Home Address Reply, but no IPv4 Default-Router Address option");
            }

            foreach (var (_, option) in subject.All<IPv4DefaultRouterAddressOption>().Take(acknowledgement.Status == 0 ? 0 : 1))
            {
                subject.Break(option, null, "is present only where the status is 0");
            }
        }),
        Rule.Of<BindingAcknowledgement>("RFC 5213, 8.2", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            if (IsProxy(acknowledgement))
            {
                JudgeTwice(subject);
            }
        }),
        Rule.Of<MobilityMessage>("RFC 5213, 8", RuleSeverity.Warning, (message, subject) =>
        {
            if (message is not (BindingUpdate { ProxyRegistration: false } or BindingAcknowledgement { ProxyRegistration: false }))
            {
                return;
            }

            foreach (var part in subject.Parts.Where(part => part.Structure is HomeNetworkPrefixOption or HandoffIndicatorOption
                or AccessTechnologyTypeOption or MobileNodeLinkLayerIdentifierOption or LinkLocalAddressOption or TimestampOption))
            {
                subject.Break(part, null, "belongs to proxy registrations, but P is clear");
            }
        }),
    ];

    private static bool IsProxy(BindingUpdate update) => update.ProxyRegistration;

    private static bool IsProxy(BindingAcknowledgement acknowledgement) => acknowledgement.ProxyRegistration;

    private static void Require<TOption>(Subject subject, string name)
        where TOption : MobilityOption
    {
        if (!subject.Has<TOption>())
        {
            subject.Break($"has no {name} option");
        }
    }

    private static void JudgeTwice(Subject subject)
    {
        var seen = new HashSet<Type>();
        foreach (var part in subject.Parts)
        {
            if (part.Structure is MobileNodeIdentifierOption or HandoffIndicatorOption or AccessTechnologyTypeOption or TimestampOption
                    or MobileNodeLinkLayerIdentifierOption or LinkLocalAddressOption
                && !seen.Add(part.Structure.GetType()))
            {
                subject.Break(part, null, "the message has one already");
            }
        }
    }
}
