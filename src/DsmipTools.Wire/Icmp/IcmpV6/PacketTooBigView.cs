using Fields = DsmipTools.Wire.Icmp.IcmpV6.PacketTooBig.Fields;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>A checked Packet Too Big where it stands (RFC 4443, 3.2).</summary>
public readonly ref struct PacketTooBigView
{
    private PacketTooBigView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>MTU of the next-hop link in octets.</summary>
    public uint MaximumTransmissionUnit => Fields.MaximumTransmissionUnit.ReadUInt32(Octets);

    /// <summary>The packet that was too big, as far as it is quoted.</summary>
    public ReadOnlySpan<byte> Data => Octets[Fields.Layout.Length..];

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out PacketTooBigView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheck(IcmpV6Type.PacketTooBig, Fields.Layout, out error))
        {
            return false;
        }

        view = new PacketTooBigView(header);
        return true;
    }
}
