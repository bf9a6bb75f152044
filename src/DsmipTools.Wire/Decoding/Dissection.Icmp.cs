using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;

namespace DsmipTools.Wire.Decoding;

/// <content>ICMP and ICMPv6 messages with their options, extensions and records.</content>
internal ref partial struct Dissection
{
    internal void Icmp(int start, int end)
    {
        var message = frame[start..end];
        var reader = new IcmpReader(message);
        var read = IcmpV4Message.ReadAny(ref reader);
        if (read is not null && !IcmpV4Message.VerifyChecksum(message))
        {
            Fail(IcmpHeaderFields.Common.Checksum, start, "is wrong");
        }

        IcmpMessage(start, end, read, reader, static octets => IcmpV4Message.From(octets, out _)!);
    }

    internal void IcmpV6(int start, int end)
    {
        var message = frame[start..end];
        var reader = new IcmpReader(message);
        var read = IcmpV6Message.ReadAny(ref reader);
        if (read is not null && addresses is { } known && !IcmpV6Message.VerifyChecksum(message, known.Source, known.Destination))
        {
            Fail(IcmpHeaderFields.Common.Checksum, start, "is wrong");
        }

        IcmpMessage(start, end, read, reader, static octets => IcmpV6Message.From(octets, out _)!);
    }

    /// <summary>Adds the layer of a message; of one that is wrong somewhere, with what stands before that place.</summary>
    private void IcmpMessage(int start, int end, IcmpMessage? read, IcmpReader reader, StructureReader structureReader)
    {
        if (!reader.Error.IsError)
        {
            AddMessage(read!.Table, start, end, structureReader);
            return;
        }

        Fail(reader.Error.At(start));
        if (read is null || reader.At < read.Table.Length)
        {
            Add(reader.Cut, start, end);
            return;
        }

        var children = new List<Layer>();
        var at = start + read.Table.Length;
        foreach (var part in read.Parts)
        {
            children.Add(new Layer(octets, part.Table, at, at += part.GetLength(), _ => part));
        }

        AddCut(children, reader.Cut, at, end);
        Add(read.Table, start, end, children: children);
    }
}
