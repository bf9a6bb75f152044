namespace DsmipTools.Net.Capture;

/// <summary>What captures.</summary>
public enum CaptureBackend
{
    /// <summary>The packet socket on Linux, libpcap elsewhere and for filters that need it.</summary>
    Automatic,

    /// <summary>A packet socket of Linux (AF_PACKET). It tells direction and unfinished checksums of frames.</summary>
    PacketSocket,

    /// <summary>libpcap, or Npcap on Windows.</summary>
    Pcap,
}
