namespace DsmipTools.Wire.Capture;

/// <summary>A part of a capture file while it is put together; the room is used again and again.</summary>
internal sealed class CaptureBlock(ByteOrder order)
{
    private byte[] octets = new byte[256];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Octets => octets.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal void Add(ushort value) => order.Write(Grow(2), value);

    internal void Add(uint value) => order.Write(Grow(4), value);

    internal void Add(ulong value) => order.Write(Grow(8), value);

    internal void Add(ReadOnlySpan<byte> values) => values.CopyTo(Grow(values.Length));

    /// <summary>Fills up to 32 bits with zeros.</summary>
    internal void Pad() => Grow(-Length & 3).Clear();

    internal void Overwrite(int at, uint value) => order.Write(octets.AsSpan(at), value);

    private Span<byte> Grow(int count)
    {
        if (octets.Length - Length < count)
        {
            Array.Resize(ref octets, Math.Max(octets.Length * 2, Length + count));
        }

        Length += count;
        return octets.AsSpan(Length - count, count);
    }
}
