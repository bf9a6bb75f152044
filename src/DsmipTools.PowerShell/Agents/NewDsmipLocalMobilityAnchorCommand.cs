using System.Collections;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Adds a local mobility anchor of Proxy Mobile IPv6 to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipLocalMobilityAnchor", SupportsShouldProcess = true)]
[OutputType(typeof(HostedLocalMobilityAnchor))]
public sealed class NewDsmipLocalMobilityAnchorCommand : NewAgentCmdlet
{
    /// <summary>The UDP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>The prefix from which home network prefixes are assigned.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public Prefix PrefixPool { get; set; }

    /// <summary>The length of an assigned prefix.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 128)]
    public int PrefixLength { get; set; } = 64;

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

    /// <summary>BRIMaxRetriesNumber.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 100)]
    public int MaximumRetries { get; set; } = 1;

    /// <summary>InitMINDelayBRIs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>MAX_BRACK_TIMEOUT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The gateways that may revoke all of their bindings at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable GlobalRevocation { get; set; } = [];

    /// <summary>What is done with an update whose handoff state is unknown.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public UnknownHandoffPolicy UnknownHandoff { get; set; } = UnknownHandoffPolicy.Revoke;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Dictionary<string, Prefix> fixedPrefixes = [];
        IReadOnlyList<GatewayAuthorization> authorized = [];
        if (!HaveNoHostBits([PrefixPool], nameof(PrefixPool))
            || !Try(FixedPrefix, () => fixedPrefixes = AnchorArguments.FixedPrefixes(FixedPrefix))
            || !HaveNoHostBits(fixedPrefixes.Values, nameof(FixedPrefix))
            || !Try(GlobalRevocation, () => authorized = AnchorArguments.Authorized(GlobalRevocation)))
        {
            return;
        }

        Add(AgentKind.LocalMobilityAnchor, Port, start => Agents.Add(
            new LocalMobilityAnchorOptions
            {
                Name = Name,
                Address = LocalAddress,
                Port = (ushort)Port,
                PrefixPool = PrefixPool,
                PrefixLength = (byte)PrefixLength,
                PrefixesPerSession = PrefixesPerSession,
                FixedPrefixes = fixedPrefixes,
                IPv4HomeNetwork = IPv4HomeNetwork,
                MaximumLifetime = MaximumLifetime,
                TimestampValidityWindow = TimestampValidityWindow,
                MinDelayBeforeBCEDelete = MinDelayBeforeBCEDelete,
                Peers = Peer?.Select(Wire.Ip.Address.From).ToArray(),
                Revocation = new RevocationVariables { MaximumRetries = MaximumRetries, InitialDelay = InitialDelay, MaximumDelay = MaximumDelay },
                GlobalRevocation = authorized,
                UnknownHandoff = UnknownHandoff,
            },
            start));
    }
}
