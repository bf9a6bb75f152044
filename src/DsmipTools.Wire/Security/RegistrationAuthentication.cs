using System.Buffers.Binary;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Security;

/// <summary>
/// Authentication of registration and revocation messages by an extension: Mobile-Home, Mobile-Foreign and Foreign-Home (RFC 5944, 3.5;
/// RFC 3543, 3.3 and 3.4) and the generalized one (RFC 4721, 5). The authenticator covers everything before itself: the message, all
/// prior extensions, and of its own extension all up to the SPI.
/// </summary>
public static class RegistrationAuthentication
{
    /// <summary>Octets that <see cref="Append"/> adds.</summary>
    /// <param name="authenticator">The keyed instance of the security association.</param>
    /// <param name="type">An authentication extension.</param>
    public static int GetLength(MessageAuthenticator authenticator, ExtensionType type = ExtensionType.MobileHomeAuthentication)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return GetCovered(type) + authenticator.Length;
    }

    /// <summary>Appends an authentication extension to a message and returns the new length.</summary>
    /// <param name="buffer">Holds the message and has room for the extension.</param>
    /// <param name="length">Octets of the message so far.</param>
    /// <param name="securityParameterIndex">The SPI.</param>
    /// <param name="authenticator">The keyed instance of the security association.</param>
    /// <param name="type">Which authentication extension, and so between whom.</param>
    /// <param name="subtype">The subtype, of a generalized one only.</param>
    /// <exception cref="ArgumentException">The type is no authentication extension, or the room does not suffice.</exception>
    public static int Append(
        Span<byte> buffer,
        int length,
        uint securityParameterIndex,
        MessageAuthenticator authenticator,
        ExtensionType type = ExtensionType.MobileHomeAuthentication,
        GeneralizedAuthenticationSubtype subtype = GeneralizedAuthenticationSubtype.MobileAaaAuthentication)
    {
        var extension = buffer.Slice(length, GetLength(authenticator, type));
        if (type.HasLongForm())
        {
            TypeLengthValue.BeginLong(extension, (byte)type);
            GeneralizedAuthenticationExtension.Fields.Subtype.Write(extension, (byte)subtype);
        }
        else
        {
            TypeLengthValue.Begin(extension, (byte)type);
        }

        var inExtension = GetCovered(type);
        BinaryPrimitives.WriteUInt32BigEndian(extension[(inExtension - AuthenticationExtension.SecurityParameterIndexLength)..], securityParameterIndex);
        authenticator.Compute(buffer[..(length + inExtension)], extension[inExtension..]);
        return length + extension.Length;
    }

    /// <summary>Verifies the authenticator of an authentication extension that stands in a message, over the octets as received.</summary>
    /// <remarks>The type of the extension says which security association counts; to choose it is up to the caller.</remarks>
    /// <param name="message">The whole message.</param>
    /// <param name="extension">The extension, with its offset in that message.</param>
    /// <param name="authenticator">The keyed instance of the security association.</param>
    public static bool Verify(ReadOnlySpan<byte> message, ExtensionView extension, MessageAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return AuthenticationExtension.TryReadAny(extension, out _, out var received)
            && authenticator.Verify(message[..(extension.Offset + GetCovered(extension.Type))], received);
    }

    /// <summary>A copy of a message record with an authentication extension at its end.</summary>
    /// <param name="message">The message.</param>
    /// <param name="securityParameterIndex">The SPI.</param>
    /// <param name="authenticator">The keyed instance of the security association.</param>
    /// <param name="type">Which authentication extension, and so between whom.</param>
    /// <param name="subtype">The subtype, of a generalized one only.</param>
    public static TMessage Sign<TMessage>(
        TMessage message,
        uint securityParameterIndex,
        MessageAuthenticator authenticator,
        ExtensionType type = ExtensionType.MobileHomeAuthentication,
        GeneralizedAuthenticationSubtype subtype = GeneralizedAuthenticationSubtype.MobileAaaAuthentication)
        where TMessage : MobileIPv4ControlMessage
    {
        ArgumentNullException.ThrowIfNull(message);
        var length = message.GetLength();
        var buffer = new byte[length + GetLength(authenticator, type)];
        message.Write(buffer);
        Append(buffer, length, securityParameterIndex, authenticator, type, subtype);
        return message with { Extensions = [.. message.Extensions, Extension.From(new ExtensionView(buffer.AsSpan(length), length))] };
    }

    /// <summary>The octets of an authentication extension before its authenticator.</summary>
    private static int GetCovered(ExtensionType type) => type.IsAuthentication()
        ? ExtensionTypes.HeaderLength(type) + AuthenticationExtension.SecurityParameterIndexLength
        : throw new ArgumentException($"{type} is no authentication extension.", nameof(type));
}
