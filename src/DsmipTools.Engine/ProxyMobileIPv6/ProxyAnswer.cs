using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The options of a Proxy Binding Acknowledgement, read once (RFC 5213, 8.2).</summary>
internal readonly ref struct ProxyAnswer
{
    public ProxyAnswer(BindingAcknowledgementView acknowledgement)
    {
        Span<Prefix> found = stackalloc Prefix[LocalMobilityAnchorOptions.MostPrefixes];
        var prefixes = 0;
        foreach (var option in acknowledgement.Options)
        {
            switch (option.Type)
            {
                case MobilityOptionType.MobileNodeIdentifier when Identifier.IsEmpty && MobileNodeIdentifierOption.TryRead(option, out var octets):
                    Identifier = octets;
                    break;
                case MobilityOptionType.HomeNetworkPrefix when prefixes < found.Length && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                    && prefix.IsPrefix && prefix.Bits != UInt128.Zero:
                    found[prefixes++] = prefix.Canonical;
                    break;
                case MobilityOptionType.IPv4HomeAddressReply when IPv4HomeAddressReplyOption.TryRead(option, out var outcome, out var home, out var length):
                    if (IPv4HomeAddress is null && (byte)outcome < 128 && home.IsUnicast)
                    {
                        IPv4HomeAddress = home;
                        IPv4PrefixLength = length;
                    }

                    break;
                case MobilityOptionType.IPv4DefaultRouterAddress when IPv4DefaultRouterAddressOption.TryRead(option, out var router):
                    IPv4DefaultRouter = router;
                    break;
                case MobilityOptionType.IPv4DhcpSupportMode when IPv4DhcpSupportModeOption.TryRead(option, out var isServer):
                    IsDhcpServer = isServer;
                    break;
                case MobilityOptionType.MobileNodeLinkLayerIdentifier when MobileNodeLinkLayerIdentifierOption.TryRead(option, out var octets):
                    NamesInterface = true;
                    LinkLayerIdentifier = octets;
                    break;
                case MobilityOptionType.GreKey when Gre == GreEncapsulation.None && GreKeyOption.TryRead(option, out var key):
                    Gre = key is null ? GreEncapsulation.WithoutKeys : GreEncapsulation.WithKeys;
                    UplinkKey = key;
                    break;
                case MobilityOptionType.NatDetection when NatDetectionOption.TryRead(option, out var forced, out _):
                    ForcesUdpEncapsulation = forced;
                    break;
                case MobilityOptionType.HandoffIndicator when HandoffIndicatorOption.TryRead(option, out var indicator):
                    Indicator = indicator;
                    break;
                case MobilityOptionType.AccessTechnologyType when AccessTechnologyTypeOption.TryRead(option, out var technology):
                    Technology = technology;
                    break;
                case MobilityOptionType.LinkLocalAddress when LinkLocalAddressOption.TryRead(option, out var linkLocal) && linkLocal.IsLinkLocal:
                    LinkLocalAddress = linkLocal;
                    break;
                case MobilityOptionType.Timestamp when TimestampOption.TryRead(option, out var timestamp):
                    Timestamp = timestamp;
                    break;
            }
        }

        Prefixes = new SessionPrefixes(found[..prefixes]);
    }

    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The assigned prefixes.</summary>
    public SessionPrefixes Prefixes { get; }

    /// <summary>The IPv4 home address that was accepted; null when there is none (RFC 5844, 3.2.3.2).</summary>
    public Address? IPv4HomeAddress { get; }

    public byte IPv4PrefixLength { get; }

    public Address? IPv4DefaultRouter { get; }

    public bool IsDhcpServer { get; }

    /// <summary>The GRE encapsulation that is granted (RFC 5845, 4.2).</summary>
    public GreEncapsulation Gre { get; }

    /// <summary>The uplink key that the anchor gives; null for none.</summary>
    public uint? UplinkKey { get; }

    /// <summary>True when payload packets travel in UDP (RFC 5844, 4.2.2).</summary>
    public bool ForcesUdpEncapsulation { get; }

    /// <summary>True when the interface of the mobile node is echoed.</summary>
    public bool NamesInterface { get; }

    public ReadOnlySpan<byte> LinkLayerIdentifier { get; }

    /// <summary>The echo of the handoff indicator; null when there is none.</summary>
    public HandoffIndicator? Indicator { get; }

    /// <summary>The echo of the access technology type; null when there is none.</summary>
    public AccessTechnologyType? Technology { get; }

    /// <summary>The link-local address for the gateway on the access link (RFC 5213, 6.9.1.2 (15)); null for none.</summary>
    public Address? LinkLocalAddress { get; }

    /// <summary>The timestamp: the update's own, or the anchor's time of day where it refused that one; null when there is none.</summary>
    public ulong? Timestamp { get; }
}
