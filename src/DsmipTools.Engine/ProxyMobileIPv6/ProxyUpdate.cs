using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The options of a Proxy Binding Update, read once (RFC 5213, 5.3.1 and 8.1).</summary>
internal readonly ref struct ProxyUpdate
{
    /// <summary>Octets of a Home Network Prefix option with the padding before it.</summary>
    private const int AlignedPrefixLength = 20 + 7;

    public ProxyUpdate(BindingUpdateView update, in Envelope envelope, IReadOnlyList<CareOfAddressAuthorization> authorizations)
    {
        Update = update;
        CareOfAddress = envelope.Source.Address;
        bool identifier = false, indicator = false, technology = false, interfaceNamed = false;
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
                    else if (NamedPrefixes++ == 0)
                    {
                        Prefix = value.Canonical;
                    }

                    break;
                case MobilityOptionType.IPv4HomeAddressRequest when IPv4HomeAddressRequestOption.TryRead(option, out var address, out var length):
                    if (IPv4Requests++ == 0)
                    {
                        IPv4HomeAddress = address;
                        IPv4PrefixLength = length;
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
                case MobilityOptionType.MobileNodeLinkLayerIdentifier when !interfaceNamed && MobileNodeLinkLayerIdentifierOption.TryRead(option, out var octets):
                    interfaceNamed = true;
                    LinkLayerOption = octets;
                    break;
                case MobilityOptionType.AlternateCareOfAddress when envelope.Source.Address.IsIPv6 && AlternateCareOfAddressOption.TryRead(option, out var address):
                    IsCareOfAddressRefused = address != CareOfAddress
                        && (!address.IsUnicast || !CareOfAddressAuthorization.Allows(authorizations, envelope.Source.Address, address));
                    CareOfAddress = address;
                    break;
                case MobilityOptionType.IPv4CareOfAddress when envelope.Source.Address.IsIPv4 && IPv4CareOfAddressOption.TryRead(option, out var address):
                    DetectsTranslation = true;
                    IsTranslated = address != envelope.Source.Address;
                    // Without an authorisation the option tells of the NAT, and the source remains the proxy care-of address (RFC 5844, 4.1.1).
                    CareOfAddress = IsTranslated && CareOfAddressAuthorization.Allows(authorizations, envelope.Source.Address, address) ? address : CareOfAddress;
                    break;
                case MobilityOptionType.GreKey when Gre == GreEncapsulation.None && GreKeyOption.TryRead(option, out var key):
                    Gre = key is null ? GreEncapsulation.WithoutKeys : GreEncapsulation.WithKeys;
                    DownlinkKey = key ?? 0;
                    break;
                case MobilityOptionType.LinkLocalAddress when LinkLocalAddress is null && LinkLocalAddressOption.TryRead(option, out var linkLocal):
                    LinkLocalAddress = linkLocal;
                    break;
                case MobilityOptionType.Timestamp when Timestamp is null && TimestampOption.TryRead(option, out var value):
                    Timestamp = value;
                    break;
            }
        }

        IsIdentified = identifier;
        Missing = Prefixes == 0 && IPv4Requests == 0 ? BindingStatus.MissingHomeNetworkPrefixOption
            : !indicator ? BindingStatus.MissingHandoffIndicatorOption
            : !technology ? BindingStatus.MissingAccessTechnologyTypeOption
            : null;
    }

    public BindingUpdateView Update { get; }

    /// <summary>The proxy care-of address: the source of the message unless an option names another one.</summary>
    public Address CareOfAddress { get; }

    /// <summary>True when an Alternate Care-of Address option names an address that the sender may not name.</summary>
    public bool IsCareOfAddressRefused { get; }

    /// <summary>True when the gateway says by an IPv4 Care-of Address option where it believes to be.</summary>
    public bool DetectsTranslation { get; }

    /// <summary>True when that is not where the message comes from: there is a NAT in the path (RFC 5555, 4.1).</summary>
    public bool IsTranslated { get; }

    /// <summary>True when payload packets are to travel in UDP: the gateway forces it (RFC 5844, 4.1.3.1), or nothing else passes the NAT.</summary>
    public bool WantsUdpEncapsulation => IsTranslated || Update.ForcingUdpEncapsulation;

    /// <summary>The GRE encapsulation that is asked for (RFC 5845, 3).</summary>
    public GreEncapsulation Gre { get; }

    /// <summary>The downlink key that the gateway gives; it means something with <see cref="GreEncapsulation.WithKeys"/> alone.</summary>
    public uint DownlinkKey { get; }

    /// <summary>True when there is a Mobile Node Identifier option with a Network Access Identifier.</summary>
    public bool IsIdentified { get; }

    /// <summary>The Network Access Identifier; empty when it is missing.</summary>
    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The number of Home Network Prefix options.</summary>
    public int Prefixes { get; }

    /// <summary>The number of Home Network Prefix options with a value.</summary>
    public int NamedPrefixes { get; }

    /// <summary>The first home network prefix with a value.</summary>
    public Prefix Prefix { get; }

    /// <summary>True when there is a Home Network Prefix option with the value ALL_ZERO: the anchor assigns one.</summary>
    public bool AsksForPrefix { get; }

    /// <summary>The number of IPv4 Home Address Request options (RFC 5844, 3.3.1).</summary>
    public int IPv4Requests { get; }

    /// <summary>The IPv4 home address asked for; 0.0.0.0 asks the anchor to assign one.</summary>
    public Address IPv4HomeAddress { get; }

    public byte IPv4PrefixLength { get; }

    /// <summary>True when an IPv4 home address is asked for by its value.</summary>
    public bool NamesIPv4HomeAddress => IPv4Requests > 0 && !IPv4HomeAddress.IsUnspecified;

    /// <summary>The octets of the Mobile Node Link-layer Identifier option as they came; empty when there is none.</summary>
    public ReadOnlySpan<byte> LinkLayerOption { get; }

    /// <summary>The interface of the mobile node; empty when it is not named, or named by zeros (RFC 5213, 5.4.1).</summary>
    public ReadOnlySpan<byte> LinkLayerIdentifier => LinkLayerOption.ContainsAnyExcept((byte)0) ? LinkLayerOption : default;

    public HandoffIndicator Indicator { get; }

    public AccessTechnologyType Technology { get; }

    public ulong? Timestamp { get; }

    /// <summary>The link-local address that the gateway has on the access link; ALL_ZERO asks for one; null when the option is not there (RFC 5213, 8.7).</summary>
    public Address? LinkLocalAddress { get; }

    /// <summary>The status for another mandatory option that is not there; null when all are.</summary>
    public BindingStatus? Missing { get; }

    /// <summary>Copies the prefixes with a value, without the bits beyond their lengths, in order; as many as there is room for.</summary>
    public ReadOnlySpan<Prefix> CopyNamedPrefixes(Span<Prefix> prefixes)
    {
        var count = 0;
        foreach (var option in Update.Options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix
                && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                && prefix.Bits != UInt128.Zero
                && count < prefixes.Length)
            {
                prefixes[count++] = prefix.Canonical;
            }
        }

        return prefixes[..count];
    }

    /// <summary>
    /// Copies the Home Network Prefix options into an answer that refuses; ALL_ZERO when there is none (RFC 5213, 5.3.6). As many as fit:
    /// a message of unaligned options has room for more than the answer, which aligns them.
    /// </summary>
    public void AppendPrefixes(ref MobilityMessageWriter writer, int limit)
    {
        if (Prefixes == 0 && IPv4Requests > 0)
        {
            // RFC 5844, 3.1.2.6: an update about the IPv4 home address alone is answered about that alone.
            return;
        }

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
