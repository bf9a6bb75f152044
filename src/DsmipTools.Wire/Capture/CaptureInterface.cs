namespace DsmipTools.Wire.Capture;

/// <summary>An interface on which frames were captured, as a capture file describes it. Text is empty where the file does not say.</summary>
public sealed record CaptureInterface
{
    /// <summary>What its frames begin with.</summary>
    public required LinkType LinkType { get; init; }

    /// <summary>The name, for example eth0.</summary>
    public string Name { get; init; } = "";

    /// <summary>A description for a person.</summary>
    public string Description { get; init; } = "";

    /// <summary>The filter that frames had to pass, in the language of pcap.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The hardware.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>The operating system of the host.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>The link-layer address, 6 octets on Ethernet; no octets where the file does not say.</summary>
    public Octets LinkLayerAddress { get; init; }

    /// <summary>Octets after which frames were cut; 0 for no limit.</summary>
    public uint SnapLength { get; init; }

    /// <summary>Bits per second, or null.</summary>
    public ulong? Speed { get; init; }

    /// <summary>The unit of timestamps: 10 to the minus this many seconds, or with the high bit set 2 to the minus the rest; 0 to 255.</summary>
    public byte TimestampResolution { get; init; } = 9;

    /// <summary>Seconds to add to each timestamp of the file.</summary>
    public long TimestampOffset { get; init; }

    /// <summary>Comments of the file on the interface.</summary>
    public ValueList<string> Comments { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : LinkType.ToString();
}
