using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>An interface of a mobile node that has attached to an access link: what a mobile access gateway registers (RFC 5213, 6.9.1.1).</summary>
public sealed record AttachmentRequest
{
    /// <summary>The longest Mobile Node Link-layer Identifier (RFC 5213, 8.6).</summary>
    private const int LongestLinkLayerIdentifier = 251;

    /// <summary>The Network Access Identifier, 1 to 253 octets.</summary>
    public required string Identifier { get; init; }

    /// <summary>Home network prefixes to ask for; none lets the anchor assign them.</summary>
    public ValueList<Prefix> Prefixes { get; init; }

    /// <summary>The kind of handoff; default: attachment over a new interface.</summary>
    public HandoffIndicator HandoffIndicator { get; init; } = HandoffIndicator.NewInterface;

    /// <summary>
    /// The link-layer identifier of the interface; empty when it is not known, which zeros say too (RFC 5213, 6.9.1.1). It tells the interfaces
    /// of one mobile node apart.
    /// </summary>
    public Octets LinkLayerIdentifier
    {
        get;
        init => field = Known(value);
    }

    /// <summary>The access technology of the interface; null for that of the gateway's access link.</summary>
    public AccessTechnologyType? AccessTechnologyType { get; init; }

    /// <summary>True for IPv6 service; false for IPv4 alone (RFC 5844, 3.2.2).</summary>
    public bool IPv6 { get; init; } = true;

    /// <summary>An IPv4 home address to ask for; 0.0.0.0 lets the anchor assign one; null for no IPv4 service.</summary>
    public Address? IPv4HomeAddress { get; init; }

    /// <summary>The length of the prefix of the home network of an <see cref="IPv4HomeAddress"/> that is asked for; 0 when it is not known.</summary>
    public byte IPv4PrefixLength { get; init; }

    /// <summary>
    /// True to take what the anchor assigns where it refuses the prefixes or the IPv4 home address that are asked for (RFC 5213, 6.9.1.2 (10); RFC 5844,
    /// 3.2.3.2); default false: the attachment is refused then.
    /// </summary>
    public bool AcceptsOthers { get; init; }

    /// <summary>
    /// The sequence number of the last update for the session, as the gateway before has it (RFC 5213, 5.5); null when it is not known. It means something
    /// where timestamps are not in use; without it the first update may be refused, and says the number.
    /// </summary>
    public ushort? SequenceNumber { get; init; }

    /// <summary>The number of the access link that the interface is on (RFC 5213, 6.1: the if-id), on which the gateway is its router; 0 for none.</summary>
    public uint AccessLink { get; init; }

    /// <summary>A link-layer identifier, or none for ALL_ZERO.</summary>
    internal static Octets Known(Octets identifier) => identifier.Span.ContainsAnyExcept((byte)0) ? identifier : default;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is none.</exception>
    internal NetworkAccessIdentifier Validate()
    {
        var key = NetworkAccessIdentifier.Parse(Identifier);
        if (Identifier.StartsWith('@'))
        {
            throw new ArgumentException($"'{Identifier}' names a realm, not a mobile node.");
        }

        foreach (var prefix in Prefixes)
        {
            if (!prefix.IsPrefix || !prefix.IsCanonical)
            {
                throw new ArgumentException($"The prefix {prefix} has bits beyond its length.");
            }
        }

        if (Prefixes.Count > LocalMobilityAnchorOptions.MostPrefixes || Prefixes.Distinct().Count() != Prefixes.Count)
        {
            throw new ArgumentException($"A session has at most {LocalMobilityAnchorOptions.MostPrefixes} different prefixes.");
        }

        if (IPv6 ? IPv4HomeAddress is { IsIPv4: false } : IPv4HomeAddress is not { IsIPv4: true } || Prefixes.Count > 0)
        {
            throw new ArgumentException("An attachment asks for IPv6, for an IPv4 home address, or for both.");
        }

        if (IPv4PrefixLength > 32)
        {
            throw new ArgumentException($"{IPv4PrefixLength} is no length of an IPv4 prefix.");
        }

        return LinkLayerIdentifier.Length <= LongestLinkLayerIdentifier
            ? key
            : throw new ArgumentException($"A link-layer identifier has at most {LongestLinkLayerIdentifier} octets.");
    }
}
