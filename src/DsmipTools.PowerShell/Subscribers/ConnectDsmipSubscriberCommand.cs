using System.Management.Automation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
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

    /// <summary>The home network prefix to ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Prefix? Prefix { get; set; }

    /// <summary>The kind of handoff.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public HandoffIndicator HandoffIndicator { get; set; } = HandoffIndicator.NewInterface;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HaveNoHostBits(Prefix is { } wanted ? [wanted] : null, nameof(Prefix))
            || FindAgent<HostedMobileAccessGateway>(MobileAccessGateway) is not { } gateway)
        {
            return;
        }

        foreach (var identifier in Identifier)
        {
            if (ShouldProcess($"{identifier} at mobile access gateway {gateway.Name}", "Attach mobile node"))
            {
                Begin(gateway, identifier, isAttachment: true, token => gateway.AttachAsync(identifier, Prefix, HandoffIndicator, token));
            }
        }

        WriteFinished();
    }
}
