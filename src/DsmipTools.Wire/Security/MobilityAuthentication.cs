using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Security;

/// <summary>
/// Authentication of Binding Updates and Acknowledgements by a mobility option, always with HMAC-SHA-1: Binding Authorization Data with Kbm
/// (RFC 6275, 6.2.7), and Mobility Message Authentication with the key of a mobility SPI (RFC 4285, 5).
/// </summary>
/// <remarks>
/// The authenticator covers the care-of address, a second address, and the Mobility Header as if its checksum was zero: with Mobility Message
/// Authentication the home address, and the header up to and with the mobility SPI; with Binding Authorization Data the correspondent, and the whole
/// header but for the authenticator itself. It is First(96, HMAC_SHA1(key, all that)); with MN-AAA and HMAC_SHA1_SPI, HMAC_SHA1(key, SHA1(all that)),
/// not cut (RFC 4285, 5.2, which leaves unsaid what the checksum counts as: it comes after the authenticator, so it can be zero only). RFC 4285
/// defines no computation for MN-AAA with another SPI, nor for other subtypes.
/// </remarks>
public static class MobilityAuthentication
{
    /// <summary>HMAC_SHA1_SPI: the only mobility SPI that MN-AAA authentication is defined with (RFC 4285, 5.2 and 8).</summary>
    public const uint HmacSha1Spi = 3;

    private const int FirstBits = 96;
    private const int AddressLength = 16;

    /// <summary>The octets that the authenticator of an option has; null where no RFC defines its computation.</summary>
    /// <param name="option">A Mobility Message Authentication or Binding Authorization Data option.</param>
    public static int? GetLength(MobilityOption option) => option switch
    {
        BindingAuthorizationDataOption => FirstBits / 8,
        MobilityMessageAuthenticationOption authentication => GetLength(authentication.Subtype, authentication.MobilitySpi),
        _ => null,
    };

    /// <summary>The same for an option where it stands.</summary>
    /// <param name="option">Any option.</param>
    public static int? GetLength(MobilityOptionView option) =>
        BindingAuthorizationDataOption.TryRead(option, out _) ? FirstBits / 8
        : MobilityMessageAuthenticationOption.TryRead(option, out var subtype, out var mobilitySpi, out _) ? GetLength(subtype, mobilitySpi)
        : null;

    /// <summary>Computes the authenticator of an option that stands in a message, whatever its authenticator and the checksum are so far.</summary>
    /// <param name="message">The message.</param>
    /// <param name="option">The option in that message.</param>
    /// <param name="careOfAddress">The care-of address; with Binding Authorization Data the home address where the binding is to be deleted.</param>
    /// <param name="other">The home address; with Binding Authorization Data the address of the correspondent node.</param>
    /// <param name="authenticator">The keyed instance, HMAC-SHA-1.</param>
    /// <param name="destination">Where the authenticator goes: <see cref="GetLength(MobilityOptionView)"/> octets.</param>
    /// <exception cref="ArgumentException">The option has no computation, the algorithm is another one, or an address is not of IPv6.</exception>
    public static void Compute(
        MobilityHeaderView message, MobilityOptionView option, Address careOfAddress, Address other, MessageAuthenticator authenticator, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        var length = GetLength(option) ?? throw new ArgumentException($"No authenticator of option {(byte)option.Type} is defined.", nameof(option));
        if (authenticator.Length != HMACSHA1.HashSizeInBytes)
        {
            throw new ArgumentException("The algorithm is HMAC-SHA-1.", nameof(authenticator));
        }

        Span<byte> data = stackalloc byte[(2 * AddressLength) + MobilityMessageWriter.MaximumLength];
        WriteAddress(data, careOfAddress, nameof(careOfAddress));
        WriteAddress(data[AddressLength..], other, nameof(other));
        var header = data[(2 * AddressLength)..];
        var covered = WriteCovered(message, option, header);
        MobilityHeaderFields.Common.Checksum.Write(header, 0u);
        data = data[..((2 * AddressLength) + covered)];

        Span<byte> code = stackalloc byte[HMACSHA1.HashSizeInBytes];
        if (length == code.Length)
        {
            Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
            Digest(data, digest);
            authenticator.Compute(digest, code);
        }
        else
        {
            authenticator.Compute(data, code);
        }

        code[..length].CopyTo(destination);
    }

    /// <summary>Verifies the authenticator of an option that stands in a message, over the octets as received and in fixed time.</summary>
    /// <param name="message">The message.</param>
    /// <param name="option">The option in that message.</param>
    /// <param name="careOfAddress">The care-of address; with Binding Authorization Data the home address where the binding is to be deleted.</param>
    /// <param name="other">The home address; with Binding Authorization Data the address of the correspondent node.</param>
    /// <param name="authenticator">The keyed instance, HMAC-SHA-1; no other algorithm verifies.</param>
    /// <exception cref="ArgumentException">An address is not of IPv6.</exception>
    public static bool Verify(
        MobilityHeaderView message, MobilityOptionView option, Address careOfAddress, Address other, MessageAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        if (GetLength(option) is not { } length || authenticator.Length != HMACSHA1.HashSizeInBytes)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[length];
        Compute(message, option, careOfAddress, other, authenticator, expected);
        return CryptographicOperations.FixedTimeEquals(expected, option.Octets[AuthenticatorOffset(option)..]);
    }

    /// <summary>A copy of a message record with a right Mobility Message Authentication option.</summary>
    /// <remarks>
    /// The option takes the place of the one with that subtype, or else stands at the end. The header length is covered: a message with both MN-HA and
    /// MN-AAA authentication has both options, with authenticators of zeros, before the first is signed.
    /// </remarks>
    /// <param name="message">The message; a verbatim one has the option already.</param>
    /// <param name="mobilitySpi">The mobility SPI.</param>
    /// <param name="authenticator">The keyed instance of the mobility security association, HMAC-SHA-1.</param>
    /// <param name="careOfAddress">The care-of address.</param>
    /// <param name="homeAddress">The home address.</param>
    /// <param name="subtype">Who authenticates the message.</param>
    public static TMessage Sign<TMessage>(
        TMessage message,
        uint mobilitySpi,
        MessageAuthenticator authenticator,
        Address careOfAddress,
        Address homeAddress,
        MobilityMessageAuthenticationSubtype subtype = MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent)
        where TMessage : MobilityMessage
    {
        var length = GetLength(subtype, mobilitySpi)
            ?? throw new ArgumentException($"RFC 4285 defines no authenticator for subtype {(byte)subtype} with SPI {mobilitySpi}.", nameof(mobilitySpi));
        return Sign(
            message,
            data => new MobilityMessageAuthenticationOption { Subtype = subtype, MobilitySpi = mobilitySpi, AuthenticationData = data },
            length,
            option => option is MobilityMessageAuthenticationOption other && other.Subtype == subtype,
            careOfAddress,
            homeAddress,
            authenticator);
    }

    /// <summary>A copy of a message record with a right Binding Authorization Data option, in the place of the one it has or at the end.</summary>
    /// <param name="message">The message; a verbatim one has the option already.</param>
    /// <param name="bindingManagementKey">The keyed instance of Kbm, HMAC-SHA-1.</param>
    /// <param name="careOfAddress">The care-of address; the home address where the binding is to be deleted.</param>
    /// <param name="correspondent">The address of the correspondent node; its home address where it is mobile itself.</param>
    public static TMessage Sign<TMessage>(TMessage message, MessageAuthenticator bindingManagementKey, Address careOfAddress, Address correspondent)
        where TMessage : MobilityMessage => Sign(
            message,
            data => new BindingAuthorizationDataOption { Authenticator = data },
            FirstBits / 8,
            option => option is BindingAuthorizationDataOption,
            careOfAddress,
            correspondent,
            bindingManagementKey);

    private static TMessage Sign<TMessage>(
        TMessage message,
        Func<byte[], MobilityOption> make,
        int length,
        Predicate<MobilityOption> isSame,
        Address careOfAddress,
        Address other,
        MessageAuthenticator authenticator)
        where TMessage : MobilityMessage
    {
        ArgumentNullException.ThrowIfNull(message);
        MobilityOption[] options = [.. message.Options];
        var place = Array.FindIndex(options, isSame);
        if (place < 0)
        {
            if (message.Verbatim)
            {
                throw new ArgumentException("A verbatim message has the option already, with its padding.", nameof(message));
            }

            place = options.Length;
            options = [.. options, make(new byte[length])];
        }

        options[place] = make(new byte[length]);
        var octets = (message with { Options = [.. options] }).ToOctets();
        if (!MobilityHeaderView.TryParse(octets.Span, out var view, out var error) || !TryFind(view, message.Table.Length, isSame, out var option))
        {
            throw new ArgumentException($"The message cannot be signed: {(error.IsError ? error : "its octets do not show the option")}.", nameof(message));
        }

        var computed = new byte[length];
        Compute(view, option, careOfAddress, other, authenticator, computed);
        options[place] = make(computed);
        return message with { Options = [.. options] };
    }

    private static bool TryFind(MobilityHeaderView message, int fixedLength, Predicate<MobilityOption> isSame, out MobilityOptionView found)
    {
        found = default;
        if (!message.TryCheckMessage(message.Type, fixedLength, out _))
        {
            return false;
        }

        foreach (var option in new MobilityOptionSequence(message.Octets[fixedLength..], fixedLength))
        {
            if (isSame(MobilityOption.From(option)))
            {
                found = option;
                return true;
            }
        }

        return false;
    }

    private static int? GetLength(MobilityMessageAuthenticationSubtype subtype, uint mobilitySpi) => subtype switch
    {
        MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent => FirstBits / 8,
        MobilityMessageAuthenticationSubtype.MobileNodeAaa when mobilitySpi == HmacSha1Spi => HMACSHA1.HashSizeInBytes,
        _ => null,
    };

    private static int AuthenticatorOffset(MobilityOptionView option) => option.Type == MobilityOptionType.BindingAuthorizationData
        ? BindingAuthorizationDataOption.Fields.Authenticator.Offset
        : MobilityMessageAuthenticationOption.Fields.AuthenticationData.Offset;

    /// <summary>Writes the octets of the Mobility Header that are covered, and returns how many they are.</summary>
    private static int WriteCovered(MobilityHeaderView message, MobilityOptionView option, Span<byte> destination)
    {
        var covered = option.Offset + AuthenticatorOffset(option);
        message.Octets[..covered].CopyTo(destination);
        if (option.Type == MobilityOptionType.BindingAuthorizationData)
        {
            // Nothing follows the last option of a right message; where something does, it is part of the content that is covered.
            var behind = message.Octets[(option.Offset + option.Octets.Length)..];
            behind.CopyTo(destination[covered..]);
            covered += behind.Length;
        }

        return covered;
    }

    private static void WriteAddress(Span<byte> destination, Address address, string parameter)
    {
        if (!address.IsIPv6)
        {
            throw new ArgumentException($"{address} is no IPv6 address.", parameter);
        }

        address.Write(destination);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 4285, 5.2 asks for SHA-1.")]
    private static void Digest(ReadOnlySpan<byte> data, Span<byte> digest) => SHA1.HashData(data, digest);
}
