using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Rules;

/// <summary>The extensions of RFC 5454.</summary>
internal static class DualStackExtensionRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<IPv6PrefixRequestExtension>("5454-2.1-03", RuleSeverity.Error, IPv6PrefixRequestExtension.Fields.MobileIPv6NetworkPrefix, request =>
            WrongBits(request.Prefix)),
        Rule.Of<IPv6PrefixReplyExtension>("5454-2.2-03", RuleSeverity.Error, IPv6PrefixReplyExtension.Fields.MobileIPv6NetworkPrefix, reply =>
            WrongBits(reply.Prefix)),
        Rule.Of<IPv6PrefixRequestExtension>("5454-2.1-02", RuleSeverity.Error, IPv6PrefixRequestExtension.Fields.MobileIPv6NetworkPrefix, request =>
            WrongLinkLocal(request.Prefix)),
        Rule.Of<IPv6PrefixReplyExtension>("5454-2.1-02", RuleSeverity.Error, IPv6PrefixReplyExtension.Fields.MobileIPv6NetworkPrefix, reply =>
            WrongLinkLocal(reply.Prefix)),
        Rule.Of<IPv6PrefixRequestExtension>("5454-3.3.2-15", RuleSeverity.Error, IPv6PrefixRequestExtension.Fields.PrefixLength, request =>
            WrongLength(request.Prefix)),
        // A reply that rejects such a prefix repeats it.
        Rule.Of<IPv6PrefixReplyExtension>("5454-3.3.2-15", RuleSeverity.Error, IPv6PrefixReplyExtension.Fields.PrefixLength, reply =>
            reply.Code.IsAccepted() ? WrongLength(reply.Prefix) : null),
        Rule.Of<IPv6PrefixRequestExtension>("5454-2.1-01", RuleSeverity.Error, (_, subject) => JudgeMessage<RegistrationRequest>(subject)),
        Rule.Of<IPv6PrefixReplyExtension>("5454-2.2-01", RuleSeverity.Error, (_, subject) => JudgeMessage<RegistrationReply>(subject)),
        Rule.Of<IPv6TunnelingModeExtension>("5454-2.3-01", RuleSeverity.Error, (_, subject) => JudgeMessage<RegistrationRequest>(subject)),
        Rule.Of<UnknownExtension>("5454-2.1-01", RuleSeverity.Error, UnknownExtension.Fields.Length, extension =>
            WrongOctets(extension, DualStackSubtype.IPv6PrefixRequest, IPv6PrefixRequestExtension.Fields.Layout)),
        Rule.Of<UnknownExtension>("5454-2.2-01", RuleSeverity.Error, UnknownExtension.Fields.Length, extension =>
            WrongOctets(extension, DualStackSubtype.IPv6PrefixReply, IPv6PrefixReplyExtension.Fields.Layout)),
        Rule.Of<UnknownExtension>("5454-2.3-01", RuleSeverity.Error, UnknownExtension.Fields.Length, extension =>
            WrongOctets(extension, DualStackSubtype.IPv6TunnelingMode, IPv6TunnelingModeExtension.Fields.Layout)),
        Rule.Of<UnknownExtension>("5454-2-01", RuleSeverity.Information, UnknownExtension.Fields.Data, extension =>
            IsDualStack(extension) && (extension.Data.Length == 0 || !Enum.IsDefined((DualStackSubtype)extension.Data[0]))
                ? "has a subtype that RFC 5454 does not define: it is skipped"
                : null),
        Rule.Of<RegistrationRequest>("5454-3.1-01", RuleSeverity.Error, (_, subject) =>
        {
            foreach (var (_, extension) in subject.All<IPv6TunnelingModeExtension>().Skip(1))
            {
                subject.Break(extension, null, "the request has one already");
            }
        }),
        Rule.Of<RegistrationRequest>("5454-3.5-08", RuleSeverity.Error, (request, subject) =>
        {
            foreach (var (_, extension) in subject.All<IPv6TunnelingModeExtension>().Take(request.DecapsulationByMobileNode ? 0 : 1))
            {
                subject.Break(extension, null, "asks for tunneling to a care-of address that is not co-located (D is clear)");
            }
        }),
        Rule.Of<RegistrationRequest>("5454-3.9-02", RuleSeverity.Error, (_, subject) =>
        {
            var isDualStack = subject.Parts.Any(part => part.Structure is IPv6PrefixRequestExtension or IPv6TunnelingModeExtension);
            foreach (var (_, extension) in subject.All<UdpTunnelRequestExtension>().Where(part => isDualStack && part.Value.Encapsulation != 0))
            {
                subject.Break(extension, UdpTunnelRequestExtension.Fields.Encapsulation, "is zero in a request that asks for IPv6");
            }
        }),
        Rule.Of<RegistrationRequest>("5454-3.1-02", RuleSeverity.Error, (_, subject) =>
        {
            foreach (var part in subject.Parts.Where(part => part.Structure is IPv6PrefixRequestExtension or IPv6TunnelingModeExtension))
            {
                JudgeOrder(subject, part);
            }
        }),
        Rule.Of<RegistrationReply>("RFC 5944, 3.8.3.3", RuleSeverity.Error, (_, subject) =>
        {
            foreach (var (_, part) in subject.All<IPv6PrefixReplyExtension>())
            {
                JudgeOrder(subject, part);
            }
        }),
        Rule.Of<RegistrationRequest>("5454-3.3-03", RuleSeverity.Warning, (_, subject) =>
            JudgeTwice<IPv6PrefixRequestExtension>(subject, request => request.Prefix, "is requested already; a reply answers it once")),
        Rule.Of<RegistrationReply>("5454-3.3-03", RuleSeverity.Error, (_, subject) =>
            JudgeTwice<IPv6PrefixReplyExtension>(subject, reply => reply.Prefix, "has a prefix reply already")),
        Rule.Of<RegistrationReply>("5454-3.2-02", RuleSeverity.Information, (reply, subject) =>
        {
            foreach (var (_, extension) in subject.All<IPv6PrefixReplyExtension>().Where(part => !reply.Code.IsAccepted() && part.Value.Code.IsAccepted()))
            {
                subject.Break(extension, IPv6PrefixReplyExtension.Fields.Code, "accepts, but the code of the reply rejects every prefix");
            }
        }),
    ];

    private static bool IsDualStack(UnknownExtension extension) => extension.Type == ExtensionType.DualStackMobileIPv4;

    private static string? WrongBits(Prefix prefix) => prefix.IsCanonical ? null : $"has bits set beyond its length of {prefix.Length}";

    private static string? WrongLinkLocal(Prefix prefix) => prefix.IsLinkLocalAddress && !prefix.Address.IsLinkLocal
        ? $"is a link-local address with prefix length 255, which {prefix.Address} is not"
        : null;

    private static string? WrongLength(Prefix prefix) =>
        prefix.IsPrefix || prefix.IsLinkLocalAddress ? null : $"{prefix.Length} is no prefix length (0 to 128), and not 255 for a link-local address";

    private static string? WrongOctets(UnknownExtension extension, DualStackSubtype subtype, Layout table) =>
        IsDualStack(extension) && extension.Data.Length > 0 && (DualStackSubtype)extension.Data[0] == subtype
            ? $"is {table.Length - 2} with subtype {(byte)subtype}, but it is {extension.Data.Length}"
            : null;

    private static void JudgeMessage<TMessage>(Subject subject)
        where TMessage : MobileIPv4Message
    {
        if (subject.Parent is { Layer.Structure: not TMessage } message)
        {
            subject.Break($"is no extension of a {message.Layer.Name}");
        }
    }

    private static void JudgeOrder(Subject subject, Layer part)
    {
        if (RegistrationRules.AuthorizationBefore(subject.Part(part)) is { } authentication)
        {
            subject.Break(part, null, $"stands before the {authentication.Name} extension, so that this protects it");
        }
    }

    private static void JudgeTwice<TExtension>(Subject subject, Func<TExtension, Prefix> prefixOf, string explanation)
        where TExtension : Extension
    {
        var seen = new HashSet<Prefix>();
        foreach (var (value, layer) in subject.All<TExtension>().Where(part => !seen.Add(prefixOf(part.Value).Canonical)))
        {
            subject.Break(layer, null, $"{prefixOf(value)} {explanation}");
        }
    }
}
