using System.Globalization;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <content>IPv6 extension headers (RFC 8200, 4).</content>
internal ref partial struct Dissection
{
    /// <summary>Decodes an extension header and moves on behind it; false when the protocol is none, or what follows cannot be decoded.</summary>
    private bool TryExtensionHeader(ref IpProtocol protocol, ref int start, int end)
    {
        var header = frame[start..end];
        var at = start;
        switch (protocol)
        {
            case IpProtocol.HopByHopOptions:
                return TryLengthOf(header, HopByHopOptionsHeader.Fields.Layout, at, ref protocol, ref start)
                    && TryOptions(HopByHopOptionsHeader.Fields.Layout, HopByHopOptionsHeader.Read, at, start);
            case IpProtocol.DestinationOptions:
                return TryLengthOf(header, DestinationOptionsHeader.Fields.Layout, at, ref protocol, ref start)
                    && TryOptions(DestinationOptionsHeader.Fields.Layout, DestinationOptionsHeader.Read, at, start);
            case IpProtocol.Routing:
                if (!TryLengthOf(header, RoutingHeader.Fields.Layout, at, ref protocol, ref start))
                {
                    return false;
                }

                Routing(at, start);
                return true;
            case IpProtocol.Fragment:
                return TryFragment(ref protocol, ref start, end);
            default:
                return false;
        }
    }

    /// <summary>Reads the next header and the length of a header that counts in units of 8 octets after the first 8.</summary>
    private bool TryLengthOf(ReadOnlySpan<byte> header, Layout table, int at, ref IpProtocol protocol, ref int start)
    {
        // All of these begin alike: next header, length.
        var length = header.Length < 2 ? 8 : (header[1] + 1) * 8;
        if (header.Length < length)
        {
            Fail(table.Name, at + header.Length, string.Create(CultureInfo.InvariantCulture, $"ends before its {length} octets"));
            Add(table, at, at + header.Length);
            start = at + header.Length;
            protocol = IpProtocol.NoNextHeader;
            return false;
        }

        protocol = (IpProtocol)header[0];
        start = at + length;
        return true;
    }

    private bool TryOptions(Layout table, StructureReader reader, int start, int end)
    {
        var listed = frame[(start + OptionsHeader.FixedLength)..end];
        var whole = TypeLengthValue.Check(listed, start + OptionsHeader.FixedLength, "Option", out var wrong);
        if (whole == listed.Length)
        {
            Add(table, start, end, reader);
            if (table == DestinationOptionsHeader.Fields.Layout)
            {
                FindHomeAddress(listed);
            }

            return true;
        }

        Fail(wrong);
        var children = new List<Layer>();
        var at = start + OptionsHeader.FixedLength;
        var stop = at + whole;
        while (at < stop)
        {
            var length = TypeLengthValue.LengthAt(frame, at);
            children.Add(new Layer(octets, IPv6Option.Read(frame.Slice(at, length)).Table, at, at + length));
            at += length;
        }

        AddCut(children, GenericIPv6Option.Fields.Layout, at, end);
        Add(table, start, end, children: children);
        return true;
    }

    /// <summary>A Home Address option stands in for the source address (RFC 6275, 11.3.1).</summary>
    private void FindHomeAddress(ReadOnlySpan<byte> listed)
    {
        for (var at = 0; at < listed.Length; at += TypeLengthValue.LengthAt(listed, at))
        {
            if (listed[at] == (byte)IPv6OptionType.HomeAddress && listed[at + 1] == HomeAddressOption.Fields.Layout.Length - 2 && addresses is { } known)
            {
                addresses = known with { Source = HomeAddressOption.Fields.HomeAddress.ReadAddress(listed[at..]) };
                return;
            }
        }
    }

    private void Routing(int start, int end)
    {
        var header = frame[start..end];
        if (RoutingHeader.Fields.RoutingType.ReadByte(header) != Type2RoutingHeader.Type || header.Length != Type2RoutingHeader.Fields.Layout.Length)
        {
            Add(RoutingHeader.Fields.Layout, start, end, RoutingHeader.Read);
            if (RoutingHeader.Fields.SegmentsLeft.ReadByte(header) > 0)
            {
                // Checksums are over the final destination (RFC 8200, 8.1), which stands somewhere in this header.
                addresses = null;
            }

            return;
        }

        Add(Type2RoutingHeader.Fields.Layout, start, end, Type2RoutingHeader.Read);
        if (Type2RoutingHeader.Fields.SegmentsLeft.ReadByte(header) > 0 && addresses is { } known)
        {
            addresses = known with { Destination = Type2RoutingHeader.Fields.HomeAddress.ReadAddress(header) };
        }
    }

    private bool TryFragment(ref IpProtocol protocol, ref int start, int end)
    {
        var header = frame[start..end];
        if (!TryHeader(FragmentHeader.Fields.Layout, FragmentHeader.Read, start, end))
        {
            protocol = IpProtocol.NoNextHeader;
            start = end;
            return false;
        }

        if (FragmentHeader.Fields.FragmentOffset.ReadNumber(header) != 0 || FragmentHeader.Fields.MoreFragments.ReadFlag(header))
        {
            Fail(FragmentHeader.Fields.FragmentOffset, start, "the packet is a fragment");
            protocol = IpProtocol.NoNextHeader;
        }
        else
        {
            // A fragment that is the whole packet (RFC 8200, 4.5; RFC 6946).
            protocol = (IpProtocol)FragmentHeader.Fields.NextHeader.ReadByte(header);
        }

        start += FragmentHeader.Fields.Layout.Length;
        return true;
    }
}
