using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Rules;

/// <summary>Authenticators of mobility options (RFC 6275, 6.2.7; RFC 4285, 5.1 and 5.2), with keys where there are any.</summary>
internal static class MobilityAuthenticationRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<BindingAuthorizationDataOption>("RFC 6275, 6.2.7", RuleSeverity.Error, Verify),
        Rule.Of<BindingAuthorizationDataOption>("RFC 6275, 6.2.7", RuleSeverity.Information, SayWhyNotVerified),
        .. Of("RFC 4285, 5.1", MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent),
        .. Of("RFC 4285, 5.2", MobilityMessageAuthenticationSubtype.MobileNodeAaa),
    ];

    private static Rule[] Of(string section, MobilityMessageAuthenticationSubtype subtype) =>
    [
        Rule.Of<MobilityMessageAuthenticationOption>(section, RuleSeverity.Error, (option, subject) =>
        {
            if (option.Subtype == subtype)
            {
                Verify(option, subject);
            }
        }),
        Rule.Of<MobilityMessageAuthenticationOption>(section, RuleSeverity.Information, (option, subject) =>
        {
            if (option.Subtype == subtype)
            {
                SayWhyNotVerified(option, subject);
            }
        }),
    ];

    private static void Verify(MobilityOption option, Subject subject)
    {
        using var authenticator = Find(option, subject, out var addresses, out _);
        if (authenticator is null || MobilityAuthentication.GetLength(option) is not { } wanted)
        {
            return;
        }

        var (field, length) = option is MobilityMessageAuthenticationOption { AuthenticationData: var data }
            ? (MobilityMessageAuthenticationOption.Fields.AuthenticationData, data.Length)
            : (BindingAuthorizationDataOption.Fields.Authenticator, ((BindingAuthorizationDataOption)option).Authenticator.Length);
        if (length != wanted)
        {
            subject.Break(field, $"has {length} octets, where the computation gives {wanted}");
            return;
        }

        var message = subject.Parent!.Layer;
        var (other, name) = option is MobilityMessageAuthenticationOption
            ? (addresses.HomeAddress, "home address")
            : (addresses.Correspondent, "correspondent");
        var careOfAddresses = CareOfAddresses(option, message.Structure!, addresses);
        var view = new MobilityOptionView(subject.Layer.Span, subject.Layer.Offset - message.Offset);
        foreach (var careOfAddress in careOfAddresses)
        {
            if (MobilityHeaderView.TryParse(message.Span, out var header, out _)
                && MobilityAuthentication.Verify(header, view, careOfAddress, other, authenticator))
            {
                return;
            }
        }

        subject.Break(
            field,
            $"is wrong with care-of address {string.Join(" or ", careOfAddresses)} and {name} {other}: the message was changed, or made with another key or other addresses");
    }

    private static void SayWhyNotVerified(MobilityOption option, Subject subject)
    {
        using var authenticator = Find(option, subject, out _, out var reason);
        if (reason is var (field, explanation))
        {
            subject.Break(field, $"{explanation}: the authenticator is not verified");
        }
    }

    /// <summary>The keyed instance and the addresses; or null, and the reason where there is something to say.</summary>
    private static MessageAuthenticator? Find(MobilityOption option, Subject subject, out BindingAddresses addresses, out (Field Field, string Explanation)? reason)
    {
        addresses = default;
        reason = null;
        if (subject.Packet.Keys is not { } keys || subject.Parent is not { } message)
        {
            return null;
        }

        var mobilitySpi = (option as MobilityMessageAuthenticationOption)?.MobilitySpi;
        var field = mobilitySpi is null ? BindingAuthorizationDataOption.Fields.Authenticator : MobilityMessageAuthenticationOption.Fields.MobilitySpi;
        switch (message.Layer.Structure)
        {
            case BindingUpdate { ProxyRegistration: false } or BindingAcknowledgement { ProxyRegistration: false }:
                break;
            case BindingUpdate or BindingAcknowledgement:
                reason = (field, "which home address a proxy registration is authenticated with no RFC says");
                return null;
            default:
                // Binding Authorization Data is valid in no other message at all.
                reason = mobilitySpi is null ? null : (field, "RFC 4285 authenticates Binding Updates and Binding Acknowledgements only");
                return null;
        }

        if (MobilityAuthentication.GetLength(option) is null)
        {
            reason = (field, $"{mobilitySpi} does not say which function MN-AAA authentication uses; RFC 4285, 5.2 defines {MobilityAuthentication.HmacSha1Spi}, HMAC_SHA1_SPI");
            return null;
        }

        if (BindingAddresses.Of(message) is not { } shown)
        {
            reason = (field, "the packet does not show the IPv6 addresses that are covered");
            return null;
        }

        addresses = shown;
        var found = keys.Find(option, shown.HomeAddress);
        if (found is null)
        {
            reason = (field, mobilitySpi is null ? "there is no Kbm, a key without an SPI" : $"there is no key for mobility SPI {mobilitySpi}");
        }

        return found;
    }

    /// <summary>
    /// The care-of addresses that may be covered. Binding Authorization Data has the home address instead in a de-registration; an acknowledgement that
    /// rejects, or grants no lifetime, does not tell whether it answers one.
    /// </summary>
    private static Address[] CareOfAddresses(MobilityOption option, Structure message, BindingAddresses addresses) => (option, message) switch
    {
        (BindingAuthorizationDataOption, BindingUpdate { Lifetime: 0 }) => [addresses.HomeAddress],
        (BindingAuthorizationDataOption, BindingAcknowledgement acknowledgement) when acknowledgement.Lifetime == 0 || !acknowledgement.Status.IsAccepted() =>
            addresses.HomeAddress == addresses.CareOfAddress ? [addresses.HomeAddress] : [addresses.HomeAddress, addresses.CareOfAddress],
        _ => [addresses.CareOfAddress],
    };
}
