using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Rules;

/// <summary>Where the checker gets the keys that authenticators are verified with. It keeps no key itself, and disposes of what it gets.</summary>
/// <param name="find">
/// Makes a keyed instance for an authentication extension of Mobile IPv4 (its type says between whom, its SPI which key) of the mobile node with
/// a home address; null when there is no such key.
/// </param>
/// <param name="findForOption">
/// Makes a keyed instance, HMAC-SHA-1, for a Mobility Message Authentication option (its subtype says between whom, its mobility SPI which key) or a
/// Binding Authorization Data option (Kbm) of the mobile node with a home address; null when there is no such key. Null finds none.
/// </param>
public sealed class RuleKeys(
    Func<AuthenticationExtension, Address, MessageAuthenticator?> find, Func<MobilityOption, Address, MessageAuthenticator?>? findForOption = null)
{
    private readonly Func<AuthenticationExtension, Address, MessageAuthenticator?> find = find ?? throw new ArgumentNullException(nameof(find));

    /// <summary>One key, whatever mobile node and whichever authentication extension or option it is.</summary>
    /// <param name="securityParameterIndex">
    /// The SPI, or mobility SPI, that the key is for; null uses the key for any, and as Kbm, which has none.
    /// </param>
    /// <param name="algorithm">The algorithm of authentication extensions; mobility options have HMAC-SHA-1 always.</param>
    /// <param name="key">The key; it is copied.</param>
    public static RuleKeys Of(uint? securityParameterIndex, AuthenticationAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var copy = key.ToArray();
        return new RuleKeys(
            (extension, _) => IsFor(extension.SecurityParameterIndex) ? new MessageAuthenticator(algorithm, copy) : null,
            (option, _) => IsFor((option as MobilityMessageAuthenticationOption)?.MobilitySpi)
                ? new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, copy)
                : null);

        bool IsFor(uint? index) => securityParameterIndex is null || securityParameterIndex == index;
    }

    internal MessageAuthenticator? Find(AuthenticationExtension extension, Address homeAddress) => find(extension, homeAddress);

    internal MessageAuthenticator? Find(MobilityOption option, Address homeAddress) => findForOption?.Invoke(option, homeAddress);
}
