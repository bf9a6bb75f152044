using DsmipTools.Wire.Capture;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Reads capture files to their end or to their first error.</summary>
internal static class Captures
{
    internal static List<CapturedFrame> Read(CaptureReader reader)
    {
        var (frames, error) = ReadAll(reader);
        Assert.Null(error);
        return frames;
    }

    internal static (List<CapturedFrame> Frames, CaptureFormatException? Error) ReadAll(CaptureReader reader)
    {
        using (reader)
        {
            var frames = new List<CapturedFrame>();
            try
            {
                while (reader.TryRead(out var frame))
                {
                    frames.Add(frame);
                }

                return (frames, null);
            }
            catch (CaptureFormatException error)
            {
                return (frames, error);
            }
        }
    }
}

/// <summary>A stream that cannot seek and gives three octets at a time.</summary>
internal sealed class Trickle(byte[] octets) : MemoryStream(octets)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 3)]);
}
