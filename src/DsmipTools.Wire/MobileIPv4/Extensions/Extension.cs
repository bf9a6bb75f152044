namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension to a registration message as an immutable value.</summary>
public abstract record Extension : Structure
{
    /// <summary>The extension type.</summary>
    public abstract ExtensionType Type { get; }

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var target = destination[..GetLength()];
        TypeLengthValue.Begin(target, (byte)Type);
        WriteFields(target);
        return target.Length;
    }

    /// <summary>Makes the record of an extension; one of an unknown type, subtype or length is kept as it is.</summary>
    public static Extension From(ExtensionView view)
    {
        var octets = view.Octets;
        return view.Type switch
        {
            ExtensionType.Padding => new PaddingExtension(),
            ExtensionType.MobileHomeAuthentication when MobileHomeAuthenticationExtension.TryRead(view, out var spi, out var authenticator) =>
                new MobileHomeAuthenticationExtension { SecurityParameterIndex = spi, Authenticator = Octets.Create(authenticator) },
            ExtensionType.MobileNodeNai => new MobileNodeNaiExtension { Nai = Octets.Create(view.Data) },
            ExtensionType.DualStackMobileIPv4 when IPv6PrefixRequestExtension.TryRead(view, out var prefix) =>
                new IPv6PrefixRequestExtension { Prefix = prefix },
            ExtensionType.DualStackMobileIPv4 when IPv6PrefixReplyExtension.TryRead(view, out var code, out var prefix) =>
                new IPv6PrefixReplyExtension
                {
                    Code = code,
                    Prefix = prefix,
                    Reserved = IPv6PrefixReplyExtension.Fields.Reserved.ReadByte(octets),
                },
            ExtensionType.DualStackMobileIPv4 when IPv6TunnelingModeExtension.IsOne(view) =>
                new IPv6TunnelingModeExtension { Reserved = IPv6TunnelingModeExtension.Fields.Reserved.ReadByte(octets) },
            _ => new UnknownExtension { ExtensionType = (byte)view.Type, Data = Octets.Create(view.Data) },
        };
    }

    private protected abstract void WriteFields(Span<byte> extension);
}
