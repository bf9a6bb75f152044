using System.Globalization;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <summary>One frame while it is being decoded: each method decodes the structure between two offsets and hands on what it carries.</summary>
internal ref partial struct Dissection
{
    /// <summary>Octets behind the end of a packet, such as the padding of a short Ethernet frame.</summary>
    private static readonly Layout Trailer = TrailerTable();

    private readonly Octets octets;
    private readonly ReadOnlySpan<byte> frame;
    private readonly PacketDecoderOptions options;
    private readonly bool hasUdpChecksums;
    private Layer[] layers = new Layer[4];
    private int count;
    private Layer? message;
    private WireError? error;
    private Endpoint? source;
    private Endpoint? destination;
    private PseudoAddresses? addresses;
    private int depth;

    internal Dissection(Octets frame, PacketDecoderOptions options, bool hasUdpChecksums = true)
    {
        this.hasUdpChecksums = hasUdpChecksums;
        octets = frame;
        this.frame = frame.Span;
        this.options = options;
    }

    internal DecodedPacket Packet
    {
        get
        {
            Array.Resize(ref layers, count);
            return new DecodedPacket(message)
            {
                Layers = ValueList.Own(layers),
                Error = error,
                Source = source,
                Destination = destination,
            };
        }
    }

    /// <summary>Where a structure ends by its own length field, as far as the frame goes.</summary>
    private int End(Field field, int start, int says, int least, int end)
    {
        if (says > end)
        {
            Fail(field, start, string.Create(CultureInfo.InvariantCulture, $"says {says - end} octets more than there are"));
        }
        else if (says < least)
        {
            Fail(field, start, "is less than the header's own length");
        }

        return Math.Clamp(says, least, end);
    }

    /// <summary>Adds a header of fixed length; false, with what there is of it, when the octets end before it does.</summary>
    private bool TryHeader(Layout table, StructureReader? reader, int start, int end) => TryHeader(table, reader, start, end, table.Length);

    /// <summary>Adds a header of a length that it says itself; false, with what there is of it, when the octets end before it does.</summary>
    private bool TryHeader(Layout table, StructureReader? reader, int start, int end, int length)
    {
        if (end - start >= length)
        {
            Add(table, start, start + length, reader);
            return true;
        }

        Fail(table.Name, end, string.Create(CultureInfo.InvariantCulture, $"ends before its {length} octets"));
        Add(table, start, end);
        return false;
    }

    private Layer Add(Layout table, int start, int end, StructureReader? reader = null, List<Layer>? children = null)
    {
        if (count == layers.Length)
        {
            Array.Resize(ref layers, count * 2);
        }

        return layers[count++] = new Layer(octets, table, start, end, reader, children?.ToArray());
    }

    /// <summary>Adds the layer of a message, which is the packet's until a further one is found.</summary>
    private void AddMessage(Layout table, int start, int end, StructureReader reader) => message = Add(table, start, end, reader);

    private void Data(int start, int end) => AddIfAny(Wire.Data.Fields.Layout, start, end);

    private void AddIfAny(Layout table, int start, int end)
    {
        if (start < end)
        {
            Add(table, start, end, Wire.Data.Read);
        }
    }

    /// <summary>Adds the extension or option whose length does not fit: its type and length stand, the rest is data.</summary>
    private readonly void AddCut(List<Layer> children, Layout table, int start, int end)
    {
        if (start < end)
        {
            children.Add(new Layer(octets, table, start, end));
        }
    }

    private void Fail(Field field, int start, string reason) => Fail(field.Name, start + field.Offset, reason);

    private void Fail(string field, int offset, string reason) => Fail(new WireError(field, offset, reason));

    /// <summary>Keeps the first error.</summary>
    private void Fail(WireError wrong) => error ??= wrong.IsError ? wrong : null;

    private static Layout TrailerTable()
    {
        var table = new Layout("Trailer", "");
        table.Rest("Octets", "behind the end of the packet");
        return table;
    }
}
