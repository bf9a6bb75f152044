using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Bindings;

/// <summary>Gets the bindings of the agents.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipBinding")]
[OutputType(typeof(MobileIPv4Binding), typeof(ProxyBindingSnapshot))]
public sealed class GetDsmipBindingCommand : DsmipCmdlet
{
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

    /// <summary>The role of the agents.</summary>
    [Parameter]
    public AgentKind[]? AgentKind { get; set; }

    /// <summary>The home addresses (Mobile IPv4), or IPv4 home addresses (RFC 5844).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[]? HomeAddress { get; set; }

    /// <summary>Prefixes of the bindings, exactly.</summary>
    [Parameter]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[]? Prefix { get; set; }

    /// <summary>Prefixes that those of the bindings lie in.</summary>
    [Parameter]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[]? Within { get; set; }

    /// <summary>IPv6 addresses or prefixes that lie in the prefixes of the bindings.</summary>
    [Parameter]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[]? Contains { get; set; }

    /// <summary>The peers: the addresses of the other side.</summary>
    [Parameter]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress[]? Peer { get; set; }

    /// <summary>The care-of addresses, or proxy care-of addresses.</summary>
    [Parameter]
    [AddressArgument]
    [ArgumentCompleter(typeof(CareOfAddressCompleter))]
    public IPAddress[]? CareOfAddress { get; set; }

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
        var patterns = IdentifierPatterns.From(Identifier);
        var filter = new BindingFilter
        {
            Identifiers = patterns is null ? ValueList.From(Identifier ?? []) : [],
            Realms = Realm is null ? ValueList.From(patterns?.Realms ?? []) : ValueList.From(Realm.Select(realm => realm.TrimStart('@'))),
            Prefixes = ValueList.From(Prefix ?? []),
            Within = ValueList.From(Within ?? []),
            Containing = ValueList.From(Contains ?? []),
            HomeAddresses = From(HomeAddress),
            Peers = From(Peer),
            CareOfAddresses = From(CareOfAddress),
            States = ValueList.From(State ?? []),
        };
        foreach (var agent in FindAgents(Agent).Where(agent => AgentKind?.Contains(agent.Kind) ?? true))
        {
            Write(agent.FindBindings(filter, Cancellation), patterns);
        }
    }

    private void Write(IEnumerable<BindingSnapshot> bindings, IdentifierPatterns? patterns)
    {
        try
        {
            foreach (var binding in bindings.Where(binding => patterns?.Match(binding.Identifier) ?? true))
            {
                WriteObject(binding);
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private static ValueList<Address> From(IPAddress[]? addresses) => ValueList.From((addresses ?? []).Select(Address.From));
}
