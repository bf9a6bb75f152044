using System.Globalization;

namespace DsmipTools.Packets;

/// <summary>A line of a hex dump: an offset, octets, and often a column of ASCII, as Wireshark, tcpdump, xxd, hexdump and od write it.</summary>
internal readonly ref struct HexDumpLine
{
    private const int ShortestOffset = 3;
    private const int LongestOffset = 8;

    private readonly ReadOnlySpan<char> line;
    private readonly int start;
    private readonly bool hasColon;

    private HexDumpLine(ReadOnlySpan<char> line, int start, int offset, bool hasColon)
    {
        this.line = line;
        this.start = start;
        this.hasColon = hasColon;
        Offset = offset;
    }

    /// <summary>The offset at the beginning of the line.</summary>
    public int Offset { get; }

    /// <summary>
    /// Recognises a line: an offset of 3 to 8 digits, with a colon behind it, or else with an octet of two digits behind it or nothing. Other
    /// groups of digits without a colon are words in the byte order of the machine that wrote them (hexdump, od -x), or no dump at all.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="expected">The offset that would go on with a packet: with that one the line counts, whatever stands behind it; -1 for none.</param>
    /// <param name="parsed">The line as one of a dump.</param>
    public static bool TryParse(ReadOnlySpan<char> line, int expected, out HexDumpLine parsed)
    {
        parsed = default;
        var begin = 0;
        while (begin < line.Length && line[begin] is ' ' or '\t')
        {
            begin++;
        }

        var has0x = line[begin..].StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        begin += has0x ? 2 : 0;
        var end = begin;
        while (end < line.Length && char.IsAsciiHexDigit(line[end]))
        {
            end++;
        }

        if (end - begin is < ShortestOffset or > LongestOffset
            || !int.TryParse(line[begin..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var offset)
            || offset < 0)
        {
            return false;
        }

        var hasColon = end < line.Length && line[end] == ':';
        end += hasColon ? 1 : 0;
        if (end < line.Length && line[end] is not (' ' or '\t'))
        {
            return false;
        }

        var rest = line[end..].Trim();
        var isOctet = rest.Length >= 2 && char.IsAsciiHexDigit(rest[0]) && char.IsAsciiHexDigit(rest[1]) && (rest.Length == 2 || rest[2] is ' ' or '\t');
        if (!hasColon && !isOctet && !rest.IsEmpty && offset != expected)
        {
            return false;
        }

        parsed = new HexDumpLine(line, end, offset, hasColon);
        return true;
    }

    /// <summary>Adds the octets of the line; what follows a gap or a bar is ASCII.</summary>
    /// <exception cref="FormatException">Something is no octet.</exception>
    public void AddTo(List<byte> octets)
    {
        var at = start;
        for (var count = 0; ; count++)
        {
            var before = at;
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            if (at == line.Length || line[at] == '|' || (count > 0 && IsGap(at - before, count)))
            {
                return;
            }

            // With a colon, octets stand in groups.
            octets.Add(HexText.ReadOctet(line, at));
            at += 2;
            while (at < line.Length && line[at] is not (' ' or '\t'))
            {
                octets.Add(HexText.ReadOctet(line, at));
                at += 2;
                count++;
            }
        }
    }

    /// <summary>Between octets stands one space, and in lines without a colon two in the middle; more lead to the ASCII.</summary>
    private bool IsGap(int spaces, int count) => spaces > 2 || (spaces == 2 && (hasColon || count != 8));
}
