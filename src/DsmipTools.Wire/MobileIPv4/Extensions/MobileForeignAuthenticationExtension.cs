using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile-Foreign Authentication extension, between mobile node and foreign agent (RFC 5944, 3.5.3).</summary>
public sealed record MobileForeignAuthenticationExtension : AuthenticationExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile-Foreign Authentication", "RFC 5944, 3.5.3");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "33");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "4 and the octets of the authenticator");

        /// <summary>SPI and authenticator.</summary>
        public static readonly AuthenticationFields Authentication = new(Layout);
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileForeignAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override AuthenticationFields AuthenticationFields => Fields.Authentication;

    internal static MobileForeignAuthenticationExtension? Read(ExtensionView view) => TryReadAny(view, out var index, out var authenticator)
        ? new MobileForeignAuthenticationExtension { SecurityParameterIndex = index, Authenticator = Octets.Create(authenticator) }
        : null;
}
