using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Generalized Mobile IP Authentication extension (RFC 4721, 5): the subtype says between whom.</summary>
public sealed record GeneralizedAuthenticationExtension : AuthenticationExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Generalized Mobile IP Authentication", "RFC 4721, 5");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "36");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<GeneralizedAuthenticationSubtype>("Subtype", 8, "between whom");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 16, "4 and the octets of the authenticator");

        /// <summary>SPI and authenticator.</summary>
        public static readonly AuthenticationFields Authentication = new(Layout);
    }

    /// <summary>Between whom.</summary>
    public GeneralizedAuthenticationSubtype Subtype { get; init; } = GeneralizedAuthenticationSubtype.MobileAaaAuthentication;

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.GeneralizedAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override AuthenticationFields AuthenticationFields => Fields.Authentication;

    internal static GeneralizedAuthenticationExtension? Read(ExtensionView view) =>
        TryReadAny(view, out var index, out var authenticator)
            ? new GeneralizedAuthenticationExtension
            {
                Subtype = (GeneralizedAuthenticationSubtype)view.Subtype,
                SecurityParameterIndex = index,
                Authenticator = Octets.Create(authenticator),
            }
            : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)Subtype);
        base.WriteFields(extension);
    }
}
