using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Heartbeat: tells whether the peer of a proxy mobility domain is reachable, and whether it restarted (RFC 5847, 3.3).</summary>
public sealed record Heartbeat : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Heartbeat", "RFC 5847, 3.3");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Reserved bits, ignored by the receiver.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(14, "ReservedFlags");

        /// <summary>U: a response that nobody asked for.</summary>
        public static readonly Field Unsolicited = Layout.Flag("Unsolicited", "U: a response that nobody asked for");

        /// <summary>R: a response; clear, a request.</summary>
        public static readonly Field Response = Layout.Flag("Response", "R: a response; clear, a request");

        /// <summary>Matches the response with the request.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 32, "matches the response with the request");
    }

    /// <summary>Makes a message to compose.</summary>
    public Heartbeat()
    {
    }

    private Heartbeat(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
    }

    /// <summary>Reserved bits, ignored by the receiver.</summary>
    public ushort ReservedFlags { get; init; }

    /// <summary>U: a response that nobody asked for.</summary>
    public bool Unsolicited { get; init; }

    /// <summary>R: a response; clear, a request.</summary>
    public bool Response { get; init; }

    /// <summary>Matches the response with the request.</summary>
    public uint SequenceNumber { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.Heartbeat;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static Heartbeat From(HeartbeatView view) => new(view.Header)
    {
        ReservedFlags = view.ReservedFlags,
        Unsolicited = view.Unsolicited,
        Response = view.Response,
        SequenceNumber = view.SequenceNumber,
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.ReservedFlags.Write(message, ReservedFlags);
        Fields.Unsolicited.Write(message, Unsolicited);
        Fields.Response.Write(message, Response);
        Fields.SequenceNumber.Write(message, SequenceNumber);
    }
}
