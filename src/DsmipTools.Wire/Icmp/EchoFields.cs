using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>The fields of all four echo messages, behind the header (RFC 792; RFC 4443, 4.1 and 4.2).</summary>
public sealed class EchoFields
{
    internal EchoFields(Layout layout)
    {
        Identifier = layout.Number("Identifier", 16, "matches replies with requests");
        SequenceNumber = layout.Number("SequenceNumber", 16, "matches replies with requests");
    }

    /// <summary>Identifier.</summary>
    public Field Identifier { get; }

    /// <summary>Sequence number.</summary>
    public Field SequenceNumber { get; }
}
