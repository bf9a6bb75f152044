using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Foreign-Home Authentication extension, between foreign agent and home agent (RFC 5944, 3.5.4).</summary>
public sealed record ForeignHomeAuthenticationExtension : AuthenticationExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Foreign-Home Authentication", "RFC 5944, 3.5.4");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "34");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "4 and the octets of the authenticator");

        /// <summary>SPI and authenticator.</summary>
        public static readonly AuthenticationFields Authentication = new(Layout);
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.ForeignHomeAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override AuthenticationFields AuthenticationFields => Fields.Authentication;

    internal static ForeignHomeAuthenticationExtension? Read(ExtensionView view) => TryReadAny(view, out var index, out var authenticator)
        ? new ForeignHomeAuthenticationExtension { SecurityParameterIndex = index, Authenticator = Octets.Create(authenticator) }
        : null;
}
