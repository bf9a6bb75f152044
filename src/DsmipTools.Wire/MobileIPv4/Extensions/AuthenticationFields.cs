using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>The fields of Mobile-Home, Mobile-Foreign and Foreign-Home Authentication (RFC 5944, 3.5.2 to 3.5.4).</summary>
public sealed class AuthenticationFields
{
    internal AuthenticationFields(Layout layout, string type)
    {
        Type = layout.Code<ExtensionType>("Type", 8, type);
        Length = layout.Computed("Length", 8, "4 and the octets of the authenticator");
        SecurityParameterIndex = layout.Number("SecurityParameterIndex", 32, "selects the security association");
        Authenticator = layout.Rest("Authenticator", "over everything before it, from the start of the message");
    }

    /// <summary>Type.</summary>
    public Field Type { get; }

    /// <summary>Length.</summary>
    public Field Length { get; }

    /// <summary>SPI.</summary>
    public Field SecurityParameterIndex { get; }

    /// <summary>Authenticator.</summary>
    public Field Authenticator { get; }
}
