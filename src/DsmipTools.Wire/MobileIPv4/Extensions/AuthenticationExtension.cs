using System.Buffers.Binary;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension with an SPI and an authenticator over everything before that (RFC 5944, 3.5; RFC 4721, 5).</summary>
public abstract record AuthenticationExtension : Extension
{
    /// <summary>The octets of an SPI, which is what the data of every authentication extension begins with.</summary>
    internal const int SecurityParameterIndexLength = 4;

    /// <summary>The Security Parameter Index; values below 256 are reserved (RFC 5944, 1.6), some of them for algorithms (RFC 4721, 7).</summary>
    public required uint SecurityParameterIndex { get; init; }

    /// <summary>The authenticator.</summary>
    public required Octets Authenticator { get; init; }

    /// <inheritdoc/>
    public sealed override int GetLength() => Table.Length + Authenticator.Length;

    /// <summary>Reads SPI and authenticator of an authentication extension of any type; false when this is none or too short for an SPI.</summary>
    public static bool TryReadAny(ExtensionView view, out uint securityParameterIndex, out ReadOnlySpan<byte> authenticator)
    {
        var fits = view.Type.IsAuthentication() && view.Data.Length >= SecurityParameterIndexLength;
        securityParameterIndex = fits ? BinaryPrimitives.ReadUInt32BigEndian(view.Data) : 0;
        authenticator = fits ? view.Data[SecurityParameterIndexLength..] : default;
        return fits;
    }

    private protected abstract AuthenticationFields AuthenticationFields { get; }

    private protected override void WriteFields(Span<byte> extension)
    {
        AuthenticationFields.SecurityParameterIndex.Write(extension, SecurityParameterIndex);
        Authenticator.Span.CopyTo(extension[AuthenticationFields.Authenticator.Offset..]);
    }
}
