using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Layouts;

/// <summary>What the bits of a field are.</summary>
public enum FieldKind
{
    /// <summary>An unsigned number of 1 to 64 bits.</summary>
    Number,

    /// <summary>One bit.</summary>
    Flag,

    /// <summary>A code point of an IANA registry.</summary>
    Code,

    /// <summary>Sent as zero, ignored on receipt, kept when decoded.</summary>
    Reserved,

    /// <summary>A length or a checksum: computed when composing.</summary>
    Computed,

    /// <summary>An IPv4 address.</summary>
    IPv4Address,

    /// <summary>16 octets: an IPv6 address or prefix.</summary>
    IPv6Address,

    /// <summary>An IPv4 or an IPv6 address up to the end of the structure, or nothing.</summary>
    Address,

    /// <summary>Everything up to the end of the structure.</summary>
    Rest,

    /// <summary>Text up to the end of the structure, in UTF-8.</summary>
    Text,

    /// <summary>A fixed run of octets that is no number, such as a link-layer address.</summary>
    Octets,
}

/// <summary>One field of a layout table: the single description that views, records, the decoded tree and the documentation follow.</summary>
public sealed class Field
{
    private readonly int byteOffset;
    private readonly int octetCount;
    private readonly int shift;
    private readonly ulong mask;

    internal Field(Layout layout, string name, int bitOffset, int bitWidth, FieldKind kind, string meaning, Type? registry)
    {
        Layout = layout;
        Name = name;
        BitOffset = bitOffset;
        BitWidth = bitWidth;
        Kind = kind;
        Meaning = meaning;
        Registry = registry;
        byteOffset = bitOffset / 8;
        octetCount = bitWidth == 0 ? 0 : ((bitOffset % 8) + bitWidth + 7) / 8;
        if (bitWidth > 0 && (bitOffset % 8) + bitWidth <= 8)
        {
            shift = 8 - (bitOffset % 8) - bitWidth;
            mask = (1UL << bitWidth) - 1;
        }
        else if (bitWidth <= 64)
        {
            shift = (8 - ((bitOffset + bitWidth) % 8)) % 8;
            mask = bitWidth == 64 ? ulong.MaxValue : (1UL << bitWidth) - 1;
        }
    }

    /// <summary>The table that this field belongs to.</summary>
    public Layout Layout { get; }

    /// <summary>The RFC's name, as an identifier: the property of view and record has the same name.</summary>
    public string Name { get; }

    /// <summary>Offset in bits from the start of the structure.</summary>
    public int BitOffset { get; }

    /// <summary>Width in bits; 0 for a field that runs to the end.</summary>
    public int BitWidth { get; }

    /// <summary>What the bits are.</summary>
    public FieldKind Kind { get; }

    /// <summary>What the field means, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>The enum that names the values, if there is one.</summary>
    public Type? Registry { get; }

    /// <summary>Offset of the first octet that the field touches.</summary>
    public int Offset => byteOffset;

    /// <summary>The number of octets that the field touches; 0 for a field that runs to the end.</summary>
    public int OctetCount => octetCount;

    /// <summary>Reads one bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadFlag(ReadOnlySpan<byte> octets) => ((octets[byteOffset] >> shift) & 1) != 0;

    /// <summary>Reads up to 8 bits within one octet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte(ReadOnlySpan<byte> octets) => (byte)((octets[byteOffset] >> shift) & (int)mask);

    /// <summary>Reads an aligned field of 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort ReadUInt16(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt16BigEndian(octets[byteOffset..]);

    /// <summary>Reads an aligned field of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadUInt32(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt32BigEndian(octets[byteOffset..]);

    /// <summary>Reads an aligned field of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt64BigEndian(octets[byteOffset..]);

    /// <summary>Reads an IPv4 or IPv6 address.</summary>
    public Address ReadAddress(ReadOnlySpan<byte> octets) => Kind == FieldKind.IPv4Address
        ? Address.FromIPv4(ReadUInt32(octets))
        : Address.FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(octets[byteOffset..]));

    /// <summary>Reads 16 octets as a number.</summary>
    public UInt128 ReadUInt128(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt128BigEndian(octets[byteOffset..]);

    /// <summary>The octets from this field to the end.</summary>
    public ReadOnlySpan<byte> ReadRest(ReadOnlySpan<byte> octets) => octets[byteOffset..];

    /// <summary>Reads any field of at most 64 bits.</summary>
    public ulong ReadNumber(ReadOnlySpan<byte> octets)
    {
        ulong value = 0;
        foreach (var octet in octets.Slice(byteOffset, OctetCount))
        {
            value = (value << 8) | octet;
        }

        return (value >> shift) & mask;
    }

    /// <summary>True when a structure of so many octets holds the whole field.</summary>
    public bool FitsInto(int length) => BitWidth == 0 ? byteOffset <= length : byteOffset + OctetCount <= length;

    /// <summary>
    /// Reads a field of any kind: a bool for one bit, the value of the registry where it is defined, an <see cref="Address"/>,
    /// <see cref="Octets"/>, or else a number that is as wide as the field needs.
    /// </summary>
    public object ReadValue(ReadOnlySpan<byte> octets) => Kind switch
    {
        FieldKind.Flag => ReadFlag(octets),
        FieldKind.Reserved when BitWidth == 1 => ReadFlag(octets),
        FieldKind.IPv4Address or FieldKind.IPv6Address => ReadAddress(octets),
        FieldKind.Address when ReadRest(octets) is { Length: 4 or 16 } address => Address.FromOctets(address),
        FieldKind.Rest or FieldKind.Text or FieldKind.Address => Wire.Octets.Create(ReadRest(octets)),
        FieldKind.Octets => Wire.Octets.Create(octets.Slice(byteOffset, OctetCount)),
        FieldKind.Code when Enum.ToObject(Registry!, ReadNumber(octets)) is var code && Enum.IsDefined(Registry!, code) => code,
        _ => Sized(ReadNumber(octets)),
    };

    /// <summary>Writes any field of at most 64 bits and leaves its neighbours alone.</summary>
    public void Write(Span<byte> octets, ulong value)
    {
        if (octetCount == 1)
        {
            ref var octet = ref octets[byteOffset];
            octet = (byte)((octet & ~(mask << shift)) | ((value & mask) << shift));
            return;
        }

        var target = octets.Slice(byteOffset, octetCount);
        var keep = ~(mask << shift);
        var placed = (value & mask) << shift;
        for (var at = target.Length - 1; at >= 0; at--)
        {
            target[at] = (byte)((target[at] & (byte)keep) | (byte)placed);
            keep = (keep >> 8) | 0xFF00000000000000UL;
            placed >>= 8;
        }
    }

    /// <summary>Writes a length or a count: what is asked for, or else what there is.</summary>
    /// <exception cref="ArgumentException">The field cannot say so much.</exception>
    internal void WriteLength(Span<byte> octets, int length, ulong? instead = null)
    {
        if (instead is null && (ulong)length > mask)
        {
            throw IsTooLong(length);
        }

        Write(octets, instead ?? (ulong)length);
    }

    /// <summary>Writes one bit.</summary>
    public void Write(Span<byte> octets, bool value) => Write(octets, value ? 1UL : 0UL);

    /// <summary>Writes an address; its family has to be the field's, if the field has one.</summary>
    public void Write(Span<byte> octets, Address value)
    {
        if (Kind != FieldKind.Address && value.IsIPv4 != (Kind == FieldKind.IPv4Address))
        {
            throw new ArgumentException($"{Layout.Name}, {Name}: {value} is of the wrong address family.", nameof(value));
        }

        value.Write(octets[byteOffset..]);
    }

    /// <summary>Writes 16 octets.</summary>
    public void Write(Span<byte> octets, UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(octets[byteOffset..], value);

    private ArgumentException IsTooLong(int length) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{this}: {length} is more than its {BitWidth} bits say."));

    private object Sized(ulong number) => BitWidth switch
    {
        <= 8 => (object)(byte)number,
        <= 16 => (ushort)number,
        <= 32 => (uint)number,
        _ => number,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Layout.Name}.{Name}";
}
