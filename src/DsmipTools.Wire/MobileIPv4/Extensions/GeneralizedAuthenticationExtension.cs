using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Generalized Mobile IP Authentication extension (RFC 4721, 5): the subtype says between whom.</summary>
public sealed record GeneralizedAuthenticationExtension : LongExtension
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

        /// <summary>SPI.</summary>
        public static readonly Field SecurityParameterIndex = Layout.Number("SecurityParameterIndex", 32, "selects the security association");

        /// <summary>Authenticator.</summary>
        public static readonly Field Authenticator = Layout.Rest("Authenticator", "over everything before it, from the start of the message");
    }

    /// <summary>Between whom.</summary>
    public GeneralizedAuthenticationSubtype Subtype { get; init; } = GeneralizedAuthenticationSubtype.MobileAaaAuthentication;

    /// <summary>The Security Parameter Index; some values below 256 name an algorithm (RFC 4721, 7).</summary>
    public required uint SecurityParameterIndex { get; init; }

    /// <summary>The authenticator.</summary>
    public required Octets Authenticator { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.GeneralizedAuthentication;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Authenticator.Length;

    internal static GeneralizedAuthenticationExtension? Read(ExtensionView view) =>
        AuthenticationExtension.TryRead(view, out var index, out var authenticator)
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
        Fields.SecurityParameterIndex.Write(extension, SecurityParameterIndex);
        Authenticator.Span.CopyTo(extension[Fields.Authenticator.Offset..]);
    }
}
