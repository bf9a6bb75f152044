using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>The fields that every ICMP message begins with (RFC 792; RFC 4443, 2.1).</summary>
public sealed class IcmpHeaderFields
{
    private IcmpHeaderFields(Field type, Field code, Field checksum)
    {
        Type = type;
        Code = code;
        Checksum = checksum;
    }

    /// <summary>The shared instance for code that does not know the message yet.</summary>
    public static IcmpHeaderFields Common { get; } = OfIcmpV6(new Layout("ICMP", "RFC 792"));

    /// <summary>Type.</summary>
    public Field Type { get; }

    /// <summary>Code.</summary>
    public Field Code { get; }

    /// <summary>Checksum.</summary>
    public Field Checksum { get; }

    internal static IcmpHeaderFields OfIcmpV4(Layout layout) => new(V4Type(layout), PlainCode(layout), V4Checksum(layout));

    internal static IcmpHeaderFields OfIcmpV4<TCode>(Layout layout)
        where TCode : struct, Enum => new(V4Type(layout), NamedCode<TCode>(layout), V4Checksum(layout));

    internal static IcmpHeaderFields OfIcmpV6(Layout layout) => new(V6Type(layout), PlainCode(layout), V6Checksum(layout));

    internal static IcmpHeaderFields OfIcmpV6<TCode>(Layout layout)
        where TCode : struct, Enum => new(V6Type(layout), NamedCode<TCode>(layout), V6Checksum(layout));

    private static Field V4Type(Layout layout) => layout.Code<IcmpV4Type>("Type", 8, "the message");

    private static Field V6Type(Layout layout) => layout.Code<IcmpV6Type>("Type", 8, "the message");

    private static Field PlainCode(Layout layout) => layout.Number("Code", 8, "0 where the type has no codes");

    private static Field NamedCode<TCode>(Layout layout)
        where TCode : struct, Enum => layout.Code<TCode>("Code", 8, "what the type says in detail");

    private static Field V4Checksum(Layout layout) => layout.Computed("Checksum", 16, "over the message");

    private static Field V6Checksum(Layout layout) => layout.Computed("Checksum", 16, "over the pseudo-header and the message");
}
