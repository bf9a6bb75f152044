using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Adds a mobile access gateway of Proxy Mobile IPv6 to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipMobileAccessGateway", SupportsShouldProcess = true)]
[OutputType(typeof(HostedMobileAccessGateway))]
public sealed class NewDsmipMobileAccessGatewayCommand : NewProxyMobileIPv6AgentCmdlet
{
    /// <summary>The address of the local mobility anchor.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(LocalMobilityAnchorAddressCompleter))]
    public IPAddress LocalMobilityAnchor { get; set; } = IPAddress.None;

    /// <summary>The UDP port of the local mobility anchor.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int LocalMobilityAnchorPort { get; set; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>The lifetime asked for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The access technology of the access link.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public AccessTechnologyType AccessTechnologyType { get; set; } = AccessTechnologyType.WirelessLan;

    /// <summary>How often an update is sent again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 100)]
    public int MaximumRetries { get; set; } = 4;

    /// <summary>INITIAL_BINDACK_TIMEOUT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>MAX_BINDACK_TIMEOUT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>The identity towards the anchor.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Identity { get; set; }

    /// <summary>BRIMaxRetriesNumber.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 100)]
    public int RevocationMaximumRetries { get; set; } = 1;

    /// <summary>InitMINDelayBRIs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan RevocationInitialDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>MAX_BRACK_TIMEOUT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan RevocationMaximumDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The proxy care-of address where it is not the address of the agent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress? ProxyCareOfAddress { get; set; }

    /// <summary>Says in updates where the gateway believes to be.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter DetectNat { get; set; }

    /// <summary>ForceIPv4UDPEncapsulationSupport.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter ForceIPv4UDPEncapsulationSupport { get; set; }

    /// <summary>The GRE encapsulation to ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public GreEncapsulation GreEncapsulation { get; set; }

    /// <summary>How long a mobile node that says nothing counts as present before it is probed; zero or infinite for no probes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan ReachabilityInterval { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>The MTU that mobile nodes are told.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1280, 65535)]
    public int Mtu { get; set; } = 1460;

    /// <summary>FixedMAGLinkLocalAddressOnAllAccessLinks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress RouterAddress { get; set; } = IPAddress.Parse("fe80::1");

    /// <summary>EnableMAGLocalRouting.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter EnableMAGLocalRouting { get; set; }

    /// <summary>Orders updates by a sequence number of each session: TimestampBasedApproachInUse is false.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter WithoutTimestamp { get; set; }

    /// <summary>The M flag of advertisements.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter ManagedAddressConfiguration { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Add(AgentKind.MobileAccessGateway, Port, place => Agents.Add(
        new MobileAccessGatewayOptions
        {
            Name = Name,
            Address = LocalAddress,
            Port = (ushort)Port,
            LocalMobilityAnchor = Wire.Ip.Address.From(LocalMobilityAnchor),
            LocalMobilityAnchorPort = (ushort)LocalMobilityAnchorPort,
            Lifetime = Lifetime,
            AccessTechnologyType = AccessTechnologyType,
            Retransmission = new RetransmissionPolicy(InitialDelay, MaximumDelay, MaximumRetries),
            Identity = Identity,
            Revocation = new RevocationVariables
            {
                MaximumRetries = RevocationMaximumRetries, InitialDelay = RevocationInitialDelay, MaximumDelay = RevocationMaximumDelay,
            },
            AccessLink = new AccessLinkOptions
            {
                ReachabilityInterval = IntervalArguments.OrNull(ReachabilityInterval),
                Mtu = Mtu,
                RouterAddress = Wire.Ip.Address.From(RouterAddress),
                UsesDhcp = ManagedAddressConfiguration,
            },
            StopsForwardingAtOnce = !ForwardsUntilAcknowledged,
            ProxyCareOfAddress = ProxyCareOfAddress is { } careOfAddress ? Wire.Ip.Address.From(careOfAddress) : default(Wire.Ip.Address?),
            DetectsNat = DetectNat,
            ForcesUdpEncapsulation = ForceIPv4UDPEncapsulationSupport,
            Gre = GreEncapsulation,
            EnableMAGLocalRouting = EnableMAGLocalRouting,
            TimestampBasedApproachInUse = !WithoutTimestamp,
            Heartbeat = Heartbeat,
        },
        Start,
        place));
}
