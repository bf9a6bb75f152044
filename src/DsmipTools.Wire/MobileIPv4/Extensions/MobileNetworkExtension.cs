using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>A Mobile Network extension, type 148 (RFC 5177): an IPv4 network behind a mobile router.</summary>
public abstract record MobileNetworkExtension : Extension
{
    /// <summary>Length of the prefix in bits, 0 to 32; kept when it is more.</summary>
    public required byte PrefixLength { get; init; }

    /// <summary>The prefix, with whatever bits stand beyond its length.</summary>
    public required Address Prefix { get; init; }

    /// <inheritdoc/>
    public sealed override ExtensionType Type => ExtensionType.MobileNetwork;

    internal static MobileNetworkExtension? Read(ExtensionView view) => (MobileNetworkSubtype)view.Subtype switch
    {
        MobileNetworkSubtype.Request => MobileNetworkRequestExtension.ReadRequest(view),
        MobileNetworkSubtype.ExplicitModeAcknowledgement or MobileNetworkSubtype.ImplicitModeAcknowledgement =>
            MobileNetworkAcknowledgementExtension.ReadAcknowledgement(view),
        _ => null,
    };
}
