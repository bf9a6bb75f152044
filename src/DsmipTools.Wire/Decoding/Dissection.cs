using System.Globalization;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <summary>One frame while it is being decoded: each method decodes the structure between two offsets and hands on what it carries.</summary>
internal ref partial struct Dissection
{
    private readonly ReadOnlySpan<byte> frame;
    private readonly PacketDecoderOptions options;
    private readonly List<Layer> layers = [];
    private object? message;
    private WireError? error;
    private Endpoint? source;
    private Endpoint? destination;

    internal Dissection(ReadOnlySpan<byte> frame, PacketDecoderOptions options)
    {
        this.frame = frame;
        this.options = options;
    }

    internal readonly DecodedPacket Packet => new()
    {
        Layers = ValueList.From(layers),
        Message = message,
        Error = error,
        Source = source,
        Destination = destination,
    };

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

    private bool TryHeader(Layout table, int start, int end)
    {
        var fits = end - start >= table.Length;
        if (!fits)
        {
            Fail(table.Name, end, string.Create(CultureInfo.InvariantCulture, $"ends before its {table.Length} octets"));
        }

        Add(table, start, fits ? start + table.Length : end);
        return fits;
    }

    private readonly void Add(Layout table, int start, int end, IEnumerable<Layer>? children = null, bool onlyIfAny = false)
    {
        if (!onlyIfAny || start < end)
        {
            layers.Add(LayerReader.Read(table, frame, start, end, children));
        }
    }

    private readonly void Data(int start, int end) => Add(LayerReader.Data, start, end, onlyIfAny: true);

    /// <summary>Adds the extension or option whose length does not fit: its type and length stand, the rest is data.</summary>
    private readonly void AddCut(List<Layer> children, Layout table, int start, int end)
    {
        if (start < end)
        {
            children.Add(LayerReader.Read(table, frame, start, end));
        }
    }

    private void Fail(Field field, int start, string reason) => Fail(field.Name, start + field.Offset, reason);

    private void Fail(string field, int offset, string reason) => Fail(new WireError(field, offset, reason));

    /// <summary>Keeps the first error.</summary>
    private void Fail(WireError wrong) => error ??= wrong.IsError ? wrong : null;
}
