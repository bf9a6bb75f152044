using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The options of a Proxy Binding Update, read once (RFC 5213, 5.3.1 and 8.1).</summary>
internal readonly ref struct ProxyUpdate
{
    public ProxyUpdate(BindingUpdateView update)
    {
        Update = update;
        bool identifier = false, prefix = false, indicator = false, technology = false;
        foreach (var option in update.Options)
        {
            switch (option.Type)
            {
                case MobilityOptionType.MobileNodeIdentifier when !identifier && MobileNodeIdentifierOption.TryRead(option, out var octets):
                    identifier = true;
                    Identifier = octets;
                    break;
                case MobilityOptionType.HomeNetworkPrefix when !prefix && HomeNetworkPrefixOption.TryRead(option, out var value):
                    prefix = true;
                    AsksForPrefix = value.Bits == UInt128.Zero;
                    Prefix = value.Canonical;
                    break;
                case MobilityOptionType.HandoffIndicator when !indicator && HandoffIndicatorOption.TryRead(option, out var value):
                    indicator = true;
                    Indicator = value;
                    break;
                case MobilityOptionType.AccessTechnologyType when !technology && AccessTechnologyTypeOption.TryRead(option, out var value):
                    technology = true;
                    Technology = value;
                    break;
                case MobilityOptionType.Timestamp when Timestamp is null && TimestampOption.TryRead(option, out var value):
                    Timestamp = value;
                    break;
            }
        }

        Missing = !identifier ? BindingStatus.MissingMobileNodeIdentifierOption
            : !prefix ? BindingStatus.MissingHomeNetworkPrefixOption
            : !indicator ? BindingStatus.MissingHandoffIndicatorOption
            : !technology ? BindingStatus.MissingAccessTechnologyTypeOption
            : null;
    }

    public BindingUpdateView Update { get; }

    /// <summary>The Network Access Identifier; empty when it is missing.</summary>
    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The first home network prefix.</summary>
    public Prefix Prefix { get; }

    /// <summary>True for the prefix value ALL_ZERO: the anchor assigns one.</summary>
    public bool AsksForPrefix { get; }

    public HandoffIndicator Indicator { get; }

    public AccessTechnologyType Technology { get; }

    public ulong? Timestamp { get; }

    /// <summary>The status for a mandatory option that is not there; null when all are.</summary>
    public BindingStatus? Missing { get; }

    public bool IsComplete => Missing is null;

    /// <summary>Copies the Home Network Prefix options into an answer that refuses; ALL_ZERO when there is none (RFC 5213, 5.3.6).</summary>
    public void AppendPrefixes(ref MobilityMessageWriter writer)
    {
        var any = false;
        foreach (var option in Update.Options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix && HomeNetworkPrefixOption.TryRead(option, out var prefix))
            {
                writer.AppendHomeNetworkPrefix(prefix);
                any = true;
            }
        }

        if (!any)
        {
            writer.AppendHomeNetworkPrefix(default);
        }
    }
}
