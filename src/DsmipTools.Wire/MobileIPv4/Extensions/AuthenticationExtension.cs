using System.Buffers.Binary;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile-Home, Mobile-Foreign or Foreign-Home Authentication extension (RFC 5944, 3.5): an SPI and an authenticator.</summary>
public abstract record AuthenticationExtension : Extension
{
    /// <summary>The octets of an SPI, which is what the data of every authentication extension begins with.</summary>
    internal const int SecurityParameterIndexLength = 4;

    /// <summary>The Security Parameter Index; values below 256 are reserved (RFC 5944, 1.6).</summary>
    public required uint SecurityParameterIndex { get; init; }

    /// <summary>The authenticator.</summary>
    public required Octets Authenticator { get; init; }

    /// <inheritdoc/>
    public sealed override int GetLength() => Table.Length + Authenticator.Length;

    /// <summary>Reads SPI and authenticator of any authentication extension, generalized ones included; false when this is none or too short for an SPI.</summary>
    public static bool TryRead(ExtensionView view, out uint securityParameterIndex, out ReadOnlySpan<byte> authenticator)
    {
        var fits = view.Type.IsAuthentication() && view.Data.Length >= SecurityParameterIndexLength;
        securityParameterIndex = fits ? BinaryPrimitives.ReadUInt32BigEndian(view.Data) : 0;
        authenticator = fits ? view.Data[SecurityParameterIndexLength..] : default;
        return fits;
    }

    private protected abstract AuthenticationFields AllFields { get; }

    private protected sealed override void WriteFields(Span<byte> extension)
    {
        AllFields.SecurityParameterIndex.Write(extension, SecurityParameterIndex);
        Authenticator.Span.CopyTo(extension[AllFields.Authenticator.Offset..]);
    }
}
