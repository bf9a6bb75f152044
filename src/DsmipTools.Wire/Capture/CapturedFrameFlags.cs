namespace DsmipTools.Wire.Capture;

/// <summary>What the capture says about a frame besides its octets (epb_flags of pcapng); bits without a name are kept.</summary>
[Flags]
public enum CapturedFrameFlags : uint
{
    /// <summary>Nothing is said.</summary>
    None = 0,

    /// <summary>The frame was received.</summary>
    Inbound = 1,

    /// <summary>The frame was sent.</summary>
    Outbound = 2,

    /// <summary>The checksum of the transport layer was still to be filled in by the network interface: it says nothing.</summary>
    ChecksumNotReady = 1 << 9,

    /// <summary>The network interface found the checksum right.</summary>
    ChecksumValid = 1 << 10,

    /// <summary>The frame was still to be cut into segments by the network interface.</summary>
    TcpSegmentationOffloaded = 1 << 11,
}
