using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Rules;

/// <summary>Where the checker gets the keys that authenticators are verified with. It keeps no key itself.</summary>
/// <param name="find">
/// Makes a keyed instance for an authentication extension (its type says between whom, its SPI which key) of the mobile node with a home
/// address; null when there is no such key. The checker disposes of what it gets.
/// </param>
public sealed class RuleKeys(Func<AuthenticationExtension, Address, MessageAuthenticator?> find)
{
    private readonly Func<AuthenticationExtension, Address, MessageAuthenticator?> find = find ?? throw new ArgumentNullException(nameof(find));

    /// <summary>One key, whatever mobile node and whichever authentication extension it is.</summary>
    /// <param name="securityParameterIndex">The SPI that the key is for; null uses the key for any.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="key">The key; it is copied.</param>
    public static RuleKeys Of(uint? securityParameterIndex, AuthenticationAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var copy = key.ToArray();
        return new RuleKeys((extension, _) => securityParameterIndex is null || extension.SecurityParameterIndex == securityParameterIndex
            ? new MessageAuthenticator(algorithm, copy)
            : null);
    }

    internal MessageAuthenticator? Find(AuthenticationExtension extension, Address homeAddress) => find(extension, homeAddress);
}
