using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Security;

/// <summary>Mobile-Home authentication of registration messages (RFC 5944, 3.5.1): everything before the authenticator is covered.</summary>
public static class RegistrationAuthentication
{
    /// <summary>Octets that <see cref="Append"/> adds.</summary>
    public static int GetLength(MessageAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return MobileHomeAuthenticationExtension.Fields.Layout.Length + authenticator.Length;
    }

    /// <summary>Appends a Mobile-Home Authentication extension to a message and returns the new length.</summary>
    /// <param name="buffer">Holds the message and has room for the extension.</param>
    /// <param name="length">Octets of the message so far.</param>
    /// <param name="securityParameterIndex">The SPI.</param>
    /// <param name="authenticator">The keyed instance of the security association.</param>
    public static int Append(Span<byte> buffer, int length, uint securityParameterIndex, MessageAuthenticator authenticator)
    {
        var extension = buffer.Slice(length, GetLength(authenticator));
        extension[0] = (byte)ExtensionType.MobileHomeAuthentication;
        extension[1] = (byte)(extension.Length - 2);
        MobileHomeAuthenticationExtension.Fields.SecurityParameterIndex.Write(extension, securityParameterIndex);
        var covered = length + MobileHomeAuthenticationExtension.Fields.Layout.Length;
        authenticator.Compute(buffer[..covered], buffer[covered..]);
        return length + extension.Length;
    }

    /// <summary>Verifies the authenticator of an extension that stands in a message, over the octets as received.</summary>
    public static bool Verify(ReadOnlySpan<byte> message, ExtensionView extension, MessageAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return MobileHomeAuthenticationExtension.TryRead(extension, out _, out var received)
            && authenticator.Verify(message[..(extension.Offset + MobileHomeAuthenticationExtension.Fields.Layout.Length)], received);
    }

    /// <summary>A copy of a message record with a Mobile-Home Authentication extension at its end.</summary>
    public static TMessage Sign<TMessage>(TMessage message, uint securityParameterIndex, MessageAuthenticator authenticator)
        where TMessage : MobileIPv4Message
    {
        ArgumentNullException.ThrowIfNull(message);
        var length = message.GetLength();
        var buffer = new byte[length + GetLength(authenticator)];
        message.Write(buffer);
        Append(buffer, length, securityParameterIndex, authenticator);
        return message with
        {
            Extensions =
            [
                .. message.Extensions,
                new MobileHomeAuthenticationExtension
                {
                    SecurityParameterIndex = securityParameterIndex,
                    Authenticator = Octets.Create(buffer.AsSpan(length + MobileHomeAuthenticationExtension.Fields.Layout.Length)),
                },
            ],
        };
    }
}
