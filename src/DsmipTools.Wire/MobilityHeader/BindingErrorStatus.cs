namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Error status (RFC 6275, 6.1.9).</summary>
public enum BindingErrorStatus : byte
{
    /// <summary>Unknown binding for Home Address destination option.</summary>
    UnknownBindingForHomeAddressDestinationOption = 1,

    /// <summary>Unrecognized MH Type value.</summary>
    UnrecognizedMobilityHeaderType = 2,
}
