using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Tunneling;

/// <summary>
/// Minimal encapsulation (RFC 2004, 3): the header of the packet becomes the outer one, and what was changed in it stands behind it. Works on spans and
/// does not allocate.
/// </summary>
internal static class MinimalFrame
{
    /// <summary>Octets that are added: the original source is always told, so that all packets of a tunnel grow by the same.</summary>
    public static readonly int Overhead = MinimalForwardingHeader.Fields.Layout.Length + OriginalSourceAddress.Fields.Layout.Length;

    /// <summary>Encapsulates an unfragmented IPv4 packet.</summary>
    /// <param name="local">The encapsulator.</param>
    /// <param name="remote">The exit of the tunnel.</param>
    /// <param name="frame">Room for what is added, and behind it the packet.</param>
    /// <exception cref="ArgumentException">The packet is none.</exception>
    public static void Write(Address local, Address remote, Span<byte> frame)
    {
        if (!IpPacketView.TryParse(frame[Overhead..], out var inner, out var error) || TunnelFrame.Choose(Encapsulation.Minimal, inner) != Encapsulation.Minimal)
        {
            throw new ArgumentException($"Minimal encapsulation carries IPv4 packets that are no fragments: {error}", nameof(frame));
        }

        var (length, protocol, source, destination) = (inner.HeaderLength, inner.Protocol, inner.Source, inner.Destination);
        frame.Slice(Overhead, length).CopyTo(frame);
        IPv4Header.Fields.TotalLength.Write(frame, (ulong)frame.Length);
        IPv4Header.Fields.Protocol.Write(frame, (byte)IpProtocol.MinimalEncapsulation);
        IPv4Header.Fields.Source.Write(frame, local);
        IPv4Header.Fields.Destination.Write(frame, remote);
        IpPacketView.WriteHeaderChecksum(frame);

        var forwarding = frame.Slice(length, Overhead);
        forwarding.Clear();
        MinimalForwardingHeader.Fields.Protocol.Write(forwarding, (byte)protocol);
        MinimalForwardingHeader.Fields.OriginalSourceAddressPresent.Write(forwarding, true);
        MinimalForwardingHeader.Fields.OriginalDestinationAddress.Write(forwarding, destination);
        OriginalSourceAddress.Fields.SourceAddress.Write(forwarding[MinimalForwardingHeader.Fields.Layout.Length..], source);
        MinimalForwardingHeader.Fields.HeaderChecksum.Write(forwarding, InternetChecksum.Finish(InternetChecksum.Sum(forwarding)));
    }

    /// <summary>What is wrong with a packet whose protocol is 55, and how many octets decapsulation removes.</summary>
    public static WireError Check(in IpPacketView outer, out int added)
    {
        var name = MinimalForwardingHeader.Fields.Layout.Name;
        var forwarding = outer.Payload;
        added = 0;
        if (forwarding.Length < MinimalForwardingHeader.Fields.Layout.Length || forwarding.Length < MinimalForwardingHeader.LengthOf(forwarding))
        {
            return new WireError(name, outer.Octets.Length, "ends before its header");
        }

        added = MinimalForwardingHeader.LengthOf(forwarding);
        return InternetChecksum.Verify(0, forwarding[..added])
            ? default
            : new WireError(MinimalForwardingHeader.Fields.HeaderChecksum.Name, outer.HeaderLength + MinimalForwardingHeader.Fields.HeaderChecksum.Offset, "is wrong");
    }

    /// <summary>Writes the header of the packet inside.</summary>
    /// <param name="outer">The packet as it came in, which was checked.</param>
    /// <param name="added">What <see cref="Check"/> said.</param>
    /// <param name="header">Where it is written.</param>
    public static void Restore(in IpPacketView outer, int added, Span<byte> header)
    {
        header = header[..outer.HeaderLength];
        outer.Octets[..header.Length].CopyTo(header);
        var forwarding = outer.Payload;
        IPv4Header.Fields.TotalLength.Write(header, (ulong)(outer.Length - added));
        IPv4Header.Fields.Protocol.Write(header, MinimalForwardingHeader.Fields.Protocol.ReadByte(forwarding));
        IPv4Header.Fields.Destination.Write(header, MinimalForwardingHeader.Fields.OriginalDestinationAddress.ReadAddress(forwarding));
        if (MinimalForwardingHeader.Fields.OriginalSourceAddressPresent.ReadFlag(forwarding))
        {
            IPv4Header.Fields.Source.Write(header, OriginalSourceAddress.Fields.SourceAddress.ReadAddress(forwarding[MinimalForwardingHeader.Fields.Layout.Length..]));
        }

        IpPacketView.WriteHeaderChecksum(header);
    }
}
