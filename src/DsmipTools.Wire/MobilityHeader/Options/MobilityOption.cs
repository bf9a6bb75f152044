namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>A mobility option as an immutable value.</summary>
public abstract record MobilityOption : Structure
{
    /// <summary>The option type.</summary>
    public abstract MobilityOptionType Type { get; }

    /// <summary>The alignment requirement xn+y (RFC 6275, 6.2.1): where the option type octet may stand.</summary>
    public virtual (int Multiple, int Remainder) Alignment => (1, 0);

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var target = destination[..GetLength()];
        TypeLengthValue.Begin(target, (byte)Type);
        WriteFields(target);
        return target.Length;
    }

    /// <summary>Makes the record of an option; one of an unknown type or of a length that its type does not have is kept as it is.</summary>
    public static MobilityOption From(MobilityOptionView view)
    {
        var octets = view.Octets;
        return view.Type switch
        {
            MobilityOptionType.Pad1 => new Pad1Option(),
            MobilityOptionType.PadN => new PadNOption { Padding = Octets.Create(view.Data) },
            MobilityOptionType.AlternateCareOfAddress when AlternateCareOfAddressOption.TryRead(view, out var address) =>
                new AlternateCareOfAddressOption { AlternateCareOfAddress = address },
            MobilityOptionType.MobileNodeIdentifier when octets.Length >= MobileNodeIdentifierOption.Fields.Layout.Length => MobileNodeIdentifierOption.From(octets),
            MobilityOptionType.HomeNetworkPrefix when HomeNetworkPrefixOption.TryRead(view, out var prefix) =>
                new HomeNetworkPrefixOption { Prefix = prefix, Reserved = HomeNetworkPrefixOption.Fields.Reserved.ReadByte(octets) },
            MobilityOptionType.HandoffIndicator when HandoffIndicatorOption.TryRead(view, out var indicator) =>
                new HandoffIndicatorOption { Indicator = indicator, Reserved = HandoffIndicatorOption.Fields.Reserved.ReadByte(octets) },
            MobilityOptionType.AccessTechnologyType when AccessTechnologyTypeOption.TryRead(view, out var technology) =>
                new AccessTechnologyTypeOption
                {
                    AccessTechnologyType = technology,
                    Reserved = AccessTechnologyTypeOption.Fields.Reserved.ReadByte(octets),
                },
            MobilityOptionType.Timestamp when TimestampOption.TryRead(view, out var timestamp) => new TimestampOption { Timestamp = timestamp },
            _ => new UnknownMobilityOption { OptionType = (byte)view.Type, Data = Octets.Create(view.Data) },
        };
    }

    private protected abstract void WriteFields(Span<byte> option);
}
