using System.Management.Automation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Subscribers;

/// <summary>Detaches mobile nodes from their mobile access gateways.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "DsmipSubscriber", SupportsShouldProcess = true)]
[OutputType(typeof(AttachmentOutcome))]
public sealed class DisconnectDsmipSubscriberCommand : SubscriberCmdlet
{
    /// <summary>The Network Access Identifiers of the mobile nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [Alias("Nai")]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string[] Identifier { get; set; } = [];

    /// <summary>The names of the mobile access gateways.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Mag", "Agent")]
    [ArgumentCompleter(typeof(MobileAccessGatewayNameCompleter))]
    public string[]? MobileAccessGateway { get; set; }

    /// <summary>The link-layer identifier of the interface that has left.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [LinkLayerIdentifierArgument]
    [ArgumentCompleter(typeof(LinkLayerIdentifierCompleter))]
    [Alias("LinkLayerAddress")]
    public Octets? LinkLayerIdentifier { get; set; }

    /// <summary>The access technology of the interface that has left.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public AccessTechnologyType? AccessTechnologyType { get; set; }

    /// <summary>Does not wait for the anchor's answer.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The mobile nodes leave their links, and the gateway's link layer notices nothing.</summary>
    [Parameter]
    public SwitchParameter Silent { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Silent && !HaveLinks())
        {
            return;
        }

        var gateways = Gateways();
        foreach (var name in Identifier)
        {
            // An identifier that is attached means itself: one that holds an asterisk, piped from elsewhere, must not detach everybody.
            var isPattern = WildcardPattern.ContainsWildcardCharacters(name) && gateways.TrueForAll(gateway => gateway.Find(name) is null);
            var hosts = Hosts(gateways, name, isPattern);
            if (Silent)
            {
                Vanish(name, hosts, isPattern);
                continue;
            }

            var attached = gateways.SelectMany(gateway => Find(gateway, name, isPattern).Select(binding => (gateway, binding))).ToArray();
            foreach (var idle in hosts.Where(host => attached.All(one => HostOf([host], one.gateway, one.binding) is null)))
            {
                // On a link where nothing is registered for it, as after a revocation.
                if (ShouldProcess($"{idle} at mobile access gateway {idle.Gateway}", "Detach mobile node"))
                {
                    idle.Detach();
                }
            }

            if (attached.Length == 0 && hosts.Length == 0 && !isPattern && gateways.Count > 0)
            {
                var where = MobileAccessGateway is null ? "any mobile access gateway of this session" : string.Join(", ", gateways);
                WriteError($"{name}{Interface} is not attached to {where}.", ErrorIds.SubscriberNotAttached, ErrorCategory.ObjectNotFound, name);
            }

            foreach (var (gateway, binding) in attached)
            {
                var what = binding.LinkLayerIdentifier.Length == 0 ? binding.Identifier! : $"{binding.Identifier}, {binding.AccessTechnologyType} {binding.LinkLayerIdentifier},";
                if (ShouldProcess($"{what} at mobile access gateway {gateway.Name}", "Detach mobile node"))
                {
                    var host = HostOf(hosts, gateway, binding);
                    if (NoWait && host is not null)
                    {
                        host.Detach();
                    }
                    else if (NoWait)
                    {
                        Try(binding.Identifier!, () => gateway.BeginDetach(binding.Identifier!, binding.LinkLayerIdentifier, binding.AccessTechnologyType));
                    }
                    else
                    {
                        Begin(gateway, binding.Identifier!, isAttachment: false, token =>
                            host?.DetachAsync(token) ?? gateway.DetachAsync(binding.Identifier!, binding.LinkLayerIdentifier, binding.AccessTechnologyType, token));
                    }
                }
            }
        }

        WriteFinished();
    }

    private string Interface => (LinkLayerIdentifier, AccessTechnologyType) switch
    {
        (null, null) => "",
        ({ Length: 0 }, null) => " without a link-layer identifier",
        (null or { Length: 0 }, var technology) => $" by {technology}",
        (var identifier, null) => $" with the link-layer identifier {identifier}",
        var (identifier, technology) => $" by {technology} with the link-layer identifier {identifier}",
    };

    private static SimulatedHost? HostOf(SimulatedHost[] hosts, HostedMobileAccessGateway gateway, ProxyBindingSnapshot binding) =>
        Array.Find(hosts, host => host.Gateway == gateway && host.Identifier == binding.Identifier && host.LinkLayerAddress == binding.LinkLayerIdentifier);

    /// <summary>The mobile nodes that are on links of these gateways.</summary>
    private SimulatedHost[] Hosts(List<HostedMobileAccessGateway> gateways, string name, bool isPattern)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return
        [
            .. (Agents.Simulation?.Hosts ?? []).Where(host => host.Gateway is { } gateway
                && gateways.Contains(gateway)
                && (isPattern ? pattern.IsMatch(host.Identifier) : host.Identifier == name)
                && (LinkLayerIdentifier is null || host.LinkLayerAddress == LinkLayerIdentifier)),
        ];
    }

    private void Vanish(string name, SimulatedHost[] hosts, bool isPattern)
    {
        foreach (var host in hosts)
        {
            if (ShouldProcess($"{host} at mobile access gateway {host.Gateway}", "Let mobile node vanish"))
            {
                host.Vanish();
            }
        }

        if (hosts.Length == 0 && !isPattern)
        {
            WriteError($"{name}{Interface} is on no access link.", ErrorIds.SubscriberNotAttached, ErrorCategory.ObjectNotFound, name);
        }
    }

    private ProxyBindingSnapshot[] Find(HostedMobileAccessGateway gateway, string name, bool isPattern)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        var bindings = isPattern ? gateway.Bindings().Cast<ProxyBindingSnapshot>().Where(binding => pattern.IsMatch(binding.Identifier)) : gateway.Bindings(name);
        return
        [
            .. bindings.Where(binding => (LinkLayerIdentifier is null || binding.LinkLayerIdentifier == LinkLayerIdentifier)
                && (AccessTechnologyType is null || binding.AccessTechnologyType == AccessTechnologyType)),
        ];
    }

    private List<HostedMobileAccessGateway> Gateways()
    {
        if (MobileAccessGateway is null)
        {
            return [.. Agents.Agents.OfType<HostedMobileAccessGateway>()];
        }

        List<HostedMobileAccessGateway> gateways = [];
        foreach (var agent in FindAgents(MobileAccessGateway))
        {
            if (agent is HostedMobileAccessGateway gateway)
            {
                gateways.Add(gateway);
            }
            else if (!MobileAccessGateway.Any(WildcardPattern.ContainsWildcardCharacters))
            {
                WriteWrongKind(agent, typeof(HostedMobileAccessGateway));
            }
        }

        return gateways;
    }
}
