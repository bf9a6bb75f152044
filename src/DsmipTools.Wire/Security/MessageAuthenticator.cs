using System.Security.Cryptography;

namespace DsmipTools.Wire.Security;

/// <summary>A keyed instance that computes and verifies authenticators without allocating. Not safe for use by several threads.</summary>
public sealed class MessageAuthenticator : IDisposable
{
    /// <summary>The longest authenticator in octets.</summary>
    public const int MaximumLength = 32;

    private readonly IncrementalHash hash;

    /// <summary>Makes an instance for one key.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="key">The key, of any length; RFC 5944, 5.1 asks for 128 bits.</param>
    public MessageAuthenticator(AuthenticationAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        hash = IncrementalHash.CreateHMAC(
            algorithm switch
            {
                AuthenticationAlgorithm.HmacMd5 => HashAlgorithmName.MD5,
                AuthenticationAlgorithm.HmacSha1 => HashAlgorithmName.SHA1,
                AuthenticationAlgorithm.HmacSha256 => HashAlgorithmName.SHA256,
                _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown algorithm."),
            },
            key);
    }

    /// <summary>Length of the authenticator in octets.</summary>
    public int Length => hash.HashLengthInBytes;

    /// <summary>Computes the authenticator of octets.</summary>
    public void Compute(ReadOnlySpan<byte> octets, Span<byte> authenticator)
    {
        hash.AppendData(octets);
        hash.GetHashAndReset(authenticator);
    }

    /// <summary>True when an authenticator is right, compared in fixed time.</summary>
    public bool Verify(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> authenticator)
    {
        Span<byte> expected = stackalloc byte[MaximumLength];
        Compute(octets, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..Length], authenticator);
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();
}
