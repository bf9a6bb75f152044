using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>An ICMPv6 message that this library does not know, or that does not have the form of its type; <see cref="IcmpMessage.Data"/> keeps it.</summary>
public sealed record UnknownIcmpV6Message : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMPv6", "RFC 4443, 2.1");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);
    }

    /// <summary>The type octet.</summary>
    public byte MessageType { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => (IcmpV6Type)MessageType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;
}
