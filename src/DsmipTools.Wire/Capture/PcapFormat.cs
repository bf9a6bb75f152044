namespace DsmipTools.Wire.Capture;

/// <summary>The pcap file format (draft-ietf-opsawg-pcap): the constants, and what its first octets say.</summary>
internal readonly record struct PcapFormat(ByteOrder Order, int TimestampDigits, int RecordHeader)
{
    internal const uint Microseconds = 0xA1B2C3D4;
    internal const uint Nanoseconds = 0xA1B23C4D;

    /// <summary>The format of Alexey Kuznetzov's patches: eight octets more before each frame, which number the interface.</summary>
    internal const uint Modified = 0xA1B2CD34;

    internal const int FileHeader = 24;
    internal const int ShortestRecordHeader = 16;
    internal const int LongestRecordHeader = 24;
    internal const ushort MajorVersion = 2;
    internal const ushort MinorVersion = 4;

    /// <summary>The length that tcpdump and Wireshark write where frames are not cut.</summary>
    internal const int UsualSnapLength = 262_144;

    internal static bool TryRecognise(ReadOnlySpan<byte> octets, out PcapFormat format)
    {
        foreach (var order in (ReadOnlySpan<ByteOrder>)[new(false), new(true)])
        {
            switch (order.UInt32(octets))
            {
                case Microseconds:
                    format = new(order, 6, ShortestRecordHeader);
                    return true;
                case Nanoseconds:
                    format = new(order, 9, ShortestRecordHeader);
                    return true;
                case Modified:
                    format = new(order, 6, LongestRecordHeader);
                    return true;
            }
        }

        format = default;
        return false;
    }
}
