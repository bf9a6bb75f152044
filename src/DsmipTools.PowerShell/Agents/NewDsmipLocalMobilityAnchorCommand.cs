using System.Collections;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Adds a local mobility anchor of Proxy Mobile IPv6 to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipLocalMobilityAnchor", SupportsShouldProcess = true)]
[OutputType(typeof(HostedLocalMobilityAnchor))]
public sealed class NewDsmipLocalMobilityAnchorCommand : NewProxyMobileIPv6AgentCmdlet
{
    /// <summary>The prefix from which home network prefixes are assigned.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public Prefix PrefixPool { get; set; }

    /// <summary>The length of an assigned prefix.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 128)]
    public int PrefixLength { get; set; } = 64;

    /// <summary>The number of mobility sessions of one mobile node.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int SessionsPerNode { get; set; } = 16;

    /// <summary>Mobile nodes that always get the same prefix.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable FixedPrefix { get; set; } = [];

    /// <summary>The number of prefixes of a mobility session.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 16)]
    public int PrefixesPerSession { get; set; } = 1;

    /// <summary>The network from which IPv4 home addresses are assigned.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IPv4HomeNetwork? IPv4HomeNetwork { get; set; }

    /// <summary>The default router that mobile nodes with an IPv4 home address are told.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress? IPv4DefaultRouter { get; set; }

    /// <summary>What gateways are to be for mobile nodes that use DHCP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Relay", "Server")]
    public string? DhcpSupportMode { get; set; }

    /// <summary>Mobile nodes that always get the same IPv4 home address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable FixedIPv4HomeAddress { get; set; } = [];

    /// <summary>The mobile access gateways that may register.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress[]? Peer { get; set; }

    /// <summary>The longest lifetime granted.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>TimestampValidityWindow.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan TimestampValidityWindow { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a de-registered binding is kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MinDelayBeforeBCEDelete { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a de-registration is waited for before a new session is made.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaxDelayBeforeNewBCEAssign { get; set; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>BRIMaxRetriesNumber.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 100)]
    [Alias("MaxRetries")]
    public int MaximumRetries { get; set; } = 1;

    /// <summary>InitMINDelayBRIs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>MAX_BRACK_TIMEOUT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    [Alias("MaxTimeout")]
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The gateways that may revoke all of their bindings at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable GlobalRevocation { get; set; } = [];

    /// <summary>What is done with an update whose handoff state is unknown.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public UnknownHandoffPolicy UnknownHandoff { get; set; } = UnknownHandoffPolicy.Revoke;

    /// <summary>Tells the old gateway of a handover.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RevokesOnHandover { get; set; }

    /// <summary>What is done with an update that crosses an indication, by trigger.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable CrossingUpdate { get; set; } = [];

    /// <summary>Who may name a proxy care-of address that is not the source of its updates.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable CareOfAddress { get; set; } = [];

    /// <summary>What mobile nodes may have, and by which gateways.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IDictionary? PolicyProfile { get; set; }

    /// <summary>AcceptForcedIPv4UDPEncapsulationRequest.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter AcceptForcedIPv4UDPEncapsulationRequest { get; set; }

    /// <summary>How often a gateway behind a NAT should refresh its mapping.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan NatRefreshTime { get; set; } = TimeSpan.FromSeconds(110);

    /// <summary>GRE encapsulation of payload packets.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public GrePolicy GrePolicy { get; set; } = GrePolicy.Allowed;

    /// <summary>Removes the bindings of a gateway that became unreachable.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RemovesUnreachable { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HaveNoHostBits([PrefixPool], nameof(PrefixPool))
            || !Try(FixedPrefix, () => AnchorArguments.FixedPrefixes(FixedPrefix), out var fixedPrefixes)
            || !HaveNoHostBits(fixedPrefixes.Values, nameof(FixedPrefix))
            || !Try(FixedIPv4HomeAddress, () => AnchorArguments.FixedIPv4HomeAddresses(FixedIPv4HomeAddress), out var fixedAddresses)
            || !Try(GlobalRevocation, () => AnchorArguments.Authorized(GlobalRevocation), out var authorized)
            || !Try(CrossingUpdate, () => AnchorArguments.Crossing(CrossingUpdate), out var crossing)
            || !Try(CareOfAddress, () => AnchorArguments.CareOfAddresses(CareOfAddress), out var careOfAddresses)
            || !Try(PolicyProfile, () => AnchorArguments.Profiles(PolicyProfile), out var policy)
            || !Try(IPv4HomeNetwork, Network, out var network))
        {
            return;
        }

        Add(AgentKind.LocalMobilityAnchor, Port, place => Agents.Add(
            new LocalMobilityAnchorOptions
            {
                Name = Name,
                Address = LocalAddress,
                Port = (ushort)Port,
                PrefixPool = PrefixPool,
                PrefixLength = (byte)PrefixLength,
                PrefixesPerSession = PrefixesPerSession,
                FixedPrefixes = fixedPrefixes,
                IPv4HomeNetwork = network,
                FixedIPv4HomeAddresses = fixedAddresses,
                MaximumLifetime = MaximumLifetime,
                TimestampValidityWindow = TimestampValidityWindow,
                MinDelayBeforeBCEDelete = MinDelayBeforeBCEDelete,
                MaxDelayBeforeNewBCEAssign = MaxDelayBeforeNewBCEAssign,
                Peers = Peer?.Select(Wire.Ip.Address.From).ToArray(),
                Revocation = new RevocationVariables { MaximumRetries = MaximumRetries, InitialDelay = InitialDelay, MaximumDelay = MaximumDelay },
                GlobalRevocation = authorized,
                UnknownHandoff = UnknownHandoff,
                RevokesOnHandover = RevokesOnHandover,
                CrossingUpdates = crossing,
                SessionsPerNode = SessionsPerNode,
                StopsForwardingAtOnce = !ForwardsUntilAcknowledged,
                CareOfAddresses = careOfAddresses,
                PolicyStore = policy,
                AcceptsForcedUdpEncapsulation = AcceptForcedIPv4UDPEncapsulationRequest,
                NatRefreshTime = NatRefreshTime,
                Gre = GrePolicy,
                Heartbeat = Heartbeat with { RemovesUnreachable = RemovesUnreachable },
            },
            Start,
            place));
    }

    private IPv4HomeNetwork? Network()
    {
        if (IPv4HomeNetwork is null && (IPv4DefaultRouter is not null || DhcpSupportMode is not null || FixedIPv4HomeAddress.Count > 0))
        {
            throw new ArgumentException("-IPv4DefaultRouter, -DhcpSupportMode and -FixedIPv4HomeAddress are about an IPv4 home network: name it with -IPv4HomeNetwork.");
        }

        return IPv4HomeNetwork is { } network
            ? network with
            {
                DefaultRouter = IPv4DefaultRouter is { } router ? Wire.Ip.Address.From(router) : network.DefaultRouter,
                GatewaysAreDhcpServers = DhcpSupportMode is { } mode ? mode.Equals("Server", StringComparison.OrdinalIgnoreCase) : network.GatewaysAreDhcpServers,
            }
            : null;
    }
}
