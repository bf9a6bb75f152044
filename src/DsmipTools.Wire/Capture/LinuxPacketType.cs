namespace DsmipTools.Wire.Capture;

/// <summary>Whom a frame is for and who sent it (LINKTYPE_LINUX_SLL at tcpdump.org).</summary>
public enum LinuxPacketType : ushort
{
    /// <summary>Sent to this host by somebody else.</summary>
    ToThisHost = 0,

    /// <summary>Broadcast by somebody else.</summary>
    Broadcast = 1,

    /// <summary>Multicast by somebody else.</summary>
    Multicast = 2,

    /// <summary>Sent to somebody else by somebody else.</summary>
    ToAnotherHost = 3,

    /// <summary>Sent by this host.</summary>
    FromThisHost = 4,
}
