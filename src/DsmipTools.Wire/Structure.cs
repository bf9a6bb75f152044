using System.Text;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire;

/// <summary>What stands on the wire, as an immutable value: a header, a message, an extension or an option, with its layout table.</summary>
public abstract record Structure
{
    /// <summary>The layout table of the fixed part.</summary>
    public abstract Layout Table { get; }

    /// <summary>What stands behind the fixed part in wire order, one directly after the other: options, extensions, optional fields.</summary>
    public virtual IEnumerable<Structure> Parts => [];

    /// <summary>Octets on the wire, with all that the structure holds.</summary>
    public abstract int GetLength();

    /// <summary>Writes the structure and returns the octets written.</summary>
    /// <exception cref="ArgumentException">A part is longer than its length field can say, or the destination is too short.</exception>
    public abstract int Write(Span<byte> destination);

    /// <summary>Keeps out of the text what is the same for all structures of a kind: the layout table, and the parts, which are named by what holds them.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>The structure as octets.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[GetLength()];
        Write(octets);
        return octets;
    }

    /// <summary>The protocol number by which a header before this structure announces it; null where only data can be announced.</summary>
    internal virtual IpProtocol? ProtocolNumber => null;

    /// <summary>
    /// Fills in what the structure leaves to be computed and what depends on its place in a packet: lengths of what follows, the next
    /// protocol, checksums. What was given stays as it is.
    /// </summary>
    /// <param name="octets">The packet from this structure to its end; everything behind the structure is complete.</param>
    /// <param name="place">Where the structure stands.</param>
    internal virtual void Complete(Span<byte> octets, in PacketPlace place)
    {
    }
}
