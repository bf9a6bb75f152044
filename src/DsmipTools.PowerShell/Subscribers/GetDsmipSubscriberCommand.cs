using System.Management.Automation;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Subscribers;

/// <summary>Gets the mobile nodes that are hosts of the simulated world.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipSubscriber")]
[OutputType(typeof(SimulatedHost))]
public sealed class GetDsmipSubscriberCommand : SubscriberCmdlet
{
    /// <summary>The Network Access Identifiers of the mobile nodes.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [Alias("Nai")]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string[] Identifier { get; set; } = ["*"];

    /// <summary>The names of the mobile access gateways whose links they are on.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Mag", "Agent")]
    [ArgumentCompleter(typeof(MobileAccessGatewayNameCompleter))]
    public string[]? MobileAccessGateway { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HaveLinks())
        {
            return;
        }

        var gateways = MobileAccessGateway is null ? null : FindAgents(MobileAccessGateway).ToArray();
        foreach (var name in Identifier)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var found = Agents.Simulation!.Hosts
                .Where(host => (host.Identifier == name || pattern.IsMatch(host.Identifier)) && (gateways is null || (host.Gateway is { } gateway && gateways.Contains(gateway))))
                .ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError($"There is no mobile node {name} that came on an access link.", ErrorIds.SubscriberNotAttached, ErrorCategory.ObjectNotFound, name);
            }

            WriteObject(found, enumerateCollection: true);
        }
    }
}
