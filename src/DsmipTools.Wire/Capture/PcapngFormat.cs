namespace DsmipTools.Wire.Capture;

/// <summary>Constants of the pcapng file format (draft-ietf-opsawg-pcapng).</summary>
internal static class PcapngFormat
{
    internal const uint SectionHeaderBlock = 0x0A0D0D0A;
    internal const uint InterfaceDescriptionBlock = 1;
    internal const uint ObsoletePacketBlock = 2;
    internal const uint SimplePacketBlock = 3;
    internal const uint InterfaceStatisticsBlock = 5;
    internal const uint EnhancedPacketBlock = 6;

    internal const uint ByteOrderMagic = 0x1A2B3C4D;
    internal const ushort MajorVersion = 1;

    /// <summary>Type and length before the body of a block, and the length again behind it.</summary>
    internal const int BlockHeader = 8;
    internal const int BlockOverhead = 12;
    internal const int SectionHeaderBody = 16;
    internal const int InterfaceDescriptionBody = 8;
    internal const int PacketBody = 20;
    internal const int SimplePacketBody = 4;

    internal const ushort OptionEnd = 0;
    internal const ushort OptionComment = 1;

    internal const ushort InterfaceName = 2;
    internal const ushort InterfaceDescription = 3;
    internal const ushort InterfaceLinkLayerAddress = 6;
    internal const ushort InterfaceSpeed = 8;
    internal const ushort InterfaceTimestampResolution = 9;
    internal const ushort InterfaceFilter = 11;
    internal const ushort InterfaceOperatingSystem = 12;
    internal const ushort InterfaceTimestampOffset = 14;
    internal const ushort InterfaceHardware = 15;

    internal const ushort PacketFlags = 2;

    internal const ushort StatisticsReceived = 4;
    internal const ushort StatisticsDropped = 5;

    /// <summary>The first octet of a filter in the language of pcap; others hold a program.</summary>
    internal const byte FilterIsText = 0;

    /// <summary>The resolution of timestamps where an interface says none.</summary>
    internal const byte UsualResolution = 6;

    /// <summary>Blocks and their parts are filled up to 32 bits.</summary>
    internal static int Padded(int length) => (length + 3) & ~3;
}
