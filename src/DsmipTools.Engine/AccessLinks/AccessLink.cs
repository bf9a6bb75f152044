using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>The point-to-point link to one interface of a mobile node (RFC 5213, 6.1: the if-id), while the link is up.</summary>
internal sealed class AccessLink(uint number) : ITimed
{
    public uint Number => number;

    /// <summary>What is registered for the interface; null when nothing is, as after a revocation.</summary>
    public Attachment? Attachment { get; set; }

    /// <summary>The prefixes that the mobile node was told.</summary>
    public SessionPrefixes Advertised { get; set; }

    /// <summary>The address that the mobile node was last heard from; null before.</summary>
    public Address? Neighbour { get; set; }

    /// <summary>Probes since it was last heard.</summary>
    public int Probes { get; set; }

    /// <summary>When the last advertisement to all nodes was sent.</summary>
    public TimeSpan AdvertisedAt { get; set; } = TimeSpan.MinValue;

    /// <summary>When the next advertisement is due that nobody asked for.</summary>
    public TimeSpan AdvertiseAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>When the next probe is due, or the last one counts as not answered.</summary>
    public TimeSpan ProbeAt { get; set; } = TimeSpan.MaxValue;

    public TimeSpan Deadline => AdvertiseAt < ProbeAt ? AdvertiseAt : ProbeAt;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
}
