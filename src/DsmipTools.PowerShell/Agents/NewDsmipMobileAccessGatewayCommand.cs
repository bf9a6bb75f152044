using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
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
public sealed class NewDsmipMobileAccessGatewayCommand : NewAgentCmdlet
{
    /// <summary>The UDP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = Envelope.ProxyMobileIPv6Port;

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

    /// <inheritdoc/>
    protected override void ProcessRecord() => Add(AgentKind.MobileAccessGateway, Port, start => Agents.Add(
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
        },
        start));
}
