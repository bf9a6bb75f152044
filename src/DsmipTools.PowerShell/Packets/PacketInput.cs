using System.Globalization;
using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.PowerShell.Packets;

/// <summary>
/// What objects of the pipeline are for cmdlets that look at packets: a packet, a message alone, or octets, which a file sends one by
/// one and which then are one packet.
/// </summary>
internal sealed class PacketInput
{
    private readonly PacketDecoder decoder = new();
    private readonly List<byte> stream = [];
    private int number;
    private bool isTooLong;

    /// <summary>What is said of octets that come one by one without an end.</summary>
    public static string TooLong { get; } = string.Create(
        CultureInfo.InvariantCulture, $"More than {CaptureReader.MaximumFrameLength} octets came one by one, and no packet is so long. Capture files are read with ConvertFrom-DsmipPacket -Path.");

    /// <summary>The packets and messages that have come to an end with an object: a <see cref="DsmipPacket"/> or a <see cref="Structure"/> each.</summary>
    /// <exception cref="ArgumentException">The object is neither, and has no octets.</exception>
    public IEnumerable<object> Take(object input)
    {
        if (input is byte octet)
        {
            if (!isTooLong && stream.Count == CaptureReader.MaximumFrameLength)
            {
                isTooLong = true;
                stream.Clear();
                throw new ArgumentException(TooLong);
            }

            if (!isTooLong)
            {
                stream.Add(octet);
            }

            return [];
        }

        object taken = input is DsmipPacket or Structure ? input
            : OctetsArgumentAttribute.Of(input) is { } octets ? Packet(octets)
            : throw new ArgumentException($"A {input.GetType().Name} is no packet, no message and no octets.");
        return [.. Rest(), taken];
    }

    /// <summary>The packet of the octets that came one by one, if any did.</summary>
    public IEnumerable<object> Rest()
    {
        if (stream.Count == 0)
        {
            return [];
        }

        var packet = Packet([.. stream]);
        stream.Clear();
        return [packet];
    }

    private DsmipPacket Packet(byte[] octets) => DsmipPacket.From(Octets.Create(octets), decoder) with { Number = ++number };
}
