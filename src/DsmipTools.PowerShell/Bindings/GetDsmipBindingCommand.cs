using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Bindings;

/// <summary>Gets the bindings of the agents.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipBinding")]
[OutputType(typeof(MobileIPv4Binding), typeof(ProxyBindingSnapshot))]
public sealed class GetDsmipBindingCommand : DsmipCmdlet
{
    private WildcardPattern[]? identifiers;

    /// <summary>The Network Access Identifiers of the mobile nodes.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [Alias("Nai", "MobileNode")]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string[]? Identifier { get; set; }

    /// <summary>The names of the agents.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Agent { get; set; } = ["*"];

    /// <summary>The home addresses (Mobile IPv4).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[]? HomeAddress { get; set; }

    /// <summary>Prefixes or IPv6 addresses.</summary>
    [Parameter]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[]? Prefix { get; set; }

    /// <summary>The peers: the addresses of the other side.</summary>
    [Parameter]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress[]? Peer { get; set; }

    /// <summary>The realms.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RealmCompleter))]
    public string[]? Realm { get; set; }

    /// <summary>The states.</summary>
    [Parameter]
    public BindingState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        identifiers = Identifier?.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        var realms = Realm?.Select(realm => realm.TrimStart('@')).ToArray();
        var peers = Peer?.Select(Address.From).ToArray();
        var homeAddresses = HomeAddress?.Select(Address.From).ToArray();
        foreach (var agent in FindAgents(Agent))
        {
            foreach (var binding in agent.Bindings())
            {
                if (HasIdentifier(binding)
                    && (realms is null || realms.Contains(Realms.Of(binding.Identifier), StringComparer.OrdinalIgnoreCase))
                    && (peers is null || peers.Contains(binding.Peer))
                    && (homeAddresses is null || (binding is MobileIPv4Binding { HomeAddress: var home } && homeAddresses.Contains(home)))
                    && (Prefix is null || Prefix.Any(wanted => binding.Prefixes.Any(wanted.Overlaps)))
                    && (State is null || State.Contains(binding.State)))
                {
                    WriteObject(binding);
                }
            }
        }
    }

    // A gateway chose the identifier: one that holds a character of patterns is found by itself too.
    private bool HasIdentifier(BindingSnapshot binding) => identifiers is null
        || (binding.Identifier is { } identifier
            && (Identifier!.Contains(identifier, StringComparer.OrdinalIgnoreCase) || Array.Exists(identifiers, pattern => pattern.IsMatch(identifier))));
}
