namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension of the long form: its length has two octets and stands behind the subtype (RFC 5944, 1.10).</summary>
public abstract record LongExtension : Extension
{
    private protected sealed override void Begin(Span<byte> extension) => TypeLengthValue.BeginLong(extension, (byte)Type);
}
