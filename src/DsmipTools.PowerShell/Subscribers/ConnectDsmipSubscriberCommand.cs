using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Subscribers;

/// <summary>Attaches mobile nodes to a mobile access gateway.</summary>
[Cmdlet(VerbsCommunications.Connect, "DsmipSubscriber", SupportsShouldProcess = true)]
[OutputType(typeof(AttachmentOutcome))]
public sealed class ConnectDsmipSubscriberCommand : SubscriberCmdlet
{
    /// <summary>The Network Access Identifiers of the mobile nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    [Alias("Nai")]
    public string[] Identifier { get; set; } = [];

    /// <summary>The name of the mobile access gateway.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Mag")]
    [ArgumentCompleter(typeof(MobileAccessGatewayNameCompleter))]
    public string MobileAccessGateway { get; set; } = "";

    /// <summary>The home network prefixes to ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Prefix[]? Prefix { get; set; }

    /// <summary>The IPv4 home address to ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress? IPv4HomeAddress { get; set; }

    /// <summary>The length of the prefix of that address's network.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 32)]
    public int IPv4PrefixLength { get; set; }

    /// <summary>IPv4 service alone.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter IPv4Only { get; set; }

    /// <summary>The link-layer identifier of the interface.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [LinkLayerIdentifierArgument]
    [Alias("LinkLayerAddress")]
    public Octets LinkLayerIdentifier { get; set; }

    /// <summary>The access technology of the interface.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public AccessTechnologyType? AccessTechnologyType { get; set; }

    /// <summary>The kind of handoff.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public HandoffIndicator HandoffIndicator { get; set; } = HandoffIndicator.NewInterface;

    /// <summary>The interface of the gateway's machine or node that the mobile node is behind.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    public string? Interface { get; set; }

    /// <summary>Puts the mobile nodes on access links of the gateway, as hosts of the simulated world.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter OnLink { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((OnLink && !HaveLinks())
            || !HaveNoHostBits(Prefix, nameof(Prefix))
            || FindAgent<HostedMobileAccessGateway>(MobileAccessGateway) is not { } gateway)
        {
            return;
        }

        var link = 0u;
        if (Interface is { } name && !Try(name, () => gateway.AccessLinkOf(name), out link))
        {
            return;
        }

        foreach (var identifier in Identifier)
        {
            if (ShouldProcess($"{identifier} at mobile access gateway {gateway.Name}", "Attach mobile node"))
            {
                var request = new AttachmentRequest
                {
                    Identifier = identifier,
                    Prefixes = ValueList.From(Prefix ?? []),
                    HandoffIndicator = HandoffIndicator,
                    IPv6 = !IPv4Only,
                    IPv4HomeAddress = IPv4HomeAddress is { } address ? Address.From(address) : IPv4Only ? Address.FromIPv4(0) : default(Address?),
                    IPv4PrefixLength = (byte)IPv4PrefixLength,
                    LinkLayerIdentifier = LinkLayerIdentifier,
                    AccessTechnologyType = AccessTechnologyType,
                    AccessLink = link,
                };
                SimulatedHost? host = null;
                if (!OnLink || Try(identifier, () => host = Agents.Simulation!.FindOrAddHost(identifier, LinkLayerIdentifier)))
                {
                    Begin(gateway, identifier, isAttachment: true, token =>
                        host is null ? gateway.AttachAsync(request, token) : host.AttachAsync(gateway, request, token));
                }
            }
        }

        WriteFinished();
    }
}
