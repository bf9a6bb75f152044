using System.Security.Cryptography;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire.Security;

/// <summary>
/// ESP for one key (RFC 4303), with HMAC-SHA-256-128 (RFC 4868) and no encryption (RFC 2410) or AES-CBC (RFC 3602): the algorithms that keys
/// may be configured for by hand. AES-GCM is not among them: a nonce that comes twice gives its key away, and RFC 4106, 2 wants a key
/// management that rules it out. Not safe for use by several threads; does not allocate once its buffers have grown.
/// </summary>
public sealed class EncapsulatingSecurityPayload : IDisposable
{
    /// <summary>The length of the integrity key: 256 bits and no other (RFC 4868, 2.1.1).</summary>
    public const int IntegrityKeyLength = 32;

    /// <summary>The length of the integrity check value: the first half of the hash (RFC 4868, 2.1.2).</summary>
    public const int IntegrityCheckValueLength = 16;

    private const int BlockLength = 16;
    private const int NullAlignment = 4;

    private static readonly int headerLength = EncapsulatingSecurityPayloadHeader.Fields.Layout.Length;
    private static readonly int trailerLength = EncapsulatingSecurityPayloadTrailer.Fields.Layout.Length;

    private readonly MessageAuthenticator authenticator;
    private readonly ICryptoTransform? encryptor;
    private readonly ICryptoTransform? decryptor;
    private byte[] clear = [];
    private byte[] hidden = [];

    /// <summary>Makes an instance.</summary>
    /// <param name="integrityKey">The key of HMAC-SHA-256-128, 32 octets.</param>
    /// <param name="encryptionKey">The key of AES-CBC, 16 or 32 octets; empty for no encryption.</param>
    /// <exception cref="ArgumentException">A key has another length.</exception>
    public EncapsulatingSecurityPayload(ReadOnlySpan<byte> integrityKey, ReadOnlySpan<byte> encryptionKey)
    {
        ThrowUnlessKeys(integrityKey.Length, encryptionKey.Length);
        authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha256, integrityKey);
        if (encryptionKey.IsEmpty)
        {
            return;
        }

        using var aes = Aes.Create();
        aes.Mode = CipherMode.CBC;
        aes.Padding = PaddingMode.None;
        aes.SetKey(encryptionKey);
        // The chain begins with nothing secret: what makes a vector unpredictable comes in with each packet.
        aes.IV = new byte[BlockLength];
        encryptor = aes.CreateEncryptor();
        decryptor = aes.CreateDecryptor();
    }

    /// <summary>Checks the lengths of keys.</summary>
    /// <exception cref="ArgumentException">A length is not one of the algorithm.</exception>
    public static void ThrowUnlessKeys(int integrityKeyLength, int encryptionKeyLength)
    {
        if (integrityKeyLength != IntegrityKeyLength)
        {
            throw new ArgumentException($"The integrity key of HMAC-SHA-256-128 has {IntegrityKeyLength} octets (RFC 4868, 2.1.1), not {integrityKeyLength}.");
        }

        if (encryptionKeyLength is not (0 or 16 or 32))
        {
            throw new ArgumentException($"The encryption key of AES-CBC has 16 or 32 octets (RFC 3602), not {encryptionKeyLength}.");
        }
    }

    /// <summary>The octets of a payload of some length with all that ESP adds.</summary>
    public int GetLength(int payloadLength) =>
        headerLength + VectorLength + payloadLength + PaddingLength(payloadLength) + trailerLength + IntegrityCheckValueLength;

    private bool Encrypts => encryptor is not null;

    private int VectorLength => Encrypts ? BlockLength : 0;

    /// <summary>Writes the ESP octets of a payload and returns their number.</summary>
    /// <param name="securityParametersIndex">The SPI.</param>
    /// <param name="sequenceNumber">The sequence number, never the same twice.</param>
    /// <param name="nextHeader">What the payload is.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="random">16 octets that nobody can predict: the initialization vector is made of them. Not used without encryption.</param>
    /// <param name="destination">Where to; at least <see cref="GetLength"/> octets, and apart from the payload.</param>
    public int Write(
        uint securityParametersIndex, uint sequenceNumber, IpProtocol nextHeader, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> random, Span<byte> destination)
    {
        var packet = destination[..GetLength(payload.Length)];
        EncapsulatingSecurityPayloadHeader.Fields.SecurityParametersIndex.Write(packet, securityParametersIndex);
        EncapsulatingSecurityPayloadHeader.Fields.SequenceNumber.Write(packet, sequenceNumber);
        var body = packet[headerLength..^IntegrityCheckValueLength];
        var inside = body[VectorLength..];
        payload.CopyTo(inside);
        var padding = PaddingLength(payload.Length);
        for (var at = 0; at < padding; at++)
        {
            inside[payload.Length + at] = (byte)(at + 1);
        }

        var trailer = inside[(payload.Length + padding)..];
        EncapsulatingSecurityPayloadTrailer.Fields.PadLength.Write(trailer, (ulong)padding);
        EncapsulatingSecurityPayloadTrailer.Fields.NextHeader.Write(trailer, (ulong)nextHeader);
        if (Encrypts)
        {
            // The chain goes on from the packet before: a random block encrypted in it is a vector that nobody can predict, and starts this packet.
            random[..BlockLength].CopyTo(body);
            Transform(encryptor!, body, ref clear, ref hidden).CopyTo(body);
        }

        Span<byte> check = stackalloc byte[MessageAuthenticator.MaximumLength];
        authenticator.Compute(packet[..^IntegrityCheckValueLength], check);
        check[..IntegrityCheckValueLength].CopyTo(packet[^IntegrityCheckValueLength..]);
        return packet.Length;
    }

    /// <summary>Reads SPI and sequence number, which nothing vouches for yet.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> octets, out uint securityParametersIndex, out uint sequenceNumber)
    {
        (securityParametersIndex, sequenceNumber) = (0, 0);
        if (octets.Length < headerLength)
        {
            return false;
        }

        securityParametersIndex = EncapsulatingSecurityPayloadHeader.Fields.SecurityParametersIndex.ReadUInt32(octets);
        sequenceNumber = EncapsulatingSecurityPayloadHeader.Fields.SequenceNumber.ReadUInt32(octets);
        return true;
    }

    /// <summary>True when ESP octets are as who has the key wrote them; compared in fixed time.</summary>
    public bool IsAuthentic(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < headerLength + IntegrityCheckValueLength)
        {
            return false;
        }

        Span<byte> check = stackalloc byte[MessageAuthenticator.MaximumLength];
        authenticator.Compute(octets[..^IntegrityCheckValueLength], check);
        return CryptographicOperations.FixedTimeEquals(check[..IntegrityCheckValueLength], octets[^IntegrityCheckValueLength..]);
    }

    /// <summary>Takes the payload out of octets that are authentic.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="payload">The payload; with encryption good until the next call.</param>
    /// <param name="nextHeader">What it is; <see cref="IpProtocol.NoNextHeader"/> for a packet that only keeps a line busy (RFC 4303, 2.6).</param>
    /// <param name="error">Why there is none.</param>
    public bool TryRead(ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> payload, out IpProtocol nextHeader, out WireError error)
    {
        payload = default;
        nextHeader = default;
        var length = octets.Length - headerLength - VectorLength - IntegrityCheckValueLength;
        if (length < trailerLength || length % (Encrypts ? BlockLength : NullAlignment) != 0)
        {
            error = new WireError(nameof(EncapsulatingSecurityPayload), octets.Length, "does not end where a block of its cipher does");
            return false;
        }

        var body = octets[headerLength..^IntegrityCheckValueLength];
        var inside = Encrypts ? Transform(decryptor!, body, ref hidden, ref clear)[VectorLength..] : body;
        var trailer = inside[^trailerLength..];
        var padding = EncapsulatingSecurityPayloadTrailer.Fields.PadLength.ReadByte(trailer);
        if (padding > inside.Length - trailerLength || !IsPadding(inside[^(padding + trailerLength)..^trailerLength]))
        {
            error = new WireError(EncapsulatingSecurityPayloadTrailer.Fields.PadLength.Name, octets.Length, "the padding is not 1, 2, 3, ... (RFC 4303, 2.4)");
            return false;
        }

        nextHeader = (IpProtocol)EncapsulatingSecurityPayloadTrailer.Fields.NextHeader.ReadByte(trailer);
        payload = inside[..^(padding + trailerLength)];
        error = default;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        authenticator.Dispose();
        encryptor?.Dispose();
        decryptor?.Dispose();
        CryptographicOperations.ZeroMemory(clear);
    }

    private static bool IsPadding(ReadOnlySpan<byte> padding)
    {
        for (var at = 0; at < padding.Length; at++)
        {
            if (padding[at] != at + 1)
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> Transform(ICryptoTransform transform, ReadOnlySpan<byte> octets, ref byte[] from, ref byte[] to)
    {
        if (from.Length < octets.Length || to.Length < octets.Length)
        {
            (from, to) = (new byte[octets.Length], new byte[octets.Length]);
        }

        octets.CopyTo(from);
        return to.AsSpan(0, transform.TransformBlock(from, 0, octets.Length, to, 0));
    }

    private int PaddingLength(int payloadLength)
    {
        var block = Encrypts ? BlockLength : NullAlignment;
        return (block - ((payloadLength + trailerLength) % block)) % block;
    }
}
