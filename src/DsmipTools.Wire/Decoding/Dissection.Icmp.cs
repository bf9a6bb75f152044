using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;

namespace DsmipTools.Wire.Decoding;

/// <content>ICMP and ICMPv6 messages with their options, extensions and records.</content>
internal ref partial struct Dissection
{
    private delegate IcmpMessage? IcmpReading(ref IcmpReader reader);

    internal void Icmp(int start, int end) => Icmp(
        start, end, IcmpV4Message.VerifyChecksum(frame[start..end]), IcmpV4Message.ReadAny, static octets => IcmpV4Message.From(octets, out _)!);

    internal void IcmpV6(int start, int end)
    {
        var checksumIsRight = addresses is not { } known || IcmpV6Message.VerifyChecksum(frame[start..end], known.Source, known.Destination);
        Icmp(start, end, checksumIsRight, IcmpV6Message.ReadAny, static octets => IcmpV6Message.From(octets, out _)!);
    }

    /// <summary>Adds the layer of a message; of one that is wrong somewhere, with what stands before that place.</summary>
    private void Icmp(int start, int end, bool checksumIsRight, IcmpReading reading, StructureReader structureReader)
    {
        var reader = new IcmpReader(frame[start..end], checksOnly: true);
        var read = reading(ref reader);
        if (read is not null && !checksumIsRight)
        {
            Fail(IcmpHeaderFields.Common.Checksum, start, "is wrong");
        }

        Fail(reader.Error.At(start));
        if (!reader.Error.IsError)
        {
            AddMessage(read!.Table, start, end, structureReader);
            return;
        }

        if (read is null || reader.At < read.Table.Length)
        {
            Add(reader.Cut, start, end);
            return;
        }

        // What is right before that place is worth a second reading, which makes the parts.
        var maker = new IcmpReader(frame[start..end]);
        var children = new List<Layer>();
        var at = start + read.Table.Length;
        foreach (var part in reading(ref maker)!.Parts)
        {
            children.Add(new Layer(octets, part.Table, at, at += part.GetLength(), _ => part));
        }

        AddCut(children, reader.Cut, at, end);
        Add(read.Table, start, end, children: children);
    }
}
