namespace DsmipTools.Wire.Ip.Options;

/// <summary>An option of a hop-by-hop or destination options header as an immutable value (RFC 8200, 4.2).</summary>
public abstract record IPv6Option : AlignedOption
{
    /// <summary>The option type.</summary>
    public abstract IPv6OptionType Type { get; }

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var option = destination[..GetLength()];
        TypeLengthValue.Begin(option, (byte)Type);
        WriteFields(option);
        return option.Length;
    }

    /// <summary>Makes the record of one whole option; one of an unknown type, or of a length that its type does not have, is kept as it is.</summary>
    internal static IPv6Option Read(ReadOnlySpan<byte> option) => ((IPv6OptionType)option[0], option.Length) switch
    {
        (IPv6OptionType.Pad1, _) => new Pad1IPv6Option(),
        (IPv6OptionType.HomeAddress, 18) => new HomeAddressOption { HomeAddress = HomeAddressOption.Fields.HomeAddress.ReadAddress(option) },
        (IPv6OptionType.TunnelEncapsulationLimit, 3) => new TunnelEncapsulationLimitOption
        {
            TunnelEncapsulationLimit = TunnelEncapsulationLimitOption.Fields.TunnelEncapsulationLimit.ReadByte(option),
        },
        (IPv6OptionType.RouterAlert, 4) => new RouterAlertOption { Value = RouterAlertOption.Fields.Value.ReadUInt16(option) },
        (var type, _) => new GenericIPv6Option { OptionType = type, Data = Octets.Create(option[2..]) },
    };

    private protected abstract void WriteFields(Span<byte> option);
}
