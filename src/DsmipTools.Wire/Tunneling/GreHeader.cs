using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The GRE header (RFC 2784, 2.1) with key and sequence number (RFC 2890, 2). What is null and computed is filled in when a packet is composed.</summary>
public sealed record GreHeader : Structure
{
    /// <summary>The layout table of the four octets that are always there.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("GRE", "RFC 2784, 2.1");

        /// <summary>C.</summary>
        public static readonly Field ChecksumPresent = Layout.Flag("ChecksumPresent", "C: checksum and reserved octets are present");

        /// <summary>Bit 1, RFC 1701's routing present.</summary>
        public static readonly Field ReservedBit = Layout.Reserved(1, "ReservedBit");

        /// <summary>K.</summary>
        public static readonly Field KeyPresent = Layout.Flag("KeyPresent", "K: the key is present (RFC 2890)");

        /// <summary>S.</summary>
        public static readonly Field SequenceNumberPresent = Layout.Flag("SequenceNumberPresent", "S: the sequence number is present (RFC 2890)");

        /// <summary>Reserved0.</summary>
        public static readonly Field Reserved0 = Layout.Reserved(9, "Reserved0");

        /// <summary>Version.</summary>
        public static readonly Field Version = Layout.Number("Version", 3, "0");

        /// <summary>Protocol type.</summary>
        public static readonly Field ProtocolType = Layout.Code<EtherType>("ProtocolType", 16, "what the packet carries, as an EtherType");
    }

    /// <summary>Bit 1, which was routing present in RFC 1701.</summary>
    public bool ReservedBit { get; init; }

    /// <summary>Bits 4 to 12.</summary>
    public ushort Reserved0 { get; init; }

    /// <summary>The version, 0 to 7; 0 unless a wrong packet is wanted.</summary>
    public byte Version { get; init; }

    /// <summary>What the packet carries; null finds out when a packet is composed.</summary>
    public EtherType? ProtocolType { get; init; }

    /// <summary>The checksum part, or null.</summary>
    public GreChecksum? Checksum { get; init; }

    /// <summary>The key, or null.</summary>
    public uint? Key { get; init; }

    /// <summary>The sequence number, or null.</summary>
    public uint? SequenceNumber { get; init; }

    /// <summary>C: checksum and reserved octets are present.</summary>
    public bool ChecksumPresent => Checksum is not null;

    /// <summary>K: the key is present.</summary>
    public bool KeyPresent => Key is not null;

    /// <summary>S: the sequence number is present.</summary>
    public bool SequenceNumberPresent => SequenceNumber is not null;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts
    {
        get
        {
            if (Checksum is { } checksum)
            {
                yield return checksum;
            }

            if (Key is { } key)
            {
                yield return new GreKey { Key = key };
            }

            if (SequenceNumber is { } number)
            {
                yield return new GreSequenceNumber { SequenceNumber = number };
            }
        }
    }

    internal override IpProtocol? ProtocolNumber => IpProtocol.Gre;

    /// <inheritdoc/>
    public override int GetLength() => LengthOf(ChecksumPresent, KeyPresent, SequenceNumberPresent);

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.ChecksumPresent.Write(destination, ChecksumPresent);
        Fields.ReservedBit.Write(destination, ReservedBit);
        Fields.KeyPresent.Write(destination, KeyPresent);
        Fields.SequenceNumberPresent.Write(destination, SequenceNumberPresent);
        Fields.Reserved0.Write(destination, Reserved0);
        Fields.Version.Write(destination, Version);
        Fields.ProtocolType.Write(destination, (ulong)(ProtocolType ?? 0));
        var at = Fields.Layout.Length;
        foreach (var part in Parts)
        {
            at += part.Write(destination[at..]);
        }

        return at;
    }

    /// <summary>The length of a header, by its first octet.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> octets) => LengthOf(
        Fields.ChecksumPresent.ReadFlag(octets), Fields.KeyPresent.ReadFlag(octets), Fields.SequenceNumberPresent.ReadFlag(octets));

    /// <summary>Reads a header of exactly these octets.</summary>
    internal static GreHeader Read(ReadOnlySpan<byte> octets)
    {
        var rest = octets[Fields.Layout.Length..];
        GreChecksum? checksum = null;
        if (Fields.ChecksumPresent.ReadFlag(octets))
        {
            checksum = GreChecksum.Read(rest);
            rest = rest[GreChecksum.Fields.Layout.Length..];
        }

        uint? key = null;
        if (Fields.KeyPresent.ReadFlag(octets))
        {
            key = GreKey.Fields.Key.ReadUInt32(rest);
            rest = rest[GreKey.Fields.Layout.Length..];
        }

        return new GreHeader
        {
            ReservedBit = Fields.ReservedBit.ReadFlag(octets),
            Reserved0 = (ushort)Fields.Reserved0.ReadNumber(octets),
            Version = Fields.Version.ReadByte(octets),
            ProtocolType = (EtherType)Fields.ProtocolType.ReadUInt16(octets),
            Checksum = checksum,
            Key = key,
            SequenceNumber = Fields.SequenceNumberPresent.ReadFlag(octets) ? GreSequenceNumber.Fields.SequenceNumber.ReadUInt32(rest) : null,
        };
    }

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (ProtocolType is null && place.NextEtherType is { } type)
        {
            Fields.ProtocolType.Write(octets, (ulong)type);
        }

        if (Checksum is { Checksum: null })
        {
            GreChecksum.Fields.Checksum.Write(octets[Fields.Layout.Length..], InternetChecksum.Finish(InternetChecksum.Sum(octets)));
        }
    }

    private static int LengthOf(bool checksum, bool key, bool sequenceNumber) => Fields.Layout.Length
        + (checksum ? GreChecksum.Fields.Layout.Length : 0)
        + (key ? GreKey.Fields.Layout.Length : 0)
        + (sequenceNumber ? GreSequenceNumber.Fields.Layout.Length : 0);
}
