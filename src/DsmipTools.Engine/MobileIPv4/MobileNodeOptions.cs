using System.Collections.Immutable;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a Mobile IPv4 mobile node is configured with (RFC 5944, 3.6; RFC 5454, 3.5).</summary>
public sealed record MobileNodeOptions
{
    /// <summary>The lifetime asked for when nothing else is said: 30 minutes (RFC 5944, 3.6.1.2).</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(30);

    /// <summary>First wait 1 second, at most 8 seconds, 3 retries: 15 seconds until a request counts as not answered.</summary>
    public static readonly RetransmissionPolicy DefaultRetransmission = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), 3);

    /// <summary>The name shown to administrators.</summary>
    public required string Name { get; init; }

    /// <summary>The IPv4 home address.</summary>
    public required Address HomeAddress { get; init; }

    /// <summary>Address and UDP port of the home agent.</summary>
    public required Endpoint HomeAgent { get; init; }

    /// <summary>
    /// The co-located care-of address: the source of requests (RFC 5944, 3.6.1.1). Null for a node without one, which registers the care-of addresses of
    /// foreign agents. With <see cref="ForeignAgent"/> it is no care-of address, but the address of the node's interface.
    /// </summary>
    public Address? CareOfAddress { get; init; }

    /// <summary>A foreign agent that is known without its advertisements: address and UDP port; null for none.</summary>
    public Endpoint? ForeignAgent { get; init; }

    /// <summary>The care-of address of <see cref="ForeignAgent"/>; null when that is its address.</summary>
    public Address? ForeignAgentCareOfAddress { get; init; }

    /// <summary>The UDP port of foreign agents that are discovered; 434.</summary>
    public ushort ForeignAgentPort { get; init; } = MobileIPv4Message.Port;

    /// <summary>The security associations with foreign agents, by the addresses of these (RFC 5944, 3.5.3).</summary>
    public IReadOnlyDictionary<Address, SecurityAssociation> ForeignAgentAssociations { get; init; } = ImmutableDictionary<Address, SecurityAssociation>.Empty;

    /// <summary>The home network, by which the node knows that it is at home; null: by the advertisements of its home agent alone (RFC 5944, 2.4.3).</summary>
    public IPv4Network? HomeNetwork { get; init; }

    /// <summary>True: with a reverse tunnel through a foreign agent, packets are tunneled to it (RFC 3024, 5.2).</summary>
    public bool EncapsulatingDelivery { get; init; }

    /// <summary>The UDP port to send from; 0 when the world chooses one and says so with <see cref="Agent.Bind"/>.</summary>
    public ushort LocalPort { get; init; }

    /// <summary>The security association with the home agent; its home address is this node's.</summary>
    public required SecurityAssociation SecurityAssociation { get; init; }

    /// <summary>The IPv6 prefixes to register, in this order, each once, at most 100; with length 255 a link-local address (RFC 5454, 3.7.1).</summary>
    public ValueList<Prefix> IPv6Prefixes { get; init; }

    /// <summary>CareOfAddress: requests carry one IPv6 tunneling mode extension (RFC 5454, 3.5). HomeAddress: they carry none.</summary>
    public TunnelingMode TunnelingMode { get; init; }

    /// <summary>The lifetime asked for: whole seconds from 1 to 65534, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan Lifetime { get; init; } = DefaultLifetime;

    /// <summary>The Network Access Identifier to send (RFC 2794): 1 to 253 octets of UTF-8 (RFC 7542, 2.3); null for none.</summary>
    public string? Nai { get; init; }

    /// <summary>S: asks the home agent to keep prior bindings.</summary>
    public bool SimultaneousBindings { get; init; }

    /// <summary>B: asks for broadcast datagrams of the home network.</summary>
    public bool BroadcastDatagrams { get; init; }

    /// <summary>M: asks for minimal encapsulation; never used for IPv6 (RFC 5454, 3.3.2).</summary>
    public bool MinimalEncapsulation { get; init; }

    /// <summary>G: asks for GRE encapsulation.</summary>
    public bool GreEncapsulation { get; init; }

    /// <summary>T: asks for reverse tunneling (RFC 3024).</summary>
    public bool ReverseTunneling { get; init; }

    /// <summary>
    /// When requests are sent again. The first wait is at least 1 second (a MUST of RFC 5944, 3.6.3); no wait is longer than the lifetime
    /// asked for. Each transmission has a new Identification.
    /// </summary>
    public RetransmissionPolicy Retransmission { get; init; } = DefaultRetransmission;

    /// <summary>True: the node registers again when three quarters of the granted lifetime have passed. False: once, and lets it expire.</summary>
    public bool RenewAutomatically { get; init; } = true;

    /// <summary>False: the node registers, but asks for no tunnels and routes of its own, which need privileges on a real network.</summary>
    public bool CarriesTraffic { get; init; } = true;
}
