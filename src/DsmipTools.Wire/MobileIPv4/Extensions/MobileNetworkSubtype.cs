namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Subtypes of the Mobile Network extension, type 148 (RFC 5177).</summary>
public enum MobileNetworkSubtype : byte
{
    /// <summary>Mobile Network Request.</summary>
    Request = 0,

    /// <summary>Acknowledgement in explicit mode.</summary>
    ExplicitModeAcknowledgement = 1,

    /// <summary>Acknowledgement in implicit mode.</summary>
    ImplicitModeAcknowledgement = 2,
}
