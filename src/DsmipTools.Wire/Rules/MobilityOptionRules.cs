using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Rules;

/// <summary>Mobility options: padding, alignment, lengths, order, and in which messages they are valid.</summary>
internal static class MobilityOptionRules
{
    private const int LongestIPv4Prefix = 32;
    private const uint ReservedIndexes = 255;

    private static readonly Func<Layer, bool> IsAuthentication = part => part.Structure is MobilityMessageAuthenticationOption or BindingAuthorizationDataOption;

    internal static readonly Rule[] All =
    [
        Rule.Of<MobilityMessage>("RFC 6275, 6.2.2", RuleSeverity.Warning, (_, subject) =>
        {
            for (var number = 1; number < subject.Parts.Count; number++)
            {
                // One violation for all the padding at a place.
                if (IsPadding(subject.Parts[number]) && IsPadding(subject.Parts[number - 1]) && !(number > 1 && IsPadding(subject.Parts[number - 2])))
                {
                    subject.Break(subject.Parts[number], null, "stands behind other padding; one PadN option pads any number of octets");
                }
            }
        }),
        Rule.Of<PadNOption>("RFC 6275, 6.2.3", RuleSeverity.Warning, PadNOption.Fields.Padding, option =>
            option.Padding.Span.ContainsAnyExcept((byte)0) ? "consists of zeros" : null),
        Rule.Of<MobilityOption>("RFC 6275, 6.2.1", RuleSeverity.Warning, (option, subject) =>
        {
            if (subject.Parent is { } message && !option.IsLast())
            {
                Alignment.Judge(subject, subject.Layer.Offset - message.Layer.Offset, option.Alignment);
            }
        }),
        Rule.Of<UnknownMobilityOption>("RFC 6275, 6.2.1", RuleSeverity.Error, (option, subject) =>
        {
            if (MobilityOptionForms.Of(option.Type) is { } form)
            {
                subject.Break(subject.Field("Length")!, $"{option.Data.Length} is no length of a {form.Table.Name} option ({form.Table.Rfc})");
            }
        }),
        Rule.Of<MobilityMessage>("RFC 6275, 6.2", RuleSeverity.Error, (_, subject) =>
        {
            foreach (var part in subject.Parts.SkipLast(1).Where(part => part.Structure is MobilityOption option && option.IsLast()))
            {
                subject.Break(part, null, "is the last option, without padding behind it");
            }
        }),
        Rule.Of<BindingIdentifierOption>("RFC 5648, 4.3", RuleSeverity.Warning, BindingIdentifierOption.Fields.BindingId, option =>
            option.BindingId == 0 ? "is zero, which is reserved and should not be used" : null),
        Rule.Of<BindingAuthorizationDataOption>("RFC 6275, 6.2.7", RuleSeverity.Error, (_, subject) =>
            JudgeMessage(subject, message => message is BindingUpdate or BindingAcknowledgement, "a Binding Update or a Binding Acknowledgement")),
        Rule.Of<NonceIndicesOption>("RFC 6275, 6.2.6", RuleSeverity.Error, (_, subject) =>
            JudgeMessage(subject, message => message is BindingUpdate, "a Binding Update")),
        Rule.Of<BindingRefreshAdviceOption>("RFC 6275, 6.2.4", RuleSeverity.Error, (_, subject) =>
            JudgeMessage(subject, message => message is BindingAcknowledgement, "a Binding Acknowledgement")),
        // RFC 5846, 5.1 lets it stand in an indication too.
        Rule.Of<AlternateCareOfAddressOption>("RFC 6275, 6.2.5", RuleSeverity.Error, (_, subject) =>
            JudgeMessage(subject, message => message is BindingUpdate or BindingRevocationIndication, "a Binding Update or a Binding Revocation Indication")),
        Rule.Of<AlternateCareOfAddressOption>(
            "RFC 6275, 6.1.7", RuleSeverity.Error, AlternateCareOfAddressOption.Fields.AlternateCareOfAddress, option =>
                HeaderRules.WrongHomeAddress(option.AlternateCareOfAddress)),
        Rule.Of<MobileNodeIdentifierOption>("RFC 4283, 3.2", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent?.Ends(IsAuthentication).First is { } authentication && authentication.Offset < subject.Layer.Offset)
            {
                subject.Break($"stands before the {authentication.Name} option");
            }
        }),
        Rule.Of<MobilityMessage>("RFC 4285, 5.1", RuleSeverity.Error, (_, subject) =>
        {
            var last = subject.Parts.LastOrDefault(part => !IsPadding(part));
            foreach (var (option, layer) in subject.All<MobilityMessageAuthenticationOption>())
            {
                if (last?.Structure is not MobilityMessageAuthenticationOption)
                {
                    subject.Break(layer, null, "is the last option of the message");
                }
            }
        }),
        Rule.Of<MobilityMessage>("RFC 4285, 5", RuleSeverity.Error, (_, subject) =>
        {
            var seen = new HashSet<MobilityMessageAuthenticationSubtype>();
            foreach (var (option, layer) in subject.All<MobilityMessageAuthenticationOption>())
            {
                if (option.Subtype == MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent
                    && seen.Contains(MobilityMessageAuthenticationSubtype.MobileNodeAaa))
                {
                    subject.Break(layer, MobilityMessageAuthenticationOption.Fields.Subtype, "MN-HA authentication stands before MN-AAA authentication");
                }

                if (!seen.Add(option.Subtype))
                {
                    subject.Break(layer, MobilityMessageAuthenticationOption.Fields.Subtype, "the message has one of this subtype already");
                }
            }
        }),
        Rule.Of<MobilityMessageAuthenticationOption>("RFC 4285, 5.2", RuleSeverity.Error, (option, subject) =>
        {
            if (option.Subtype == MobilityMessageAuthenticationSubtype.MobileNodeAaa && subject.Parent?.Layer.Structure is BindingAcknowledgement)
            {
                subject.Break(MobilityMessageAuthenticationOption.Fields.Subtype, "MN-AAA authentication is not used in Binding Acknowledgements");
            }
        }),
        Rule.Of<MobilityMessageAuthenticationOption>(
            "RFC 4285, 5.1", RuleSeverity.Warning, MobilityMessageAuthenticationOption.Fields.MobilitySpi, option =>
                option.MobilitySpi <= ReservedIndexes
                && !(option.MobilitySpi == MobilityAuthentication.HmacSha1Spi && option.Subtype == MobilityMessageAuthenticationSubtype.MobileNodeAaa)
                    ? $"{option.MobilitySpi} is reserved (0 to {ReservedIndexes})"
                    : null),
        Rule.Of<HomeNetworkPrefixOption>("RFC 5213, 8.3", RuleSeverity.Error, HomeNetworkPrefixOption.Fields.PrefixLength, WrongLength),
        Rule.Of<MobileNetworkPrefixOption>("RFC 3963, 4.3", RuleSeverity.Error, MobileNetworkPrefixOption.Fields.PrefixLength, WrongLength),
        Rule.Of<PrefixOption>("RFC 5213, 8.3", RuleSeverity.Warning, (option, subject) =>
        {
            if (!option.Prefix.IsCanonical)
            {
                subject.Break(subject.Field("HomeNetworkPrefix") ?? subject.Field("MobileNetworkPrefix")!, $"has bits set beyond its length of {option.PrefixLength}");
            }
        }),
        Rule.Of<IPv4HomePrefixOption>("RFC 5555, 3.1.1", RuleSeverity.Error, (option, subject) =>
        {
            if (option.PrefixLength > LongestIPv4Prefix)
            {
                subject.Break(subject.Field("PrefixLength")!, $"{option.PrefixLength} is no length of an IPv4 prefix (0 to 32)");
            }
        }),
        Rule.Of<IPv4HomeAddressOption>("RFC 5555, 3.1.1", RuleSeverity.Error, IPv4HomeAddressOption.Fields.PrefixLength, option =>
            option.PrefixLength == 0 ? "zero is invalid" : null),
        Rule.Of<LinkLocalAddressOption>("RFC 5213, 8.7", RuleSeverity.Warning, LinkLocalAddressOption.Fields.LinkLocalAddress, option =>
            option.LinkLocalAddress.IsLinkLocal || option.LinkLocalAddress.IsUnspecified ? null : $"is a link-local address, which {option.LinkLocalAddress} is not"),
        Rule.Of<BindingIdentifierOption>("RFC 5648, 4.3", RuleSeverity.Error, (option, subject) =>
        {
            if (option.CareOfAddress is not null && subject.Parent is { Layer.Structure: not (BindingUpdate or BindingRevocationIndication) })
            {
                subject.Break(BindingIdentifierOption.Fields.CareOfAddress, "stands in a Binding Update only");
            }
        }),
    ];

    /// <summary>True for padding.</summary>
    internal static bool IsPadding(Layer part) => part.Structure is Pad1Option or PadNOption;

    private static bool IsLast(this MobilityOption option) => MobilityOptionForms.Of(option.Type) is { IsLast: true };

    private static string? WrongLength(PrefixOption option) =>
        option.Prefix.IsPrefix ? null : $"{option.PrefixLength} is no prefix length (0 to 128)";

    private static void JudgeMessage(Subject subject, Func<Structure?, bool> isValid, string messages)
    {
        if (subject.Parent is { } message && !isValid(message.Layer.Structure))
        {
            subject.Break($"is valid in {messages} only");
        }
    }
}
