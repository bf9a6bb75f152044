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

        /// <summary>The fields.</summary>
        public static readonly AuthenticationFields All = new(Layout, "33");
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileForeignAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override AuthenticationFields AllFields => Fields.All;

    internal static MobileForeignAuthenticationExtension? Read(ExtensionView view) => TryRead(view, out var index, out var authenticator)
        ? new MobileForeignAuthenticationExtension { SecurityParameterIndex = index, Authenticator = Octets.Create(authenticator) }
        : null;
}
