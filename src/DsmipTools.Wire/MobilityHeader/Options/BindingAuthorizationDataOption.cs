using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Binding Authorization Data option (RFC 6275, 6.2.7); the last option of its message.</summary>
public sealed record BindingAuthorizationDataOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Authorization Data", "RFC 6275, 6.2.7");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.BindingAuthorizationData, From, 8, 2) { IsLast = true };

        /// <summary>The authenticator; 12 octets with return routability.</summary>
        public static readonly Field Authenticator = Layout.Rest("Authenticator", "tells that the message comes from the right authority");
    }

    /// <summary>The authenticator; 12 octets with return routability.</summary>
    public required Octets Authenticator { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Authenticator.Length;

    /// <summary>Reads the authenticator; false when the option is of another type.</summary>
    public static bool TryRead(MobilityOptionView view, out ReadOnlySpan<byte> authenticator)
    {
        var fits = Fields.Form.Matches(view);
        authenticator = fits ? Fields.Authenticator.ReadRest(view.Octets) : default;
        return fits;
    }

    private static BindingAuthorizationDataOption From(ReadOnlySpan<byte> option) => new()
    {
        Authenticator = Octets.Create(Fields.Authenticator.ReadRest(option)),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Authenticator.Span.CopyTo(option[Fields.Authenticator.Offset..]);
    }
}
