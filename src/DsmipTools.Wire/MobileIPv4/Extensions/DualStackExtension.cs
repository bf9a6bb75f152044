namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>A DSMIPv4 extension, type 152 (RFC 5454, 2).</summary>
public abstract record DualStackExtension : Extension
{
    /// <inheritdoc/>
    public sealed override ExtensionType Type => ExtensionType.DualStackMobileIPv4;

    internal static DualStackExtension? Read(ExtensionView view)
    {
        if (IPv6PrefixRequestExtension.TryRead(view, out var requested))
        {
            return new IPv6PrefixRequestExtension { Prefix = requested };
        }

        if (IPv6PrefixReplyExtension.TryRead(view, out var code, out var answered))
        {
            var reserved = IPv6PrefixReplyExtension.Fields.Reserved.ReadByte(view.Octets);
            return new IPv6PrefixReplyExtension { Code = code, Prefix = answered, Reserved = reserved };
        }

        return IPv6TunnelingModeExtension.IsOne(view)
            ? new IPv6TunnelingModeExtension { Reserved = IPv6TunnelingModeExtension.Fields.Reserved.ReadByte(view.Octets) }
            : null;
    }
}
