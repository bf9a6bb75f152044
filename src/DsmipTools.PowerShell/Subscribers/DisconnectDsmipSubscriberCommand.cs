using System.Management.Automation;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

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

    /// <summary>Does not wait for the anchor's answer.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var gateways = Gateways();
        foreach (var name in Identifier)
        {
            // An identifier that is attached means itself: one that holds an asterisk, piped from elsewhere, must not detach everybody.
            var isPattern = WildcardPattern.ContainsWildcardCharacters(name) && gateways.TrueForAll(gateway => gateway.Find(name) is null);
            var attached = gateways.SelectMany(gateway => Find(gateway, name, isPattern).Select(identifier => (gateway, identifier))).ToArray();
            if (attached.Length == 0 && !isPattern && gateways.Count > 0)
            {
                var where = MobileAccessGateway is null ? "any mobile access gateway of this session" : string.Join(", ", gateways);
                WriteError($"{name} is not attached to {where}.", ErrorIds.SubscriberNotAttached, ErrorCategory.ObjectNotFound, name);
            }

            foreach (var (gateway, identifier) in attached)
            {
                if (ShouldProcess($"{identifier} at mobile access gateway {gateway.Name}", "Detach mobile node"))
                {
                    if (NoWait)
                    {
                        Try(identifier, () => gateway.BeginDetach(identifier));
                    }
                    else
                    {
                        Begin(gateway, identifier, isAttachment: false, token => gateway.DetachAsync(identifier, token));
                    }
                }
            }
        }

        WriteFinished();
    }

    private static IEnumerable<string> Find(HostedMobileAccessGateway gateway, string name, bool isPattern)
    {
        if (!isPattern)
        {
            return gateway.Find(name) is { Identifier: { } identifier } ? [identifier] : [];
        }

        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return gateway.Bindings().Select(binding => binding.Identifier!).Where(pattern.IsMatch);
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
