using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>
/// Binding Revocation (RFC 5846). The rules of sections 7 to 10 for a case override the general ones of 5.1 and 6 (conformance list,
/// 5846-5.1-12): an indication for all of a peer has no options at all, or, from a gateway, its identity.
/// </summary>
internal static class RevocationRules
{
    private const int EmptyMessage = 16; // RFC 5846, 5.1: 12 octets and 4 of padding
    private const byte FirstTestingTrigger = 250;

    internal static readonly Rule[] All =
    [
        Rule.Of<BindingRevocationIndication>("5846-5.1-02", RuleSeverity.Information, BindingRevocationIndication.Fields.Trigger, indication =>
            indication.Trigger.IsAssigned() ? null
            : (byte)indication.Trigger >= FirstTestingTrigger ? $"{(byte)indication.Trigger} is for testing (250 to 255)"
            : $"{(byte)indication.Trigger} is reserved"),
        Rule.Of<BindingRevocationIndication>("5846-6.1.1-02", RuleSeverity.Error, BindingRevocationIndication.Fields.Trigger, indication =>
            indication.Global && indication.Trigger.IsPerMobileNode()
                ? $"{(byte)indication.Trigger} is about one mobile node, but G revokes those of several; a global trigger is 128 to 249"
                : null),
        Rule.Of<BindingRevocationIndication>("5846-6.1.1-03", RuleSeverity.Error, BindingRevocationIndication.Fields.Trigger, indication =>
            !indication.Global && indication.Trigger.IsGlobal()
                ? $"{(byte)indication.Trigger} is global, but G is clear; a trigger about one mobile node is 0 to 127"
                : null),
        Rule.Of<BindingRevocationIndication>("5846-8.1-01", RuleSeverity.Error, BindingRevocationIndication.Fields.ProxyBinding, indication =>
            indication is { Global: true, ProxyBinding: false } ? "is set with G: only anchors and gateways revoke the bindings of several mobile nodes" : null),
        Rule.Of<BindingRevocationIndication>("5846-5.1-05", RuleSeverity.Error, (indication, subject) =>
        {
            foreach (var (_, option) in subject.All<HomeNetworkPrefixOption>().Take(indication.ProxyBinding ? 0 : 1))
            {
                subject.Break(option, null, "stands in an indication with P set only");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-5.1-06", RuleSeverity.Error, (indication, subject) =>
        {
            if (indication.ProxyBinding && !IsForAllOfPeer(indication) && !IsForRealm(indication) && !subject.Has<MobileNodeIdentifierOption>())
            {
                subject.Break("has no Mobile Node Identifier option, but P is set");
            }

            foreach (var (value, option) in subject.All<MobileNodeIdentifierOption>())
            {
                if (value.Subtype != MobileNodeIdentifierSubtype.NetworkAccessIdentifier)
                {
                    subject.Break(option, MobileNodeIdentifierOption.Fields.Subtype, "is 1, a Network Access Identifier; no other is supported in binding revocation");
                }
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-5.1-08", RuleSeverity.Error, (indication, subject) =>
        {
            var isValid = indication is { IPv4HomeAddressBindingOnly: true, ProxyBinding: false };
            foreach (var (_, option) in subject.All<IPv4HomeAddressOption>().Take(isValid ? 0 : 1))
            {
                subject.Break(option, null, "stands in an indication with V set and P clear only");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-5.1-09", RuleSeverity.Error, (indication, subject) =>
        {
            var isValid = indication is { IPv4HomeAddressBindingOnly: true, ProxyBinding: true };
            foreach (var (_, option) in subject.All<IPv4HomeAddressRequestOption>().Take(isValid ? 0 : 1))
            {
                subject.Break(option, null, "stands in an indication with V and P set only");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-5.1-10", RuleSeverity.Warning, (indication, subject) =>
        {
            foreach (var (_, option) in subject.All<AlternateCareOfAddressOption>().Take(indication.ProxyBinding ? 0 : 1))
            {
                subject.Break(option, null, "names a proxy care-of address, but P is clear");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-6.1.1-04", RuleSeverity.Error, (indication, subject) =>
        {
            if (indication.IPv4HomeAddressBindingOnly && !subject.Has<IPv4HomeAddressOption>() && !subject.Has<IPv4HomeAddressRequestOption>())
            {
                subject.Break($"has V set, but no IPv4 Home Address {(indication.ProxyBinding ? "Request " : "")}option");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-8.1-11", RuleSeverity.Error, (indication, subject) =>
        {
            var isIPv4Only = indication is { IPv4HomeAddressBindingOnly: true, ProxyBinding: true };
            foreach (var (_, option) in subject.All<HomeNetworkPrefixOption>().Take(isIPv4Only ? 1 : 0))
            {
                subject.Break(option, null, "stands in no indication that revokes the IPv4 home address only (V)");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-8.1-03", RuleSeverity.Error, (indication, subject) =>
        {
            if (!IsForAllOfPeer(indication))
            {
                return;
            }

            // With an identity it comes from a gateway (9.2), and may name a care-of address.
            var isFromGateway = subject.Has<MobileNodeIdentifierOption>();
            foreach (var part in subject.Parts.Where(part => !MobilityOptionRules.IsPadding(part)
                && !(isFromGateway && (part.Structure is MobileNodeIdentifierOption or AlternateCareOfAddressOption))
                && IsKnown(part)))
            {
                subject.Break(part, null, isFromGateway
                    ? "stands in no indication of a gateway for all of a peer: that has its identity, and perhaps an Alternate Care-of Address (9.2)"
                    : "stands in no indication for all of a peer: that of an anchor has no options, that of a gateway has its identity too (9.2)");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-8.1-05", RuleSeverity.Error, (indication, subject) =>
        {
            if (!IsForRealm(indication))
            {
                return;
            }

            if (!subject.Has<MobileNodeIdentifierOption>())
            {
                subject.Break("has no Mobile Node Identifier option that says whose realm is revoked");
            }

            foreach (var (value, option) in subject.All<MobileNodeIdentifierOption>())
            {
                if (!IsRealm(value))
                {
                    subject.Break(option, MobileNodeIdentifierOption.Fields.Identifier, "has the form @realm with this trigger");
                }
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-8.1-01", RuleSeverity.Warning, (indication, subject) =>
        {
            foreach (var (_, option) in subject.All<MobileNodeIdentifierOption>().Where(part => !IsForRealm(indication) && IsRealm(part.Value)))
            {
                subject.Break(option, MobileNodeIdentifierOption.Fields.Identifier, "is a realm, but only with G and trigger 129 a realm is revoked");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-7-05", RuleSeverity.Error, (_, subject) =>
        {
            foreach (var (_, option) in subject.All<BindingIdentifierOption>().Where(part => part.Value.CareOfAddress is not null))
            {
                subject.Break(option, BindingIdentifierOption.Fields.CareOfAddress, "stands in a Binding Update only (RFC 5648, 4.3)");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-7-01", RuleSeverity.Error, (indication, subject) =>
        {
            if (!indication.ProxyBinding && subject.Packet.NativeIPv6(subject.Index) is not null
                && !subject.Packet.Has(PassedHeaders.Type2RoutingHeader, subject.Index))
            {
                subject.Break("travels to a mobile node behind a type 2 routing header with its home address");
            }
        }),
        Rule.Of<BindingRevocationIndication>("5846-6.1.2-02", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Packet.NativeIPv6(subject.Index) is { Source.IsUnicast: false } header)
            {
                subject.Break($"comes from {header.Source}, which is no unicast address: it is discarded");
            }
        }),
        Rule.Of<BindingRevocationIndication>("RFC 5846, 5.1", RuleSeverity.Warning, (_, subject) => JudgeOptions(
            subject,
            option => option is HomeNetworkPrefixOption or MobileNodeIdentifierOption or BindingIdentifierOption or IPv4HomeAddressOption
                or IPv4HomeAddressRequestOption or AlternateCareOfAddressOption,
            "is not among the options of an indication")),
        Rule.Of<BindingRevocationIndication>("5846-5.1-11", RuleSeverity.Warning, (_, subject) => JudgePadding(subject)),
        Rule.Of<BindingRevocationAcknowledgement>("5846-5.1-11", RuleSeverity.Warning, (_, subject) => JudgePadding(subject)),
        Rule.Of<BindingRevocationAcknowledgement>("5846-5.2-03", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            foreach (var (_, option) in subject.All<HomeNetworkPrefixOption>().Take(acknowledgement.ProxyBinding ? 0 : 1))
            {
                subject.Break(option, null, "stands in an acknowledgement with P set only");
            }
        }),
        Rule.Of<BindingRevocationAcknowledgement>("5846-5.2-03", RuleSeverity.Warning, (acknowledgement, subject) =>
        {
            foreach (var (_, option) in subject.All<MobileNodeIdentifierOption>().Take(acknowledgement.ProxyBinding ? 0 : 1))
            {
                subject.Break(option, null, "stands in an acknowledgement with P set");
            }

            if (acknowledgement.ProxyBinding && subject.Has<HomeNetworkPrefixOption>() && !subject.Has<MobileNodeIdentifierOption>())
            {
                subject.Break("has a Home Network Prefix option, but no Mobile Node Identifier option");
            }
        }),
        Rule.Of<BindingRevocationAcknowledgement>("RFC 5846, 5.2", RuleSeverity.Warning, (_, subject) => JudgeOptions(
            subject,
            option => option is HomeNetworkPrefixOption or MobileNodeIdentifierOption or BindingIdentifierOption,
            "is not among the options of an acknowledgement")),
        Rule.Of<BindingRevocationAcknowledgement>("5846-10-06", RuleSeverity.Error, (acknowledgement, subject) =>
        {
            if (!acknowledgement.ProxyBinding && subject.Packet.NativeIPv6(subject.Index) is not null && !subject.Packet.HasHomeAddressOption(subject.Index))
            {
                subject.Break("travels from a mobile node with its home address in a Home Address option");
            }
        }),
    ];

    private static bool IsForAllOfPeer(BindingRevocationIndication indication) =>
        indication is { Global: true, Trigger: RevocationTrigger.PerPeerPolicy };

    private static bool IsForRealm(BindingRevocationIndication indication) =>
        indication is { Global: true, Trigger: RevocationTrigger.RevokingMobilityNodeLocalPolicy };

    private static bool IsRealm(MobileNodeIdentifierOption option) =>
        option.Identifier.Length > 1 && option.Identifier.Span.LastIndexOf((byte)'@') == 0;

    /// <summary>True for an option of a type that this library knows: an unknown one is skipped, whatever it means (5846-5.1-04).</summary>
    private static bool IsKnown(Layer part) => part.Structure is MobilityOption option and not UnknownMobilityOption && MobilityOptionForms.Of(option.Type) is not null;

    private static void JudgeOptions(Subject subject, Func<Structure, bool> isListed, string explanation)
    {
        // What protects a message may stand in any (5846-6.1-01).
        foreach (var part in subject.Parts.Where(part => IsKnown(part) && !MobilityOptionRules.IsPadding(part) && !isListed(part.Structure!)
            && part.Structure is not (MobilityMessageAuthenticationOption or MobilityMessageReplayProtectionOption)))
        {
            subject.Break(part, null, explanation);
        }
    }

    private static void JudgePadding(Subject subject)
    {
        if (subject.Layer.Length > EmptyMessage && subject.Parts.All(MobilityOptionRules.IsPadding))
        {
            subject.Break(MobilityHeaderFields.Common.HeaderLength, "is 1 without options, with 4 octets of padding");
        }
    }
}
