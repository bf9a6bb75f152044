using DsmipTools.Wire.MobilityHeader.Options;
using Fields = DsmipTools.Wire.MobilityHeader.Heartbeat.Fields;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A checked Heartbeat where it stands (RFC 5847, 3.3).</summary>
public readonly ref struct HeartbeatView
{
    /// <summary>The view of a message that was checked already.</summary>
    internal HeartbeatView(MobilityHeaderView header) => Header = header;

    /// <summary>The Mobility Header that holds the message.</summary>
    public MobilityHeaderView Header { get; }

    /// <summary>Reserved bits, ignored by agents.</summary>
    public ushort ReservedFlags => (ushort)Fields.ReservedFlags.ReadNumber(Octets);

    /// <summary>U: a response that nobody asked for.</summary>
    public bool Unsolicited => Fields.Unsolicited.ReadFlag(Octets);

    /// <summary>R: a response; clear, a request.</summary>
    public bool Response => Fields.Response.ReadFlag(Octets);

    /// <summary>Matches the response with the request.</summary>
    public uint SequenceNumber => Fields.SequenceNumber.ReadUInt32(Octets);

    /// <summary>The mobility options.</summary>
    public MobilityOptionSequence Options => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from a Mobility Header.</summary>
    public static bool TryParse(MobilityHeaderView header, out HeartbeatView view, out WireError error)
    {
        view = default;
        if (!header.TryCheckMessage(MobilityHeaderType.Heartbeat, Fields.Layout.Length, out error))
        {
            return false;
        }

        view = new HeartbeatView(header);
        return true;
    }

    /// <summary>Reads the message from octets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out HeartbeatView view, out WireError error)
    {
        view = default;
        return MobilityHeaderView.TryParse(octets, out var header, out error) && TryParse(header, out view, out error);
    }
}
