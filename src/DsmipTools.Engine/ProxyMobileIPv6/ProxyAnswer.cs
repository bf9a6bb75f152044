using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The options of a Proxy Binding Acknowledgement, read once (RFC 5213, 8.2).</summary>
internal readonly ref struct ProxyAnswer
{
    public ProxyAnswer(BindingAcknowledgementView acknowledgement)
    {
        foreach (var option in acknowledgement.Options)
        {
            switch (option.Type)
            {
                case MobilityOptionType.MobileNodeIdentifier when Identifier.IsEmpty && MobileNodeIdentifierOption.TryRead(option, out var octets):
                    Identifier = octets;
                    break;
                case MobilityOptionType.HomeNetworkPrefix when Prefix is null && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                    && prefix.IsPrefix && prefix.Bits != UInt128.Zero:
                    Prefix = prefix.Canonical;
                    break;
                case MobilityOptionType.HandoffIndicator when HandoffIndicatorOption.TryRead(option, out var indicator):
                    Indicator = indicator;
                    break;
                case MobilityOptionType.AccessTechnologyType when AccessTechnologyTypeOption.TryRead(option, out var technology):
                    Technology = technology;
                    break;
                case MobilityOptionType.Timestamp when TimestampOption.TryRead(option, out var timestamp):
                    Timestamp = timestamp;
                    break;
            }
        }
    }

    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The first assigned prefix; null when there is none.</summary>
    public Prefix? Prefix { get; }

    /// <summary>The echo of the handoff indicator; null when there is none.</summary>
    public HandoffIndicator? Indicator { get; }

    /// <summary>The echo of the access technology type; null when there is none.</summary>
    public AccessTechnologyType? Technology { get; }

    /// <summary>The timestamp: the update's own, or the anchor's time of day where it refused that one; null when there is none.</summary>
    public ulong? Timestamp { get; }
}
