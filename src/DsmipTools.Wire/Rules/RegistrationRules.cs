using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Rules;

/// <summary>Mobile IPv4 registration (RFC 5944, 3).</summary>
internal static class RegistrationRules
{
    private const int LongestPrefix = 32;

    private static readonly Func<Layer, bool> IsAuthorization = part =>
        part.Structure is Extension { Type: ExtensionType.MobileHomeAuthentication or ExtensionType.GeneralizedAuthentication };

    private static readonly Func<Layer, bool> IsAuthentication = part => part.Structure is AuthenticationExtension;

    internal static readonly Rule[] All =
    [
        Rule.Of<RegistrationRequest>("RFC 5944, 3.3", RuleSeverity.Error, (_, subject) => JudgeAuthorization(subject)),
        Rule.Of<RegistrationReply>("RFC 5944, 3.4", RuleSeverity.Error, (reply, subject) =>
        {
            if (reply.Code.IsFromHomeAgent())
            {
                JudgeAuthorization(subject);
            }
        }),
        Rule.Of<RegistrationRequest>("RFC 2794, 2", RuleSeverity.Warning, (request, subject) =>
        {
            if (request.HomeAddress.IsUnspecified && !subject.Has<MobileNodeNaiExtension>())
            {
                subject.Break(RegistrationRequest.Fields.HomeAddress, "is zero, and no Mobile Node NAI extension says who the mobile node is");
            }
        }),
        Rule.Of<RegistrationRequest>("RFC 5944, 3.6.1.2", RuleSeverity.Warning, RegistrationRequest.Fields.CareOfAddress, request =>
            request.CareOfAddress.IsUnicast ? null : $"is an address that can be a tunnel's end, which {request.CareOfAddress} is not"),
        Rule.Of<RegistrationReply>("RFC 2794, 3", RuleSeverity.Error, (reply, subject) =>
        {
            if (reply.Code.IsFromHomeAgent() && reply.Code.IsAccepted() && reply.HomeAddress.IsUnspecified)
            {
                subject.Break(RegistrationReply.Fields.HomeAddress, "is zero in a reply that accepts");
            }

            if (reply.Code.IsFromHomeAgent() && reply.HomeAgent.IsUnspecified)
            {
                subject.Break(RegistrationReply.Fields.HomeAgent, "is zero");
            }
        }),
        Rule.Of<MobileNodeNaiExtension>("RFC 2794, 2", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent?.Layer.Structure is RegistrationRequest && AuthorizationBefore(subject) is { } authentication)
            {
                subject.Break($"stands before the {authentication.Name} extension");
            }
        }),
        Rule.Of<EncapsulatingDeliveryStyleExtension>("RFC 3024, 3.3", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent?.Layer.Structure is RegistrationRequest { ReverseTunneling: false })
            {
                subject.Break("stands in a request with T set only");
            }
        }),
        Rule.Of<RevocationSupportExtension>("RFC 3543, 3.2", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent is { Layer.Structure: RegistrationRequest or RegistrationReply } message
                && !(message.Ends(IsAuthentication).Last?.Offset > subject.Layer.Offset))
            {
                subject.Break("stands before an authentication extension, so that this protects it");
            }
        }),
        Rule.Of<UdpTunnelRequestExtension>("RFC 3519, 3.1.4", RuleSeverity.Warning, UdpTunnelRequestExtension.Fields.Encapsulation, extension =>
            extension.Encapsulation is 0 or IpProtocol.IPv4 or IpProtocol.Gre or IpProtocol.MinimalEncapsulation
                ? null
                : $"{(byte)extension.Encapsulation} is no encapsulation: those are 4, 47 and 55, and 0 leaves it to M and G"),
        Rule.Of<MobileNetworkRequestExtension>("RFC 5177", RuleSeverity.Error, MobileNetworkRequestExtension.Fields.PrefixLength, extension =>
            extension.PrefixLength > LongestPrefix ? $"is at most {LongestPrefix}, but it is {extension.PrefixLength}" : null),
        Rule.Of<MobileNetworkRequestExtension>("RFC 5177", RuleSeverity.Warning, MobileNetworkRequestExtension.Fields.Prefix, extension =>
            extension.PrefixLength < LongestPrefix && (uint)extension.Prefix.Value << extension.PrefixLength != 0
                ? "has bits set beyond its length"
                : null),
        Rule.Of<AuthenticationExtension>("RFC 5944, 3.5.2", RuleSeverity.Error, (extension, subject) =>
        {
            if (extension.Authenticator.Length == 0)
            {
                subject.Break("has no authenticator");
            }
        }),
        // IPsec, or another mechanism that two domains agreed on, may protect them instead.
        Rule.Of<RegistrationRevocation>("RFC 3543, 3.3", RuleSeverity.Warning, (_, subject) => JudgeAuthentication(subject)),
        Rule.Of<RegistrationRevocationAcknowledgment>("RFC 3543, 3.4", RuleSeverity.Warning, (_, subject) => JudgeAuthentication(subject)),
        Rule.Of<UnknownExtension>("RFC 5944, 1.9", RuleSeverity.Error, UnknownExtension.Fields.Length, extension =>
            extension.Type is ExtensionType.MobileHomeAuthentication or ExtensionType.MobileForeignAuthentication or ExtensionType.ForeignHomeAuthentication
                    or ExtensionType.EncapsulatingDeliveryStyle or ExtensionType.RevocationSupport
                ? $"{extension.Data.Length} is no length of an extension of type {(byte)extension.Type}"
                : null),
        Rule.Of<UnknownExtension>("RFC 5944, 1.8", RuleSeverity.Warning, UnknownExtension.Fields.Type, extension =>
            !Enum.IsDefined(extension.Type) && !extension.Type.IsSkippable()
                ? $"a receiver that does not know type {(byte)extension.Type}, which is below 128, discards the whole message"
                : null),
    ];

    /// <summary>The first authorization-enabling extension before another one (RFC 5944, 1.6); null for none.</summary>
    internal static Layer? AuthorizationBefore(Subject extension) =>
        extension.Parent?.Ends(IsAuthorization).First is { } first && first.Offset < extension.Layer.Offset ? first : null;

    private static void JudgeAuthentication(Subject subject)
    {
        if (!subject.Has<AuthenticationExtension>())
        {
            subject.Break("has no authentication extension");
        }
    }

    private static void JudgeAuthorization(Subject subject)
    {
        if (subject.Ends(IsAuthorization).First is null)
        {
            subject.Break("has no authorization-enabling extension, such as Mobile-Home Authentication");
        }
    }
}
