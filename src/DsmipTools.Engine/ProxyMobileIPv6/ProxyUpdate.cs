using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The options of a Proxy Binding Update, read once (RFC 5213, 5.3.1 and 8.1).</summary>
internal readonly ref struct ProxyUpdate
{
    /// <summary>Octets of a Home Network Prefix option with the padding before it.</summary>
    private const int AlignedPrefixLength = 20 + 7;

    public ProxyUpdate(BindingUpdateView update)
    {
        Update = update;
        bool identifier = false, indicator = false, technology = false;
        foreach (var option in update.Options)
        {
            switch (option.Type)
            {
                case MobilityOptionType.MobileNodeIdentifier when !identifier && MobileNodeIdentifierOption.TryRead(option, out var octets):
                    identifier = true;
                    Identifier = octets;
                    break;
                case MobilityOptionType.HomeNetworkPrefix when HomeNetworkPrefixOption.TryRead(option, out var value):
                    Prefixes++;
                    if (value.Bits == UInt128.Zero)
                    {
                        AsksForPrefix = true;
                    }
                    else if (!NamesPrefix)
                    {
                        NamesPrefix = true;
                        Prefix = value.Canonical;
                    }

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

        IsIdentified = identifier;
        Missing = Prefixes == 0 ? BindingStatus.MissingHomeNetworkPrefixOption
            : !indicator ? BindingStatus.MissingHandoffIndicatorOption
            : !technology ? BindingStatus.MissingAccessTechnologyTypeOption
            : null;
    }

    public BindingUpdateView Update { get; }

    /// <summary>True when there is a Mobile Node Identifier option with a Network Access Identifier.</summary>
    public bool IsIdentified { get; }

    /// <summary>The Network Access Identifier; empty when it is missing.</summary>
    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The number of Home Network Prefix options.</summary>
    public int Prefixes { get; }

    /// <summary>True when there is a Home Network Prefix option with a value.</summary>
    public bool NamesPrefix { get; }

    /// <summary>The first home network prefix with a value.</summary>
    public Prefix Prefix { get; }

    /// <summary>True when there is a Home Network Prefix option with the value ALL_ZERO: the anchor assigns one.</summary>
    public bool AsksForPrefix { get; }

    public HandoffIndicator Indicator { get; }

    public AccessTechnologyType Technology { get; }

    public ulong? Timestamp { get; }

    /// <summary>The status for another mandatory option that is not there; null when all are.</summary>
    public BindingStatus? Missing { get; }

    /// <summary>
    /// Copies the Home Network Prefix options into an answer that refuses; ALL_ZERO when there is none (RFC 5213, 5.3.6). As many as fit:
    /// a message of unaligned options has room for more than the answer, which aligns them.
    /// </summary>
    public void AppendPrefixes(ref MobilityMessageWriter writer, int limit)
    {
        if (Prefixes == 0)
        {
            writer.AppendHomeNetworkPrefix(default);
            return;
        }

        foreach (var option in Update.Options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix
                && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                && writer.Length + AlignedPrefixLength <= limit)
            {
                writer.AppendHomeNetworkPrefix(prefix);
            }
        }
    }
}
