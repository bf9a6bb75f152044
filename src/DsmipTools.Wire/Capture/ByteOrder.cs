using System.Buffers.Binary;

namespace DsmipTools.Wire.Capture;

/// <summary>The byte order of a capture file: that of the host that wrote it.</summary>
internal readonly record struct ByteOrder(bool IsBigEndian)
{
    internal ushort UInt16(ReadOnlySpan<byte> octets) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(octets) : BinaryPrimitives.ReadUInt16LittleEndian(octets);

    internal uint UInt32(ReadOnlySpan<byte> octets) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt32LittleEndian(octets);

    internal ulong UInt64(ReadOnlySpan<byte> octets) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(octets) : BinaryPrimitives.ReadUInt64LittleEndian(octets);

    internal void Write(Span<byte> octets, ushort value)
    {
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(octets, value);
        }
    }

    internal void Write(Span<byte> octets, uint value)
    {
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets, value);
        }
    }

    internal void Write(Span<byte> octets, ulong value)
    {
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(octets, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(octets, value);
        }
    }
}
