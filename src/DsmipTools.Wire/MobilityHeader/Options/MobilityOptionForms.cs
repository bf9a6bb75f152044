namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>The forms of all option types that this library knows.</summary>
public static class MobilityOptionForms
{
    /// <summary>The forms by option type.</summary>
    public static ValueList<MobilityOptionForm> All { get; } =
    [
        Pad1Option.Fields.Form,
        PadNOption.Fields.Form,
        BindingRefreshAdviceOption.Fields.Form,
        AlternateCareOfAddressOption.Fields.Form,
        NonceIndicesOption.Fields.Form,
        BindingAuthorizationDataOption.Fields.Form,
        MobileNetworkPrefixOption.Fields.Form,
        MobileNodeIdentifierOption.Fields.Form,
        MobilityMessageAuthenticationOption.Fields.Form,
        MobilityMessageReplayProtectionOption.Fields.Form,
        HomeNetworkPrefixOption.Fields.Form,
        HandoffIndicatorOption.Fields.Form,
        AccessTechnologyTypeOption.Fields.Form,
        MobileNodeLinkLayerIdentifierOption.Fields.Form,
        LinkLocalAddressOption.Fields.Form,
        TimestampOption.Fields.Form,
        RestartCounterOption.Fields.Form,
        IPv4HomeAddressOption.Fields.Form,
        IPv4AddressAcknowledgementOption.Fields.Form,
        NatDetectionOption.Fields.Form,
        IPv4CareOfAddressOption.Fields.Form,
        GreKeyOption.Fields.Form,
        BindingIdentifierOption.Fields.Form,
        IPv4HomeAddressRequestOption.Fields.Form,
        IPv4HomeAddressReplyOption.Fields.Form,
        IPv4DefaultRouterAddressOption.Fields.Form,
        IPv4DhcpSupportModeOption.Fields.Form,
    ];

    private static readonly MobilityOptionForm?[] ByType = Index();

    /// <summary>The form of an option type; null for a type that this library does not know.</summary>
    public static MobilityOptionForm? Of(MobilityOptionType type) => ByType[(byte)type];

    private static MobilityOptionForm?[] Index()
    {
        var index = new MobilityOptionForm?[byte.MaxValue + 1];
        foreach (var form in All)
        {
            index[(byte)form.Type] = form;
        }

        return index;
    }
}
