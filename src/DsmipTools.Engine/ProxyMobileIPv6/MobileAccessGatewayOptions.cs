using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The configuration of a mobile access gateway (RFC 5213, 6 and 9.2).</summary>
public sealed record MobileAccessGatewayOptions
{
    /// <summary>The name shown to administrators.</summary>
    public required string Name { get; init; }

    /// <summary>The proxy care-of address. IPv4: messages run over UDP (RFC 5844); IPv6: Mobility Headers run natively.</summary>
    public required Address Address { get; init; }

    /// <summary>The UDP port with an IPv4 address; default 5436.</summary>
    public ushort Port { get; init; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>The LMA address, of the same family.</summary>
    public required Address LocalMobilityAnchor { get; init; }

    /// <summary>The UDP port of the local mobility anchor; default 5436.</summary>
    public ushort LocalMobilityAnchorPort { get; init; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>The lifetime asked for; from 4 seconds to 262,136 (RFC 6275, 6.1.7); default one hour.</summary>
    [Changeable]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The access technology of the access link; default Wireless LAN.</summary>
    public AccessTechnologyType AccessTechnologyType { get; init; } = AccessTechnologyType.WirelessLan;

    /// <summary>
    /// Retransmission of Proxy Binding Updates: INITIAL_BINDACK_TIMEOUT 1 s, MAX_BINDACK_TIMEOUT 32 s (RFC 6275, 12), and after four
    /// retries the attachment is given up. A renewal goes on until the binding expires.
    /// </summary>
    [Changeable]
    public RetransmissionPolicy Retransmission { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32), 4);

    /// <summary>
    /// The identity of the gateway towards the anchor, for the revocation of all of its bindings (RFC 5846, 9.2); 1 to 253 octets; null for its
    /// <see cref="Name"/>.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary>Retransmission of Binding Revocation Indications (RFC 5846, 11).</summary>
    [Changeable]
    public RevocationVariables Revocation { get; init; } = new();

    /// <summary>What mobile nodes are told on the access links, and how their leaving is noticed.</summary>
    [Changeable]
    public AccessLinkOptions AccessLink { get; init; } = new();

    /// <summary>
    /// True to stop the traffic of all mobile nodes when their revocation is sent, false when it is answered or given up (RFC 5846, 9.2 leaves it
    /// open); default true.
    /// </summary>
    [Changeable]
    public bool StopsForwardingAtOnce { get; init; } = true;

    /// <summary>What proves where messages come from; null admits the local mobility anchor's address.</summary>
    public IMessageProtection? Protection { get; init; }

    /// <summary>
    /// The proxy care-of address where it is not <see cref="Address"/>: an IPv6 address, which updates name in the Alternate Care-of Address option
    /// (RFC 5213, 6.9.1.5); null for <see cref="Address"/>. The anchor has to allow it.
    /// </summary>
    public Address? ProxyCareOfAddress { get; init; }

    /// <summary>True to say in every update over IPv4 where the gateway believes to be, by which the anchor detects a NAT (RFC 5555, 3.1.2 and 4.1); default false.</summary>
    [Changeable]
    public bool DetectsNat { get; init; }

    /// <summary>ForceIPv4UDPEncapsulationSupport: payload packets are to travel in UDP over IPv4; default false (RFC 5844, 5.2).</summary>
    [Changeable]
    public bool ForcesUdpEncapsulation { get; init; }

    /// <summary>The GRE encapsulation to ask for (RFC 5845, 4.2); none by default, and with keys where the anchor says that it is required.</summary>
    [Changeable]
    public GreEncapsulation Gre { get; init; }

    /// <summary>
    /// TimestampBasedApproachInUse (RFC 5213, 9.3): updates are ordered by their timestamps; default true. False orders them by a sequence number that is
    /// kept for each session (5.5), as in the whole domain. The anchor follows what each update has.
    /// </summary>
    public bool TimestampBasedApproachInUse { get; init; } = true;

    /// <summary>
    /// EnableMAGLocalRouting (RFC 5213, 9.2): packets between mobile nodes of this gateway go directly, and the anchor neither sees nor counts them;
    /// default false: everything goes through the anchor.
    /// </summary>
    public bool EnableMAGLocalRouting { get; init; }

    /// <summary>How the anchor is watched (RFC 5847).</summary>
    [Changeable]
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>Checks the values against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        if (!Address.IsUnicast || !LocalMobilityAnchor.IsUnicast || Address.IsIPv4 != LocalMobilityAnchor.IsIPv4)
        {
            throw new ArgumentException($"{Address} and {LocalMobilityAnchor} are not unicast addresses of one family.");
        }

        if (ProxyCareOfAddress is { } careOfAddress && !(Address.IsIPv6 && careOfAddress.IsIPv6 && careOfAddress.IsUnicast))
        {
            throw new ArgumentException($"{careOfAddress} is no IPv6 proxy care-of address of a gateway with the address {Address} (RFC 6275, 6.2.5).");
        }

        if ((DetectsNat || ForcesUdpEncapsulation) && Address.IsIPv6)
        {
            throw new ArgumentException("NAT detection and forced UDP encapsulation are for the IPv4 transport (RFC 5844, 4).");
        }

        if (Lifetime != Timeout.InfiniteTimeSpan && (Lifetime < TimeSpan.FromSeconds(4) || Lifetime > ProxyLifetime.Maximum))
        {
            throw new ArgumentException("The lifetime lies between 4 and 262,136 seconds, or is infinite (RFC 6275, 6.1.7).");
        }

        _ = NetworkAccessIdentifier.Parse(Identity ?? Name);
        _ = Revocation.ToPolicy();
        AccessLink.Validate();
        Heartbeat.Validate();
        if (Retransmission.InitialDelay <= TimeSpan.Zero
            || Retransmission.MaximumDelay < Retransmission.InitialDelay
            || Retransmission.MaximumRetries < 0)
        {
            throw new ArgumentException("The retransmission delay is more than zero, its maximum not less, and the number of retries not negative.");
        }
    }
}
