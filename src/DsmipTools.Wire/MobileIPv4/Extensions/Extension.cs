namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension to a control message as an immutable value.</summary>
public abstract record Extension : Structure
{
    /// <summary>The extension type.</summary>
    public abstract ExtensionType Type { get; }

    /// <summary>The length field as an override, for a wrong extension on purpose; null computes it.</summary>
    public ushort? Length { get; init; }

    /// <inheritdoc/>
    public override int GetLength() => Table.Length;

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var target = destination[..GetLength()];
        if (IsLong)
        {
            TypeLengthValue.BeginLong(target, (byte)Type, Length);
        }
        else
        {
            TypeLengthValue.Begin(target, (byte)Type, Length);
        }

        WriteFields(target);
        return target.Length;
    }

    /// <summary>Makes the record of an extension; one of an unknown type, subtype or length is kept as it is.</summary>
    public static Extension From(ExtensionView view)
    {
        Extension? extension = view.Type switch
        {
            ExtensionType.Padding => new PaddingExtension(),
            ExtensionType.MobileHomeAuthentication => MobileHomeAuthenticationExtension.Read(view),
            ExtensionType.MobileForeignAuthentication => MobileForeignAuthenticationExtension.Read(view),
            ExtensionType.ForeignHomeAuthentication => ForeignHomeAuthenticationExtension.Read(view),
            ExtensionType.GeneralizedAuthentication => GeneralizedAuthenticationExtension.Read(view),
            ExtensionType.CriticalVendorOrganizationSpecific => CriticalVendorOrganizationSpecificExtension.Read(view),
            ExtensionType.UdpTunnelReply => UdpTunnelReplyExtension.Read(view),
            ExtensionType.EncapsulatingDeliveryStyle => EncapsulatingDeliveryStyleExtension.Read(view),
            ExtensionType.MobileNodeNai => new MobileNodeNaiExtension { Nai = Octets.Create(view.Data) },
            ExtensionType.MobileForeignChallenge => new MobileForeignChallengeExtension { Challenge = Octets.Create(view.Data) },
            ExtensionType.NormalVendorOrganizationSpecific => NormalVendorOrganizationSpecificExtension.Read(view),
            ExtensionType.RevocationSupport => RevocationSupportExtension.Read(view),
            ExtensionType.DynamicHomeAgent => DynamicHomeAgentExtension.Read(view),
            ExtensionType.UdpTunnelRequest => UdpTunnelRequestExtension.Read(view),
            ExtensionType.MobileNetwork => MobileNetworkExtension.Read(view),
            ExtensionType.DualStackMobileIPv4 => DualStackExtension.Read(view),
            _ => null,
        };
        return extension ?? (view.Type.HasLongForm() ? UnknownLongExtension.Read(view) : UnknownExtension.Read(view));
    }

    /// <summary>The same octets as the record of their type; the extension itself where they are none of a known type.</summary>
    public Extension ToKnown()
    {
        var octets = ToOctets();
        var known = Length is null ? From(new ExtensionView(octets.Span, 0)) : this;
        return known is not (UnknownExtension or UnknownLongExtension) && known.ToOctets() == octets ? known : this;
    }

    /// <summary>True when it is written in the long form (RFC 5944, 1.10).</summary>
    private protected virtual bool IsLong => Type.HasLongForm();

    private protected abstract void WriteFields(Span<byte> extension);
}
