using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Rules;

/// <summary>Authentication extensions of Mobile IPv4 (RFC 5944, 3.5; RFC 4721, 5), with keys where there are any.</summary>
internal static class AuthenticationRules
{
    private const uint LargestReservedIndex = 255;

    internal static readonly Rule[] All =
    [
        // RFC 4721, 8 gives some of these a meaning in the generalized extension.
        Rule.Of<AuthenticationExtension>("RFC 5944, 1.6", RuleSeverity.Error, (extension, subject) =>
        {
            if (extension is not GeneralizedAuthenticationExtension && extension.SecurityParameterIndex <= LargestReservedIndex)
            {
                subject.Break(SecurityParameterIndex(subject), $"{extension.SecurityParameterIndex} is reserved (0 to {LargestReservedIndex})");
            }
        }),
        Rule.Of<AuthenticationExtension>("RFC 5944, 3.5.1", RuleSeverity.Error, (extension, subject) =>
        {
            using var authenticator = Find(extension, subject);
            if (authenticator is null)
            {
                return;
            }

            var message = subject.Parent!.Layer;
            var view = new ExtensionView(subject.Layer.Span, subject.Layer.Offset - message.Offset);
            if (!RegistrationAuthentication.Verify(message.Span, view, authenticator))
            {
                subject.Break(
                    subject.Field(nameof(AuthenticationExtension.Authenticator))!,
                    extension.Authenticator.Length == authenticator.Length
                        ? "is wrong: the message was changed, or made with another key"
                        : $"has {extension.Authenticator.Length} octets, where the algorithm of the key gives {authenticator.Length}");
            }
        }),
        Rule.Of<AuthenticationExtension>("RFC 5944, 3.5.1", RuleSeverity.Information, (extension, subject) =>
        {
            using var authenticator = Find(extension, subject);
            if (authenticator is null && subject.Packet.Keys is not null)
            {
                subject.Break(SecurityParameterIndex(subject), $"there is no key for SPI {extension.SecurityParameterIndex}: the authenticator is not verified");
            }
        }),
    ];

    private static MessageAuthenticator? Find(AuthenticationExtension extension, Subject subject) =>
        subject.Parent is { } message ? subject.Packet.Keys?.Find(extension, HomeAddressOf(message.Layer.Structure)) : null;

    private static Field SecurityParameterIndex(Subject subject) => subject.Field(nameof(AuthenticationExtension.SecurityParameterIndex))!;

    private static Address HomeAddressOf(Structure? message) => message switch
    {
        RegistrationRequest request => request.HomeAddress,
        RegistrationReply reply => reply.HomeAddress,
        RegistrationRevocation revocation => revocation.HomeAddress,
        RegistrationRevocationAcknowledgment acknowledgment => acknowledgment.HomeAddress,
        _ => Address.AnyIPv4,
    };
}
