using System.Collections;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Changes configuration variables of agents, also of those that run.</summary>
[Cmdlet(VerbsCommon.Set, "DsmipAgent", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(HostedLocalMobilityAnchor), typeof(HostedMobileAccessGateway))]
public sealed class SetDsmipAgentCommand : AgentSelectionCmdlet
{
    private Dictionary<string, Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions>> ofAnchor = [];
    private Dictionary<string, Func<MobileAccessGatewayOptions, MobileAccessGatewayOptions>> ofGateway = [];
    private string[] given = [];

    /// <summary>The longest lifetime granted.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan MaximumLifetime { get; set; }

    /// <summary>TimestampValidityWindow.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan TimestampValidityWindow { get; set; }

    /// <summary>MinDelayBeforeBCEDelete.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan MinDelayBeforeBCEDelete { get; set; }

    /// <summary>MaxDelayBeforeNewBCEAssign.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan MaxDelayBeforeNewBCEAssign { get; set; }

    /// <summary>The mobile access gateways that may register.</summary>
    [Parameter]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress[]? Peer { get; set; }

    /// <summary>The gateways that may revoke all of their bindings at once.</summary>
    [Parameter]
    public Hashtable? GlobalRevocation { get; set; }

    /// <summary>What is done with an update whose handoff state is unknown.</summary>
    [Parameter]
    public UnknownHandoffPolicy UnknownHandoff { get; set; }

    /// <summary>Whether the old gateway is told of a handover.</summary>
    [Parameter]
    public bool RevokesOnHandover { get; set; }

    /// <summary>What is done with an update that crosses an indication, by trigger.</summary>
    [Parameter]
    public Hashtable? CrossingUpdate { get; set; }

    /// <summary>The lifetime that a gateway asks for.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Lifetime { get; set; }

    /// <summary>How often an anchor's indication, or a gateway's update, is sent again.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    [Alias("MaxRetries")]
    public int MaximumRetries { get; set; }

    /// <summary>The wait before the first retransmission of these.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; }

    /// <summary>The longest wait before a retransmission of these.</summary>
    [Parameter]
    [DurationArgument]
    [Alias("MaxTimeout")]
    public TimeSpan MaximumDelay { get; set; }

    /// <summary>BRIMaxRetriesNumber of a gateway.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int RevocationMaximumRetries { get; set; }

    /// <summary>InitMINDelayBRIs of a gateway.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan RevocationInitialDelay { get; set; }

    /// <summary>MAX_BRACK_TIMEOUT of a gateway.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan RevocationMaximumDelay { get; set; }

    /// <summary>The number of mobility sessions of one mobile node.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int SessionsPerNode { get; set; }

    /// <summary>Who may name a proxy care-of address that is not the source of its updates.</summary>
    [Parameter]
    public Hashtable? CareOfAddress { get; set; }

    /// <summary>What mobile nodes may have, and by which gateways.</summary>
    [Parameter]
    public IDictionary? PolicyProfile { get; set; }

    /// <summary>AcceptForcedIPv4UDPEncapsulationRequest.</summary>
    [Parameter]
    public bool AcceptForcedIPv4UDPEncapsulationRequest { get; set; }

    /// <summary>How often a gateway behind a NAT should refresh its mapping.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan NatRefreshTime { get; set; }

    /// <summary>GRE encapsulation at an anchor.</summary>
    [Parameter]
    public GrePolicy GrePolicy { get; set; }

    /// <summary>Whether an anchor removes the bindings of a gateway that became unreachable.</summary>
    [Parameter]
    public bool RemovesUnreachable { get; set; }

    /// <summary>HEARTBEAT_INTERVAL; zero or infinite for none.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan HeartbeatInterval { get; set; }

    /// <summary>MISSING_HEARTBEATS_ALLOWED.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int MissingHeartbeatsAllowed { get; set; }

    /// <summary>Whether traffic goes on until a revocation is answered.</summary>
    [Parameter]
    public bool ForwardsUntilAcknowledged { get; set; }

    /// <summary>Whether a gateway says in updates where it believes to be.</summary>
    [Parameter]
    public bool DetectNat { get; set; }

    /// <summary>ForceIPv4UDPEncapsulationSupport.</summary>
    [Parameter]
    public bool ForceIPv4UDPEncapsulationSupport { get; set; }

    /// <summary>The GRE encapsulation that a gateway asks for.</summary>
    [Parameter]
    public GreEncapsulation GreEncapsulation { get; set; }

    /// <summary>How long a mobile node that says nothing counts as present before it is probed; zero or infinite for no probes.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan ReachabilityInterval { get; set; }

    /// <summary>The MTU that mobile nodes are told.</summary>
    [Parameter]
    [ValidateRange(1280, 65535)]
    public int Mtu { get; set; }

    /// <summary>The M flag of advertisements.</summary>
    [Parameter]
    public bool ManagedAddressConfiguration { get; set; }

    /// <summary>A gateway may try again to revoke all of its bindings.</summary>
    [Parameter]
    public SwitchParameter PermitRevocation { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ofAnchor = new()
        {
            [nameof(MaximumLifetime)] = options => options with { MaximumLifetime = MaximumLifetime },
            [nameof(TimestampValidityWindow)] = options => options with { TimestampValidityWindow = TimestampValidityWindow },
            [nameof(MinDelayBeforeBCEDelete)] = options => options with { MinDelayBeforeBCEDelete = MinDelayBeforeBCEDelete },
            [nameof(MaxDelayBeforeNewBCEAssign)] = options => options with { MaxDelayBeforeNewBCEAssign = MaxDelayBeforeNewBCEAssign },
            [nameof(Peer)] = options => options with { Peers = Peer?.Select(Address.From).ToArray() },
            [nameof(GlobalRevocation)] = options => options with { GlobalRevocation = AnchorArguments.Authorized(GlobalRevocation) },
            [nameof(UnknownHandoff)] = options => options with { UnknownHandoff = UnknownHandoff },
            [nameof(RevokesOnHandover)] = options => options with { RevokesOnHandover = RevokesOnHandover },
            [nameof(CrossingUpdate)] = options => options with { CrossingUpdates = AnchorArguments.Crossing(CrossingUpdate) },
            [nameof(MaximumRetries)] = options => options with { Revocation = options.Revocation with { MaximumRetries = MaximumRetries } },
            [nameof(InitialDelay)] = options => options with { Revocation = options.Revocation with { InitialDelay = InitialDelay } },
            [nameof(MaximumDelay)] = options => options with { Revocation = options.Revocation with { MaximumDelay = MaximumDelay } },
            [nameof(SessionsPerNode)] = options => options with { SessionsPerNode = SessionsPerNode },
            [nameof(CareOfAddress)] = options => options with { CareOfAddresses = AnchorArguments.CareOfAddresses(CareOfAddress) },
            [nameof(AcceptForcedIPv4UDPEncapsulationRequest)] = options => options with { AcceptsForcedUdpEncapsulation = AcceptForcedIPv4UDPEncapsulationRequest },
            [nameof(PolicyProfile)] = options => options with { PolicyStore = AnchorArguments.Profiles(PolicyProfile) },
            [nameof(NatRefreshTime)] = options => options with { NatRefreshTime = NatRefreshTime },
            [nameof(GrePolicy)] = options => options with { Gre = GrePolicy },
            [nameof(ForwardsUntilAcknowledged)] = options => options with { StopsForwardingAtOnce = !ForwardsUntilAcknowledged },
            [nameof(RemovesUnreachable)] = options => options with { Heartbeat = options.Heartbeat with { RemovesUnreachable = RemovesUnreachable } },
            [nameof(HeartbeatInterval)] = options => options with { Heartbeat = Interval(options.Heartbeat) },
            [nameof(MissingHeartbeatsAllowed)] = options => options with { Heartbeat = Allowed(options.Heartbeat) },
        };
        ofGateway = new()
        {
            [nameof(Lifetime)] = options => options with { Lifetime = Lifetime },
            [nameof(MaximumRetries)] = options => options with { Retransmission = options.Retransmission with { MaximumRetries = MaximumRetries } },
            [nameof(InitialDelay)] = options => options with { Retransmission = options.Retransmission with { InitialDelay = InitialDelay } },
            [nameof(MaximumDelay)] = options => options with { Retransmission = options.Retransmission with { MaximumDelay = MaximumDelay } },
            [nameof(RevocationMaximumRetries)] = options => options with { Revocation = options.Revocation with { MaximumRetries = RevocationMaximumRetries } },
            [nameof(RevocationInitialDelay)] = options => options with { Revocation = options.Revocation with { InitialDelay = RevocationInitialDelay } },
            [nameof(RevocationMaximumDelay)] = options => options with { Revocation = options.Revocation with { MaximumDelay = RevocationMaximumDelay } },
            [nameof(ForwardsUntilAcknowledged)] = options => options with { StopsForwardingAtOnce = !ForwardsUntilAcknowledged },
            [nameof(HeartbeatInterval)] = options => options with { Heartbeat = Interval(options.Heartbeat) },
            [nameof(MissingHeartbeatsAllowed)] = options => options with { Heartbeat = Allowed(options.Heartbeat) },
            [nameof(DetectNat)] = options => options with { DetectsNat = DetectNat },
            [nameof(ForceIPv4UDPEncapsulationSupport)] = options => options with { ForcesUdpEncapsulation = ForceIPv4UDPEncapsulationSupport },
            [nameof(GreEncapsulation)] = options => options with { Gre = GreEncapsulation },
            [nameof(ReachabilityInterval)] = options => options with
            {
                AccessLink = options.AccessLink with { ReachabilityInterval = IntervalArguments.OrNull(ReachabilityInterval) },
            },
            [nameof(Mtu)] = options => options with { AccessLink = options.AccessLink with { Mtu = Mtu } },
            [nameof(ManagedAddressConfiguration)] = options => options with { AccessLink = options.AccessLink with { UsesDhcp = ManagedAddressConfiguration } },
            [nameof(PermitRevocation)] = options => options,
        };
        given = [.. ofAnchor.Keys.Union(ofGateway.Keys).Where(MyInvocation.BoundParameters.ContainsKey)];
        if (given.Length == 0)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                "There is nothing to change: name at least one configuration variable.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, null));
        }
    }

    private protected override bool Process(HostedAgent agent) => agent switch
    {
        HostedLocalMobilityAnchor anchor => Fits(agent, ofAnchor.Keys) && Change(anchor, Together(ofAnchor), anchor.Preview, anchor.Configure),
        HostedMobileAccessGateway gateway => Fits(agent, ofGateway.Keys) && Change(gateway, Together(ofGateway), gateway.Preview, gateway.Configure) && Permit(gateway),
        _ => Fits(agent, []),
    };

    private HeartbeatOptions Interval(HeartbeatOptions heartbeat) => heartbeat with { Interval = IntervalArguments.OrNever(HeartbeatInterval) };

    private HeartbeatOptions Allowed(HeartbeatOptions heartbeat) => heartbeat with { MissingAllowed = MissingHeartbeatsAllowed };

    private bool Fits(HostedAgent agent, IReadOnlyCollection<string> variables)
    {
        var others = given.Except(variables).Select(name => $"-{name}").ToArray();
        if (others.Length == 0)
        {
            return true;
        }

        WriteError(
            $"The {agent.Kind} {agent.Name} has no {string.Join(", ", others)} that could be changed; it was left as it is.",
            ErrorIds.ParameterNotForAgentKind,
            ErrorCategory.InvalidArgument,
            agent);
        return false;
    }

    private Func<TOptions, TOptions> Together<TOptions>(Dictionary<string, Func<TOptions, TOptions>> variables) =>
        options => given.Aggregate(options, (so, name) => variables[name](so));

    private bool Change<TOptions>(
        HostedAgent agent,
        Func<TOptions, TOptions> change,
        Func<Func<TOptions, TOptions>, IReadOnlyList<ConfigurationChange>> preview,
        Func<Func<TOptions, TOptions>, IReadOnlyList<ConfigurationChange>> configure)
    {
        if (!Try(agent, () => preview(change), out var changes))
        {
            return false;
        }

        if (changes.Count == 0)
        {
            WriteVerbose($"The agent {agent.Name} is configured like this already.");
            return true;
        }

        return ShouldProcess(Describe(agent), $"Set {string.Join(", ", changes)}") && Try(agent, () => configure(change), out _);
    }

    private bool Permit(HostedMobileAccessGateway gateway) => !PermitRevocation
        || (ShouldProcess(Describe(gateway), "Permit revocation of all bindings") && Try(gateway, gateway.PermitRevocation));
}
