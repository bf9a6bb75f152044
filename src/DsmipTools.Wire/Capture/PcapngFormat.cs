namespace DsmipTools.Wire.Capture;

/// <summary>Constants of the pcapng file format (draft-ietf-opsawg-pcapng).</summary>
internal static class PcapngFormat
{
    internal const uint SectionHeaderBlock = 0x0A0D0D0A;
    internal const uint InterfaceDescriptionBlock = 1;
    internal const uint SimplePacketBlock = 3;
    internal const uint EnhancedPacketBlock = 6;

    internal const uint ByteOrderMagic = 0x1A2B3C4D;
    internal const ushort MajorVersion = 1;

    /// <summary>Type, length, and the length again: what every block has around its body.</summary>
    internal const int BlockOverhead = 12;
    internal const int SectionHeaderBody = 16;
    internal const int InterfaceDescriptionBody = 8;
    internal const int EnhancedPacketBody = 20;
    internal const int SimplePacketBody = 4;

    internal const ushort OptionEnd = 0;
    internal const ushort OptionComment = 1;
    internal const ushort OptionInterfaceName = 2;
    internal const ushort OptionTimestampResolution = 9;
    internal const ushort OptionTimestampOffset = 14;

    /// <summary>Blocks and their parts are filled up to 32 bits.</summary>
    internal static int Padded(int length) => (length + 3) & ~3;
}
