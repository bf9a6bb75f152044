namespace DsmipTools.Wire.Capture;

/// <summary>The octets of a capture file through a window: read in large pieces, looked at in place, and never held longer than needed.</summary>
internal sealed class CaptureInput : IDisposable
{
    private const int PieceLength = 1 << 16;

    private readonly Stream stream;
    private readonly bool leaveOpen;
    private byte[] buffer = new byte[PieceLength];
    private int start;
    private int end;

    internal CaptureInput(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
    }

    /// <summary>Octets taken since the beginning.</summary>
    internal long Position { get; private set; }

    /// <summary>What has been read and not been taken.</summary>
    internal ReadOnlySpan<byte> Available => buffer.AsSpan(start, end - start);

    /// <summary>Where the octets end that have been read.</summary>
    internal long End => Position + end - start;

    /// <summary>Looks at octets without taking them; false when the file ends before so many.</summary>
    internal bool TryPeek(int count, out ReadOnlySpan<byte> octets)
    {
        if (end - start < count && !Fill(count))
        {
            octets = default;
            return false;
        }

        octets = buffer.AsSpan(start, count);
        return true;
    }

    /// <summary>Takes octets that were looked at.</summary>
    internal void Take(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Takes octets without keeping them; false when the file ends before so many.</summary>
    internal bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (start == end && !Fill(1))
            {
                return false;
            }

            var piece = (int)Math.Min(count, end - start);
            Take(piece);
            count -= piece;
        }

        return true;
    }

    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private bool Fill(int count)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        while (end < count)
        {
            // The buffer grows with what has come, not with what a length field promises.
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var got = stream.Read(buffer.AsSpan(end));
            if (got == 0)
            {
                return false;
            }

            end += got;
        }

        return true;
    }
}
