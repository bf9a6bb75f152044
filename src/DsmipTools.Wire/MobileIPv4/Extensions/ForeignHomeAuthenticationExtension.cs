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

        /// <summary>The fields.</summary>
        public static readonly AuthenticationFields All = new(Layout, "34");
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.ForeignHomeAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override AuthenticationFields AllFields => Fields.All;

    internal static ForeignHomeAuthenticationExtension? Read(ExtensionView view) => TryRead(view, out var index, out var authenticator)
        ? new ForeignHomeAuthenticationExtension { SecurityParameterIndex = index, Authenticator = Octets.Create(authenticator) }
        : null;
}
