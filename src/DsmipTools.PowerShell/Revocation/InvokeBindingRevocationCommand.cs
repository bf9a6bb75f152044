using System.Globalization;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Revocation;

/// <summary>Revokes bindings (RFC 5846, and of Mobile IPv4 RFC 3543) through the agents of the session.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "BindingRevocation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByObject)]
[OutputType(typeof(RevocationOutcome))]
public sealed class InvokeBindingRevocationCommand : DsmipCmdlet
{
    private const string ByRealm = "Realm";
    private const string ByMobileNode = "MobileNode";
    private const string ByPeer = "Peer";
    private const string ByGateway = "MobileAccessGateway";

    // The default set, because PowerShell tries that one first with each object of the pipeline: a binding has an Identifier too.
    private const string ByObject = "InputObject";

    private readonly List<Intent> intents = [];
    private readonly HashSet<(IRevocationInitiator Initiator, RevocationRequest Request)> intended = [];
    private readonly Dictionary<BindingSnapshot, HostedAgent?> notRevocable = [];

    /// <summary>The realm.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRealm)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RealmCompleter))]
    public string[] Realm { get; set; } = [];

    /// <summary>The proxy care-of address that the bindings share.</summary>
    [Parameter(ParameterSetName = ByRealm)]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress? ProxyCareOfAddress { get; set; }

    /// <summary>The Network Access Identifiers of mobile nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByMobileNode)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    [Alias("Identifier", "Nai")]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string[] MobileNode { get; set; } = [];

    /// <summary>Home network prefixes of the mobile node.</summary>
    [Parameter(ParameterSetName = ByMobileNode)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[]? Prefix { get; set; }

    /// <summary>Only the IPv4 home address.</summary>
    [Parameter(ParameterSetName = ByMobileNode)]
    [Parameter(ParameterSetName = ByObject)]
    public SwitchParameter IPv4Only { get; set; }

    /// <summary>The addresses of peers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPeer)]
    [AddressArgument]
    [ArgumentCompleter(typeof(PeerCompleter))]
    public IPAddress[] Peer { get; set; } = [];

    /// <summary>The names of the mobile access gateways that revoke all of their bindings.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByGateway)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Mag")]
    [ArgumentCompleter(typeof(MobileAccessGatewayNameCompleter))]
    public string[] MobileAccessGateway { get; set; } = [];

    /// <summary>The bindings.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public BindingSnapshot[] InputObject { get; set; } = [];

    /// <summary>The Revocation Trigger.</summary>
    [Parameter]
    public RevocationTrigger Trigger { get; set; } = RevocationTrigger.AdministrativeReason;

    /// <summary>BRIMaxRetriesNumber of this revocation.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    [Alias("MaximumRetries")]
    public int MaxRetries { get; set; }

    /// <summary>InitMINDelayBRIs of this revocation.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; }

    /// <summary>MAX_BRACK_TIMEOUT of this revocation.</summary>
    [Parameter]
    [DurationArgument]
    [Alias("MaximumDelay")]
    public TimeSpan MaxTimeout { get; set; }

    /// <summary>The names of the initiators.</summary>
    [Parameter(ParameterSetName = ByRealm)]
    [Parameter(ParameterSetName = ByMobileNode)]
    [Parameter(ParameterSetName = ByPeer)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LocalMobilityAnchorNameCompleter))]
    public string[]? Agent { get; set; }

    /// <summary>Does not wait for acknowledgements.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    // With the IPv4 home address alone the Sdk's own default: the mobile node does not need it any more.
    private RevocationTrigger NodeTrigger =>
        IPv4Only && !IsGiven(nameof(Trigger)) ? RevocationTrigger.UserInitiatedSessionTermination : Trigger;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ByRealm when HasTrigger(RevocationTrigger.RevokingMobilityNodeLocalPolicy, "all bindings of a realm"):
                Plan(Realm, realm => ProxyCareOfAddress is { } shared ? RevocationRequest.Realm(realm, Address.From(shared)) : RevocationRequest.Realm(realm));
                break;
            case ByPeer when HasTrigger(RevocationTrigger.PerPeerPolicy, "all bindings of a peer"):
                Plan(Peer, peer => RevocationRequest.Peer(Address.From(peer)));
                break;
            case ByGateway when HasTrigger(RevocationTrigger.PerPeerPolicy, "all bindings of a gateway"):
                PlanGateways();
                break;
            case ByMobileNode when HasTriggerForOneNode() && HasPrefixesForTheirOwn() && HaveNoHostBits(Prefix, nameof(Prefix)):
                Plan(MobileNode, node => IPv4Only
                    ? RevocationRequest.IPv4(node, trigger: NodeTrigger)
                    : RevocationRequest.MobileNode(node, ValueList.From(Prefix ?? []), Trigger));
                break;
            case ByObject when HasTriggerForOneNode():
                Array.ForEach(InputObject, Plan);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Bindings that others hold are the other ends of sessions that were piped too, unless there is nothing else.
        if (intents.Count == 0)
        {
            foreach (var (binding, agent) in notRevocable)
            {
                WriteError(
                    $"The binding is held by {binding.Agent}, a {binding.AgentKind}; local mobility anchors and home agents revoke. Pipe Get-DsmipBinding -Agent with the name of one.",
                    ErrorIds.WrongAgentKind,
                    ErrorCategory.InvalidType,
                    agent is null ? binding : agent);
            }
        }

        var confirmed = intents
            .GroupBy(intent => (intent.Initiator, intent.Request.Trigger, What: WhatOf(intent.Request)))
            .Where(group => Confirm(group.Key.Initiator, group.Key.What, group.Key.Trigger, [.. group]))
            .SelectMany(group => group)
            .ToArray();
        if (NoWait)
        {
            Array.ForEach(confirmed, intent => Try(intent.Request, () => intent.Initiator.BeginRevoke(intent.Request)));
        }
        else if (confirmed.Length > 0)
        {
            Revoke(confirmed);
        }
    }

    private static string WhatOf(RevocationRequest request) => request.Scope switch
    {
        RevocationScope.Realm => $"all bindings of {request}",
        RevocationScope.Gateway => "all bindings of mobile access gateway",
        RevocationScope.Peer => $"all bindings of peer {request.PeerAddress}",
        _ when request.IPv4Only => "IPv4 home addresses of mobile nodes",
        _ => "bindings of mobile nodes",
    };

    private static string Bindings(int count) => count == 1 ? "1 binding" : string.Create(CultureInfo.InvariantCulture, $"{count} bindings");

    private bool HasTriggerForOneNode()
    {
        if (Trigger.IsPerMobileNode())
        {
            return true;
        }

        WriteError(
            $"The trigger {(byte)Trigger} {Trigger} is a global one; for one mobile node it is below 128 (RFC 5846, 5.1). Use -Realm, -Peer or -MobileAccessGateway.",
            ErrorIds.InvalidTrigger,
            ErrorCategory.InvalidArgument,
            Trigger);
        return false;
    }

    /// <summary>False after an error: what is meant has one trigger alone, and another one was given.</summary>
    private bool HasTrigger(RevocationTrigger only, string what)
    {
        if (!IsGiven(nameof(Trigger)) || Trigger == only)
        {
            return true;
        }

        WriteError(
            $"The trigger {(byte)Trigger} {Trigger} does not fit: that of {what} is {(byte)only} {only} (RFC 5846, 5.1 and 8.1).",
            ErrorIds.InvalidTrigger,
            ErrorCategory.InvalidArgument,
            Trigger);
        return false;
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The request with the retransmission of this call, which begins where the initiator's own is left as it is.</summary>
    /// <exception cref="ArgumentException">The values are out of the limits of RFC 5846, 11.</exception>
    private RevocationRequest Timed(IRevocationInitiator initiator, RevocationRequest request)
    {
        if (!IsGiven(nameof(MaxRetries)) && !IsGiven(nameof(InitialDelay)) && !IsGiven(nameof(MaxTimeout)))
        {
            return request;
        }

        var own = initiator.RevocationVariables;
        var variables = new RevocationVariables
        {
            MaximumRetries = IsGiven(nameof(MaxRetries)) ? MaxRetries : own.MaximumRetries,
            InitialDelay = IsGiven(nameof(InitialDelay)) ? InitialDelay : own.InitialDelay,
            MaximumDelay = IsGiven(nameof(MaxTimeout)) ? MaxTimeout : own.MaximumDelay,
        };
        _ = variables.ToPolicy();
        return request with { Retransmission = variables };
    }

    private bool HasPrefixesForTheirOwn()
    {
        if (!IPv4Only || Prefix is null)
        {
            return true;
        }

        WriteError(
            "-IPv4Only revokes an IPv4 home address and lets the home network prefixes stay (RFC 5846, 8.1); leave out -Prefix or -IPv4Only.",
            ErrorIds.InvalidArgument,
            ErrorCategory.InvalidArgument,
            Prefix);
        return false;
    }

    /// <summary>Each gateway that is named, also with no binding left: after a restart its anchor may know more of them than it does.</summary>
    private void PlanGateways()
    {
        foreach (var gateway in (Named(MobileAccessGateway, agent => agent is HostedMobileAccessGateway, typeof(HostedMobileAccessGateway)) ?? []).Cast<HostedMobileAccessGateway>())
        {
            var request = RevocationRequest.Gateway();
            Add(gateway, request, gateway.Preview(request), gateway);
        }
    }

    /// <summary>Finds the anchors that hold matching bindings.</summary>
    private void Plan<T>(IEnumerable<T> subjects, Func<T, RevocationRequest> makeRequest)
    {
        if (Initiators() is not { } initiators)
        {
            return;
        }

        foreach (var subject in subjects)
        {
            if (!Try(subject, () => makeRequest(subject), out var request))
            {
                continue;
            }

            var matching = initiators.Select(initiator => (Initiator: initiator, Peers: initiator.Preview(request))).Where(found => found.Peers.Count > 0).ToArray();
            Array.ForEach(matching, found => Add(found.Initiator, request, found.Peers, subject));
            if (matching.Length == 0)
            {
                var where = initiators.Count == 0 ? "no local mobility anchor or home agent runs in this session" : $"asked {string.Join(", ", initiators)}";
                WriteError($"No binding of {Subject(request)} was found; {where}.", ErrorIds.BindingNotFound, ErrorCategory.ObjectNotFound, subject);
            }
        }
    }

    private void Plan(BindingSnapshot binding)
    {
        var agent = Agents.Find(binding.Agent);
        if (agent is HostedHomeAgent homeAgent && binding is MobileIPv4Binding { AgentKind: AgentKind.HomeAgent })
        {
            var ofHomeAddress = DsmipTools.Revocation.Binding(binding, Trigger);
            Plan(homeAgent, ofHomeAddress, homeAgent.Preview(ofHomeAddress), binding);
            return;
        }

        if (agent is not HostedLocalMobilityAnchor anchor || binding.AgentKind != AgentKind.LocalMobilityAnchor || binding.Identifier is null)
        {
            WriteVerbose($"{binding.Identifier} at {binding.Agent} is not held by a local mobility anchor or home agent of this session.");
            notRevocable[binding] = agent;
            return;
        }

        var address = (binding as ProxyBindingSnapshot)?.IPv4HomeAddress;
        if (IPv4Only && address is null)
        {
            WriteError($"The binding of {binding.Identifier} at {anchor.Name} has no IPv4 home address.", ErrorIds.BindingNotFound, ErrorCategory.ObjectNotFound, binding);
            return;
        }

        RevocationRequest Make() => IPv4Only
            ? RevocationRequest.IPv4(binding.Identifier, address, NodeTrigger)
            : DsmipTools.Revocation.Binding(binding, Trigger);
        RevocationRequest? request = null;
        IReadOnlyList<RevocationPreview> peers = [];
        // A gateway chose the identifier: one that no request can name costs its own revocation, not those of the others.
        if (!Try(binding, () => peers = anchor.Preview(request = Make())) || request is null)
        {
            return;
        }

        Plan(anchor, request, peers, binding);
    }

    private void Plan(IRevocationInitiator initiator, RevocationRequest request, IReadOnlyList<RevocationPreview> peers, BindingSnapshot binding)
    {
        if (peers is { Count: > 0 })
        {
            Add(initiator, request, peers, binding);
        }
        else
        {
            WriteError($"{initiator.Name} no longer has the binding of {Subject(request)}.", ErrorIds.BindingNotFound, ErrorCategory.ObjectNotFound, binding);
        }
    }

    private void Add(IRevocationInitiator initiator, RevocationRequest request, IReadOnlyList<RevocationPreview> peers, object? subject)
    {
        // What is named twice is revoked once: a second indication would only overtake the first.
        if (Try(subject, () => Timed(initiator, request), out var timed) && intended.Add((initiator, timed)))
        {
            intents.Add(new Intent(initiator, timed, peers));
        }
    }

    private static string Subject(RevocationRequest request) => request.Scope == RevocationScope.MobileNode ? $"mobile node {request}" : $"{request}";

    /// <summary>The initiators that are named, or all; null after an error.</summary>
    private List<IRevocationInitiator>? Initiators()
    {
        if (Agent is null)
        {
            return [.. Agents.Agents.Where(agent => IsInitiator(agent) && agent.State == AgentState.Running).Cast<IRevocationInitiator>()];
        }

        return Named(Agent, IsInitiator, typeof(HostedLocalMobilityAnchor)) is { } named ? [.. named.Cast<IRevocationInitiator>()] : null;
    }

    /// <summary>A gateway revokes all of its own bindings, and no others.</summary>
    private static bool IsInitiator(HostedAgent agent) => agent is HostedLocalMobilityAnchor or HostedHomeAgent;

    /// <summary>The agents of a role that are named and run; null after an error.</summary>
    private List<HostedAgent>? Named(string[] names, Func<HostedAgent, bool> isMeant, Type usual)
    {
        List<HostedAgent> found = [];
        var isPattern = names.Any(WildcardPattern.ContainsWildcardCharacters);
        var named = FindAgents(names).ToArray();
        foreach (var agent in named)
        {
            if (!isMeant(agent))
            {
                if (!isPattern)
                {
                    WriteWrongKind(agent, usual);
                }
            }
            else if (agent.State != AgentState.Running)
            {
                WriteError($"The agent {agent.Name} does not run: it has no bindings.", ErrorIds.InvalidAgentState, ErrorCategory.InvalidOperation, agent);
            }
            else
            {
                found.Add(agent);
            }
        }

        return found.Count > 0 || isPattern ? found : null;
    }

    private bool Confirm(IRevocationInitiator initiator, string what, RevocationTrigger trigger, Intent[] group)
    {
        var peers = group.SelectMany(intent => intent.Peers)
            .GroupBy(preview => preview.Peer)
            .Select(peer => $"{Environment.NewLine}  {Bindings(peer.Sum(preview => preview.Bindings))} at peer {peer.Key}"
                + (group.Length == 1 && group[0].Request.Scope == RevocationScope.MobileNode ? $" ({group[0].Request})" : ""));
        var action = $"Revoke {what}{(initiator is HostedMobileAccessGateway ? "" : " at")} {initiator.Name} (trigger {(byte)trigger} {trigger}):{string.Concat(peers)}";
        return ShouldProcess(action, $"{action}{Environment.NewLine}Continue?", "Binding revocation");
    }

    private void Revoke(Intent[] confirmed)
    {
        var expected = confirmed.Sum(intent => intent.Peers.Count);
        var progress = new ProgressRecord(1, "Revoking bindings", "Waiting for acknowledgements")
        {
            PercentComplete = 0,
        };
        var revocations = confirmed.Select(intent => (intent.Initiator, intent.Request)).ToArray();
        var done = 0;
        var outcomes = Await(token => DsmipHost.RevokeAsync(revocations, token)).GetEnumerator();
        try
        {
            WriteProgress(progress);
            while (Try(null, () => outcomes.MoveNext(), out var isNext) && isNext)
            {
                progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{++done} of {expected} indications answered or given up");
                progress.PercentComplete = Math.Min(100, 100 * done / Math.Max(1, expected));
                WriteProgress(progress);
                WriteObject(outcomes.Current);
                WriteErrorOf(outcomes.Current);
            }
        }
        finally
        {
            outcomes.Dispose();
        }

        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }

    private void WriteErrorOf(RevocationOutcome outcome)
    {
        switch (outcome.Result)
        {
            case RevocationResult.Rejected:
                WriteError(
                    $"The peer {outcome.Peer} rejected the revocation of {outcome.Request} with status {(byte)outcome.Status!} {outcome.Status}; "
                        + $"{Bindings(outcome.BindingsKept)} {(outcome.BindingsKept == 1 ? "stays" : "stay")}.",
                    ErrorIds.RevocationRejected,
                    ErrorCategory.PermissionDenied,
                    outcome);
                break;
            case RevocationResult.TimedOut:
                WriteError(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The peer {outcome.Peer} did not answer after {outcome.Attempts} {(outcome.Attempts == 1 ? "attempt" : "attempts")} to revoke {outcome.Request}. ")
                        + $"{outcome.Agent} removed {Bindings(outcome.BindingsRevoked)} all the same (RFC 5846, 6.3); the peer may still hold them.",
                    ErrorIds.Timeout,
                    ErrorCategory.OperationTimeout,
                    outcome);
                break;
            case RevocationResult.NotTold:
                WriteWarning(
                    $"The peer {outcome.Peer} has not agreed to be told of revocations (RFC 3543, 4.2.1): {outcome.Agent} has removed {Bindings(outcome.BindingsRevoked)}, and sent nothing.");
                break;
            case RevocationResult.Cancelled:
                WriteWarning(
                    $"An update, a removal or another revocation came before the answer of {outcome.Peer} to the revocation of {outcome.Request}; Get-DsmipBinding tells what stands.");
                break;
        }
    }

    /// <summary>What is to be revoked by one agent.</summary>
    private sealed record Intent(IRevocationInitiator Initiator, RevocationRequest Request, IReadOnlyList<RevocationPreview> Peers);
}
