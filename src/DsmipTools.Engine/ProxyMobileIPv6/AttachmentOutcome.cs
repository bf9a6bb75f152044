using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>How an attachment or detachment ended.</summary>
public enum AttachmentResult
{
    /// <summary>The local mobility anchor accepted it.</summary>
    Accepted,

    /// <summary>The local mobility anchor refused it with a status.</summary>
    Refused,

    /// <summary>The local mobility anchor did not answer.</summary>
    TimedOut,

    /// <summary>Something else ended it: a detachment, or a revocation.</summary>
    Cancelled,

    /// <summary>
    /// The local mobility anchor's answer did not echo what the update said: it is ignored, and nothing is sent until somebody asks again
    /// (RFC 5213, 6.9.1.2 (6)).
    /// </summary>
    NotEchoed,
}

/// <summary>What came of a mobile node's attachment to, or detachment from, a mobile access gateway.</summary>
public sealed record AttachmentOutcome
{
    /// <summary>The mobile access gateway.</summary>
    public required string Agent { get; init; }

    /// <summary>The mobile node.</summary>
    public required string Identifier { get; init; }

    /// <summary>How it ended.</summary>
    public required AttachmentResult Result { get; init; }

    /// <summary>The status in the acknowledgement; null without one.</summary>
    public BindingStatus? Status { get; init; }

    /// <summary>The home network prefixes.</summary>
    public ValueList<Prefix> Prefixes { get; init; }

    /// <summary>The IPv4 home address (RFC 5844); null for none.</summary>
    public Address? IPv4HomeAddress { get; init; }

    /// <summary>The length of the prefix of its home network.</summary>
    public byte IPv4PrefixLength { get; init; }

    /// <summary>The default router for it; null when the anchor has not said it.</summary>
    public Address? IPv4DefaultRouter { get; init; }

    /// <summary>True when the gateway is to be a DHCP server for the mobile node, and not a relay (RFC 5844, 3.3.4).</summary>
    public bool IsDhcpServer { get; init; }

    /// <summary>The granted lifetime; zero after a detachment.</summary>
    public TimeSpan LifetimeGranted { get; init; }

    /// <summary>From the last transmission to the answer; null without an answer.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>How often the update was sent.</summary>
    public int Attempts { get; init; }
}
