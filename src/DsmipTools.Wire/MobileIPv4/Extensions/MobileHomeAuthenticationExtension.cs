using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile-Home Authentication extension, between mobile node and home agent (RFC 5944, 3.5.2).</summary>
public sealed record MobileHomeAuthenticationExtension : AuthenticationExtension
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

        /// <summary>SPI and authenticator.</summary>
        public static readonly AuthenticationFields Authentication = new(Layout);
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileHomeAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Reads SPI and authenticator; false when the extension is of another type or too short for an SPI.</summary>
    public static bool TryRead(ExtensionView view, out uint securityParameterIndex, out ReadOnlySpan<byte> authenticator)
    {
        securityParameterIndex = 0;
        authenticator = default;
        return view.Type == ExtensionType.MobileHomeAuthentication && TryReadAny(view, out securityParameterIndex, out authenticator);
    }

    private protected override AuthenticationFields AuthenticationFields => Fields.Authentication;

    internal static MobileHomeAuthenticationExtension? Read(ExtensionView view) => TryRead(view, out var index, out var authenticator)
        ? new MobileHomeAuthenticationExtension { SecurityParameterIndex = index, Authenticator = Octets.Create(authenticator) }
        : null;
}
