using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>The fields that every Mobility Header begins with (RFC 6275, 6.1.1).</summary>
public sealed class MobilityHeaderFields
{
    internal MobilityHeaderFields(Layout layout)
    {
        PayloadProto = layout.Code<IpProtocol>("PayloadProto", 8, "59, no next header");
        HeaderLength = layout.Computed("HeaderLength", 8, "units of 8 octets, not counting the first 8");
        Type = layout.Code<MobilityHeaderType>("Type", 8, "the message");
        Reserved = layout.Reserved(8);
        Checksum = layout.Computed("Checksum", 16, "over the pseudo-header and the Mobility Header");
    }

    /// <summary>The shared instance for code that does not know the message yet.</summary>
    public static MobilityHeaderFields Common { get; } = new(new Layout("Mobility Header", "RFC 6275, 6.1.1"));

    /// <summary>Payload proto.</summary>
    public Field PayloadProto { get; }

    /// <summary>Header length.</summary>
    public Field HeaderLength { get; }

    /// <summary>MH type.</summary>
    public Field Type { get; }

    /// <summary>Reserved.</summary>
    public Field Reserved { get; }

    /// <summary>Checksum.</summary>
    public Field Checksum { get; }
}
