using System.Globalization;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Bindings;

/// <summary>Removes bindings from the agents that hold them, with or without telling the other side.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipBinding", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipBindingCommand : DsmipCmdlet
{
    private const string ByIdentifier = "Identifier";
    private const string ByRealm = "Realm";
    private const string ByPrefix = "Prefix";
    private const string ByHomeAddress = "HomeAddress";
    private const string ByPeer = "Peer";
    private const string All = "All";

    // The default set, because PowerShell tries that one first with each object of the pipeline: a binding has an Identifier too.
    private const string ByObject = "InputObject";

    /// <summary>Bindings that -WhatIf and -Confirm name one by one.</summary>
    private const int MostNamed = 10;

    private readonly List<BindingSnapshot> chosen = [];
    private readonly HashSet<string> told = [];

    /// <summary>The Network Access Identifiers of the mobile nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByIdentifier)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [Alias("Nai", "MobileNode")]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string[] Identifier { get; set; } = [];

    /// <summary>The realms.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRealm)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RealmCompleter))]
    public string[] Realm { get; set; } = [];

    /// <summary>Prefixes of the bindings.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPrefix)]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[] Prefix { get; set; } = [];

    /// <summary>The home addresses.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByHomeAddress)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[] HomeAddress { get; set; } = [];

    /// <summary>The addresses of the other side.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPeer)]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress[] Peer { get; set; } = [];

    /// <summary>The bindings.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public BindingSnapshot[] InputObject { get; set; } = [];

    /// <summary>All bindings of the agents.</summary>
    [Parameter(Mandatory = true, ParameterSetName = All)]
    public SwitchParameter Force { get; set; }

    /// <summary>The names of the agents.</summary>
    [Parameter(Mandatory = true, ParameterSetName = All)]
    [Parameter(ParameterSetName = ByIdentifier)]
    [Parameter(ParameterSetName = ByRealm)]
    [Parameter(ParameterSetName = ByPrefix)]
    [Parameter(ParameterSetName = ByHomeAddress)]
    [Parameter(ParameterSetName = ByPeer)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Agent { get; set; }

    /// <summary>Tells the other side.</summary>
    [Parameter]
    public SwitchParameter Signal { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ByObject:
                chosen.AddRange(InputObject);
                break;
            case ByIdentifier:
                ChooseEach(Identifier, identifier => IdentifierPatterns.From([identifier]) is { } pattern
                    ? new BindingFilter { Realms = ValueList.From(pattern.Realms) }
                    : new BindingFilter { Identifiers = [identifier] });
                break;
            case ByRealm:
                ChooseEach(Realm, realm => new BindingFilter { Realms = [realm.TrimStart('@')] });
                break;
            case ByPrefix:
                ChooseEach(Prefix, prefix => new BindingFilter { Within = [prefix.Canonical] });
                break;
            case ByHomeAddress:
                ChooseEach(HomeAddress, address => new BindingFilter { HomeAddresses = [Address.From(address)] });
                break;
            case ByPeer:
                ChooseEach(Peer, peer => new BindingFilter { Peers = [Address.From(peer)] });
                break;
            case All when Force:
                chosen.AddRange(Find(Holders(), BindingFilter.All));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var held in chosen.Distinct().GroupBy(binding => binding.Agent, StringComparer.OrdinalIgnoreCase).OrderBy(held => held.First().AgentKind).ToArray())
        {
            if (ShouldProcess(Describe([.. held]), Signal ? "Remove bindings and tell the other side" : "Remove bindings without telling the other side"))
            {
                Try(held.Key, () => Remove(held));
            }
        }
    }

    private static string Describe(BindingSnapshot[] held)
    {
        var names = held.Take(MostNamed).Select(binding =>
            binding is MobileIPv4Binding { HomeAddress: var home } ? $"{home}" : $"{binding.Identifier}{(binding.Prefixes.Count > 0 ? $" {binding.Prefixes[0]}" : "")}");
        var count = string.Create(CultureInfo.InvariantCulture, $"{held.Length} {(held.Length == 1 ? "binding" : "bindings")}");
        return $"{count} of {held[0].AgentKind} {held[0].Agent}: {string.Join(", ", names)}{(held.Length > MostNamed ? ", ..." : "")}";
    }

    /// <summary>The agents that are named, or all, as far as they hold bindings for mobile nodes.</summary>
    private IEnumerable<HostedAgent> Holders() => FindAgents(Agent ?? ["*"]).Where(agent => agent is HostedLocalMobilityAnchor or HostedMobileAccessGateway or HostedHomeAgent or HostedForeignAgent);

    private BindingSnapshot[] Find(IEnumerable<HostedAgent> holders, BindingFilter filter)
    {
        try
        {
            return [.. holders.SelectMany(agent => agent.FindBindings(filter, Cancellation))];
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void ChooseEach<T>(IEnumerable<T> wanted, Func<T, BindingFilter> filter)
    {
        var holders = Holders().ToArray();
        foreach (var one in wanted)
        {
            var pattern = one is string name && ParameterSetName == ByIdentifier ? IdentifierPatterns.From([name]) : null;
            var found = Array.FindAll(Find(holders, filter(one)), binding => pattern?.Match(binding.Identifier) ?? true);
            chosen.AddRange(found);
            // Where no agent is left to ask, that is the error.
            if (found.Length == 0 && pattern is null && (holders.Length > 0 || Agent is null))
            {
                WriteError($"No binding of {one} was found.", ErrorIds.BindingNotFound, ErrorCategory.ObjectNotFound, one);
            }
        }
    }

    private void Remove(IEnumerable<BindingSnapshot> held)
    {
        foreach (var removal in Await(token => Agents.RemoveAsync(held, Signal, token)))
        {
            var (binding, answer) = (removal.Binding, removal.Detail is { } detail ? $" ({detail})" : "");
            var what = $"binding of {Display.Identity(binding).ReplaceLineEndings(" ")} at {binding.Agent}";
            switch (removal.Result)
            {
                case BindingRemovalResult.NotFound when binding.Identifier is { } identifier && told.Contains(identifier):
                    WriteVerbose($"The {what} went with that of the anchor.");
                    break;
                case BindingRemovalResult.NotFound:
                    WriteError($"The {what} was gone already.", ErrorIds.BindingNotFound, ErrorCategory.ObjectNotFound, binding);
                    break;
                case BindingRemovalResult.Refused:
                    WriteError($"The {what} stays: {binding.Peer} did not agree{answer}.", ErrorIds.RevocationRejected, ErrorCategory.PermissionDenied, binding);
                    break;
                case BindingRemovalResult.NotConfirmed:
                    WriteError(
                        $"The {what} was removed, but {binding.Peer} did not confirm it{answer} and may still hold it.", ErrorIds.Timeout, ErrorCategory.OperationTimeout, binding);
                    break;
                default:
                    if (Signal && binding.Identifier is { } name)
                    {
                        told.Add(name);
                    }

                    WriteVerbose($"The {what} was removed{answer}.");
                    break;
            }
        }
    }
}
