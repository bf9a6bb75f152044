using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile-Home Authentication extension (RFC 5944, 3.5.2).</summary>
public sealed record MobileHomeAuthenticationExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile-Home Authentication", "RFC 5944, 3.5.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "32");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "4 and the octets of the authenticator");

        /// <summary>SPI.</summary>
        public static readonly Field SecurityParameterIndex = Layout.Number("SecurityParameterIndex", 32, "selects the security association");

        /// <summary>Authenticator.</summary>
        public static readonly Field Authenticator = Layout.Rest("Authenticator", "over everything before it, from the start of the message");
    }

    /// <summary>The Security Parameter Index; values below 256 are reserved (RFC 5944, 1.6).</summary>
    public required uint SecurityParameterIndex { get; init; }

    /// <summary>The authenticator.</summary>
    public required Octets Authenticator { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileHomeAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Authenticator.Length;

    /// <summary>Reads SPI and authenticator; false when the extension is of another type or too short for an SPI.</summary>
    public static bool TryRead(ExtensionView view, out uint securityParameterIndex, out ReadOnlySpan<byte> authenticator)
    {
        var fits = view.Type == ExtensionType.MobileHomeAuthentication && view.Octets.Length >= Fields.Layout.Length;
        securityParameterIndex = fits ? Fields.SecurityParameterIndex.ReadUInt32(view.Octets) : 0;
        authenticator = fits ? Fields.Authenticator.ReadRest(view.Octets) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.SecurityParameterIndex.Write(extension, SecurityParameterIndex);
        Authenticator.Span.CopyTo(extension[Fields.Authenticator.Offset..]);
    }
}
