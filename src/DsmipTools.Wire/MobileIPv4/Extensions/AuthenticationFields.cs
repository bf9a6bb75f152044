using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>The fields that every authentication extension has behind type and length (RFC 5944, 3.5.2 to 3.5.4; RFC 4721, 5).</summary>
public sealed class AuthenticationFields
{
    internal AuthenticationFields(Layout layout)
    {
        SecurityParameterIndex = layout.Number("SecurityParameterIndex", 32, "selects the security association");
        Authenticator = layout.Rest("Authenticator", "over everything before it, from the start of the message");
    }

    /// <summary>SPI.</summary>
    public Field SecurityParameterIndex { get; }

    /// <summary>Authenticator.</summary>
    public Field Authenticator { get; }
}
