using System.Management.Automation;
using System.Net;
using System.Net.NetworkInformation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

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

    /// <summary>The kind of handoff.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public HandoffIndicator HandoffIndicator { get; set; } = HandoffIndicator.NewInterface;

    /// <summary>The interface of the mobile node.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public PhysicalAddress? LinkLayerIdentifier { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HaveNoHostBits(Prefix, nameof(Prefix))
            || FindAgent<HostedMobileAccessGateway>(MobileAccessGateway) is not { } gateway)
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
                    LinkLayerIdentifier = LinkLayerIdentifier?.GetAddressBytes() ?? [],
                    IPv4HomeAddress = IPv4HomeAddress is { } address ? Address.From(address) : default(Address?),
                };
                Begin(gateway, identifier, isAttachment: true, token => gateway.AttachAsync(request, token));
            }
        }

        WriteFinished();
    }
}
