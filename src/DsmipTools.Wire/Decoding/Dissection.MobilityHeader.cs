using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Decoding;

/// <content>Mobility Headers and their options.</content>
internal ref partial struct Dissection
{
    /// <param name="start">The first octet.</param>
    /// <param name="end">The octet behind the last; the Mobility Header's own length may be less.</param>
    /// <param name="checksumCounts">False where another checksum protects the message (RFC 5844, 4.1.3.1).</param>
    internal void MobilityHeader(int start, int end, bool checksumCounts)
    {
        var octets = frame[start..end];
        if (MobilityHeaderView.TryParse(octets, out var view, out var wrong))
        {
            octets = view.Octets;
            MobilityMessage.TryCheck(view, out var known, out wrong);
            if (checksumCounts && addresses is { } between && !view.VerifyChecksum(between.Source, between.Destination))
            {
                Fail("Checksum", start + MobilityHeaderFields.Common.Checksum.Offset, "is wrong");
            }

            Fail(wrong.At(start));
            if (!wrong.IsError)
            {
                AddMessage(known, start, start + octets.Length, Read);
                Data(start + octets.Length, end);
                return;
            }
        }

        Fail(wrong.At(start));
        var table = MobilityMessage.TableOf(octets);
        var children = new List<Layer>();
        if (table != UnknownMobilityMessage.Fields.Layout)
        {
            var listed = octets[Math.Min(table.Length, octets.Length)..];
            var whole = TypeLengthValue.Check(listed, table.Length, "Option", out _);
            foreach (var option in new MobilityOptionSequence(listed[..whole], start + table.Length))
            {
                children.Add(new Layer(
                    this.octets, MobilityOption.From(option).Table, option.Offset, option.Offset + option.Octets.Length));
            }

            var messageEnd = start + octets.Length;
            AddCut(children, UnknownMobilityOption.Fields.Layout, messageEnd - (listed.Length - whole), messageEnd);
        }

        Add(table, start, start + octets.Length, children: children);
        Data(start + octets.Length, end);

        static Structure Read(ReadOnlySpan<byte> checkedOctets) =>
            MobilityHeaderView.TryParse(checkedOctets, out var header, out _) ? MobilityMessage.From(header) : Wire.Data.Read(checkedOctets);
    }
}
