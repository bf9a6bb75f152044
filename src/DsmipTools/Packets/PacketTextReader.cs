using System.Globalization;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Packets;

/// <summary>
/// Reads packets out of text: hexadecimal, one packet a text; or hex dumps with offsets as Wireshark, tshark -x, tcpdump -x, xxd, hexdump -C and
/// od -tx1 write them, with several packets, where each offset 0 begins one. A dump may come as one text or line by line. In a dump, other lines, such as those of tcpdump, end a
/// packet and are skipped.
/// </summary>
public sealed class PacketTextReader
{
    /// <summary>Texts that may turn out to be lines between packets of a dump; more than that before the first dump are errors.</summary>
    private const int MostPending = 100;

    private readonly Queue<TextPacket> pending = new();
    private readonly List<byte> packet = [];
    private int line;
    private int texts;
    private int lastLineLength;
    private bool inDump;
    private bool inPacket;
    private bool isSkipping;
    private bool isRepeating;

    private int Expected => inPacket ? packet.Count : -1;

    /// <summary>Takes a text and gives the packets that are complete.</summary>
    public IEnumerable<TextPacket> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        texts++;
        return inDump || HasDump(text) ? ReadDump(text) : ReadHex(text);
    }

    /// <summary>Gives what is left at the end.</summary>
    public IEnumerable<TextPacket> Complete()
    {
        while (pending.TryDequeue(out var one))
        {
            yield return one;
        }

        if (End() is { } last)
        {
            yield return last;
        }
    }

    private static bool HasDump(string text)
    {
        foreach (var one in text.AsSpan().EnumerateLines())
        {
            if (HexDumpLine.TryParse(one, -1, out var parsed) && parsed.Offset == 0 && !HasOffsetAlone(one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An offset without octets ends the dumps of some tools; alone, 0000 is two octets.</summary>
    private static bool HasOffsetAlone(ReadOnlySpan<char> line) => !line.Trim().ContainsAny(' ', '\t');

    private IEnumerable<TextPacket> ReadHex(string text)
    {
        line++;
        TextPacket read;
        try
        {
            read = new TextPacket(HexText.Parse(text), null);
        }
        catch (FormatException exception)
        {
            read = new TextPacket(default, texts == 1 ? exception.Message : At(line, exception.Message));
        }

        // A line that is no octets may stand before the dump of a packet.
        pending.Enqueue(read);
        while (pending.Count > 0 && (read.Octets.Length > 0 || pending.Count > MostPending))
        {
            yield return pending.Dequeue();
        }
    }

    private IEnumerable<TextPacket> ReadDump(string text)
    {
        inDump = true;
        pending.Clear();
        foreach (var raw in text.Split('\n'))
        {
            var one = raw.TrimEnd('\r');
            line++;
            if (End(one) is { } before)
            {
                yield return before;
            }

            if (Add(one) is { } error)
            {
                packet.Clear();
                inPacket = false;
                isSkipping = true;
                yield return new TextPacket(default, error);
            }
        }
    }

    /// <summary>Ends a packet where a line is none of it.</summary>
    private TextPacket? End(string text) => !HexDumpLine.TryParse(text, Expected, out var parsed) ? (IsRepetition(text) ? null : End())
        : parsed.Offset == 0 ? End()
        : null;

    private TextPacket? End()
    {
        var isOne = inPacket;
        var octets = packet.Count > 0 ? Octets.Create([.. packet]) : default;
        packet.Clear();
        inPacket = isSkipping = isRepeating = false;
        return isOne ? new TextPacket(octets, null) : null;
    }

    private string? Add(string text)
    {
        if (!HexDumpLine.TryParse(text, Expected, out var parsed))
        {
            isRepeating = inPacket && IsRepetition(text);
            return null;
        }

        if (parsed.Offset == 0)
        {
            inPacket = true;
        }
        else if (isSkipping)
        {
            return null;
        }

        if (isRepeating && !Repeat(parsed.Offset))
        {
            return At(line, "the lines that a '*' stands for do not lead to the offset behind it.");
        }

        if (parsed.Offset != packet.Count)
        {
            return At(line, string.Create(CultureInfo.InvariantCulture, $"the offset is 0x{parsed.Offset:x4}, and 0x{packet.Count:x4} octets of the packet came before it."));
        }

        try
        {
            parsed.AddTo(packet);
        }
        catch (FormatException exception)
        {
            return At(line, exception.Message);
        }

        lastLineLength = packet.Count - parsed.Offset;
        return packet.Count <= CaptureReader.MaximumFrameLength ? null
            : At(line, string.Create(CultureInfo.InvariantCulture, $"the packet is longer than {CaptureReader.MaximumFrameLength} octets."));
    }

    /// <summary>hexdump and xxd write a star for lines that are the same as the one before.</summary>
    private static bool IsRepetition(string text) => text.AsSpan().Trim() is "*";

    private bool Repeat(int end)
    {
        isRepeating = false;
        if (lastLineLength == 0 || end < packet.Count || end > CaptureReader.MaximumFrameLength || (end - packet.Count) % lastLineLength != 0)
        {
            return false;
        }

        while (packet.Count < end)
        {
            packet.AddRange(packet.GetRange(packet.Count - lastLineLength, lastLineLength));
        }

        return true;
    }

    private static string At(int line, string message) => string.Create(CultureInfo.InvariantCulture, $"Line {line}: {message}");
}
