using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>An ICMP message that this library does not know, or that does not have the form of its type; <see cref="IcmpMessage.Data"/> keeps it.</summary>
public sealed record UnknownIcmpV4Message : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4(Layout);
    }

    /// <summary>The type octet.</summary>
    public byte MessageType { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => (IcmpV4Type)MessageType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;
}
