using System.Text;
using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>
/// A virtual hour of mobile nodes that attach, move, leave and are revoked over links that lose, double, reorder and break; every other seed restarts
/// agents and sets their clocks too. Then all of that heals, and both sides have to agree; then all leave, and nothing may be left.
/// </summary>
internal sealed partial class RandomScenario
{
    private const int Gateways = 3;
    private static readonly string[] Realms = ["example.com", "foo.example.com", "example.org"];
    private static readonly Link Bad = new() { Loss = 20, Duplication = 15, Jitter = TimeSpan.FromMilliseconds(200) };

    private readonly Network network;
    private readonly MobileAccessGatewayOptions[] gatewayOptions;
    private readonly MobileAccessGateway[] gateways;
    private readonly string[] nodes;
    private readonly Dictionary<string, int> places = [];
    private readonly List<(Agent Agent, long Command, bool IsRevocation)> commands = [];
    private readonly Dictionary<(Address Source, ushort Number), Octets> indications = [];
    private readonly int poolLength;
    private readonly bool restarts;
    private readonly ulong seed;
    private LocalMobilityAnchorOptions anchorOptions;
    private LocalMobilityAnchor anchor;
    private ulong lives;

    public RandomScenario(ulong seed, PcapngWriter? capture = null)
    {
        this.seed = seed;
        restarts = seed % 2 == 1;
        network = new Network(seed) { Keeps = false, Link = Bad, Capture = capture };
        var transport = seed % 3 == 0 ? Transport.IPv6 : Transport.ProxyMobileIPv6Udp;
        // Every fifth seed has fewer prefixes than mobile nodes.
        poolLength = seed % 5 == 0 ? 61 : 57;
        heartbeats = seed % 6 < 2;
        hasLinks = seed % 5 == 2;
        anchorOptions = AnchorOptions(transport) with
        {
            PrefixPool = new Prefix(Pool.Bits, (byte)poolLength),
            MaximumLifetime = TimeSpan.FromSeconds(240),
            PrefixesPerSession = seed % 4 == 1 ? 2 : 1,
            IPv4HomeNetwork = "192.0.2.0/28",
            UnknownHandoff = (UnknownHandoffPolicy)(seed % 3),
            RevokesOnHandover = seed % 8 < 4,
            // The third gateway may not revoke everything.
            GlobalRevocation = [Authorized(1, transport), Authorized(2, transport)],
            CareOfAddresses = [new CareOfAddressAuthorization { Sources = [GatewayAddress(transport, 2)], CareOfAddresses = [Alternate] }],
            Gre = seed % 8 == 7 ? GrePolicy.Required : GrePolicy.Allowed,
            MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(seed % 4 == 0 ? 0 : 10),
            Protection = PeersByAddress.Anyone,
        };
        gatewayOptions = [.. Enumerable.Range(1, Gateways).Select(number =>
            GatewayOptions(number, transport) with
            {
                Lifetime = TimeSpan.FromSeconds(number == 3 ? 400 : 120),
                Gre = seed % 4 == 3 ? (GreEncapsulation)((number + 1) % 3) : GreEncapsulation.None,
                ProxyCareOfAddress = number == 2 && seed % 6 == 3 ? Alternate : default(Address?),
                TimestampBasedApproachInUse = seed % 7 != 6,
                AccessLink = new AccessLinkOptions { RouterAddress = seed % 4 == 2 ? "::" : "fe80::1", ReachabilityInterval = seed % 10 == 2 ? TimeSpan.FromMinutes(5) : default(TimeSpan?) },
            })];
        anchor = network.Add(NewAnchor());
        gateways = [.. gatewayOptions.Select(options => network.Add(NewGateway(options)))];
        nodes = [.. Enumerable.Range(0, 12).Select(number => $"mn{number}@{Realms[number % Realms.Length]}")];
        octets = [.. nodes.Select(Encoding.UTF8.GetBytes)];
        network.Loses = Watch;
        network.AfterInput = CheckForwarding;
        hasFailures = seed % 7 == 0;
        network.Fails = hasFailures ? FailSometimes : null;
    }

    public ulong Hash => network.Hash;

    public long Packets => network.Packets;

    public int Restarts { get; private set; }

    public int Revocations => commands.Count(command => command.IsRevocation);

    public void Run()
    {
        while (network.Now.Elapsed < TimeSpan.FromHours(1))
        {
            Act();
            network.Run(TimeSpan.FromSeconds(network.Below(4) == 0 ? network.Below(3) / 10.0 : network.Below(40)));
        }

        network.Link = Link.Perfect;
        network.SetClock(anchor, TimeSpan.Zero);
        Array.ForEach(gateways, gateway =>
        {
            network.SetLink(gateway, Link.Perfect);
            network.SetClock(gateway, TimeSpan.Zero);
        });
        network.Fails = null;
        network.Run(TimeSpan.FromSeconds(600));
        CheckAgreement();
        CheckTraffic();
        CheckRevocation();

        foreach (var node in nodes)
        {
            Array.ForEach(gateways, gateway => Leave(node, gateway));
        }

        network.Run(TimeSpan.FromHours(1));
        CheckNothingLeft();
        CheckCommands();
    }

    /// <summary>Who stands where, as text: anchor and gateways have to say the same.</summary>
    public (string Anchor, string Gateways) Views() => (
        string.Join('\n', anchor.Bindings(network.Now).Select(View).Order(StringComparer.Ordinal)),
        string.Join('\n', gateways.SelectMany(gateway => gateway.Bindings(network.Now)).Select(View).Order(StringComparer.Ordinal)));

    private static string View(ProxyBindingSnapshot binding) => $"{binding.Identifier} {binding.LinkLayerIdentifier} {binding.Prefixes} {binding.IPv4HomeAddress} {binding.CareOfAddress} {binding.State}";

    private static GatewayAuthorization Authorized(int number, Transport transport) =>
        new() { Identity = $"mag{number}", CareOfAddresses = number == 2 ? [GatewayAddress(transport, number), Alternate] : [GatewayAddress(transport, number)] };

    private void Act()
    {
        var node = nodes[network.Below(nodes.Length)];
        var gateway = gateways[network.Below(Gateways)];
        switch (network.Below(restarts ? 18 : 16))
        {
            case 0 or 1 or 2 or 3:
                Attach(node, network.Below(Gateways), (HandoffIndicator)(1 + network.Below(4)));
                break;
            case 4:
                Leave(node, gateways[places.GetValueOrDefault(node)]);
                break;
            case 5 or 6:
                var old = gateways[places.GetValueOrDefault(node)];
                Attach(node, network.Below(Gateways), HandoffIndicator.BetweenGateways);
                network.Run(TimeSpan.FromMilliseconds(network.Below(300)));
                if (gateways[places.GetValueOrDefault(node)] != old)
                {
                    Leave(node, old);
                }

                break;
            case 7:
                Revoke(RevocationRequest.Realm(Realms[network.Below(Realms.Length)]));
                break;
            case 8:
                Revoke(RevocationRequest.MobileNode(node, trigger: (RevocationTrigger)network.Below(8)));
                break;
            case 9:
                var prefix = anchor.Bindings(node, network.Now).SelectMany(binding => binding.Prefixes).Select(found => (Prefix?)found).FirstOrDefault();
                Revoke(RevocationRequest.MobileNode(node, prefix, (RevocationTrigger)network.Below(8)));
                break;
            case 10:
                Revoke(network.Below(3) == 0 ? RevocationRequest.Peer(gateway.LocalEndpoint.Address) : RevocationRequest.MobileNode(node));
                break;
            case 11:
                Revoke(RevocationRequest.IPv4(node, trigger: (RevocationTrigger)network.Below(8)));
                break;
            case 12:
                RevokeAll(gateway);
                break;
            case 13:
                Clear(node, gateway);
                break;
            case 14:
                Configure();
                break;
            case 16:
                Restart(gateway);
                break;
            case 17:
                SetClock(gateway);
                break;
            default:
                network.SetLink(gateway, network.Below(3) == 0 ? Bad with { Partitioned = true } : Bad);
                break;
        }
    }

    private LocalMobilityAnchor NewAnchor(IReadOnlyList<Envelope>? former = null) =>
        Anchor(anchorOptions = anchorOptions with { Heartbeat = Watched(former) }, seed + 1 + (1000 * lives++));

    private MobileAccessGateway NewGateway(MobileAccessGatewayOptions options, IReadOnlyList<Envelope>? former = null) =>
        Gateway(gatewayOptions[NumberOf(options)] = options with { Heartbeat = Watched(former) }, seed + 10 + (1000 * lives++));

    /// <summary>A gateway restarts, or, less often, the anchor: nobody waits for what they had begun.</summary>
    private void Restart(MobileAccessGateway gateway)
    {
        Restarts++;
        Agent old = network.Below(4) == 0 ? anchor : gateway;
        commands.RemoveAll(command => command.Agent == old);
        foreach (var key in indications.Keys.Where(key => key.Source == old.LocalEndpoint.Address).ToList())
        {
            indications.Remove(key);
        }

        if (old == anchor)
        {
            anchor = network.Restart(anchor, NewAnchor(FormerOf(anchor)));
            return;
        }

        var number = Array.IndexOf(gateways, gateway);
        gateways[number] = network.Restart(gateway, NewGateway(gatewayOptions[number], FormerOf(gateway)));
    }

    /// <summary>A clock is wrong, by less than updates may be or by more, or right again.</summary>
    private void SetClock(MobileAccessGateway gateway) => network.SetClock(
        network.Below(4) == 0 ? anchor : gateway,
        network.Below(3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(network.Below(3) == 0 ? network.Below(7_200_000) - 3_600_000 : network.Below(400) - 200));

    private void Attach(string node, int place, HandoffIndicator indicator)
    {
        if (gateways[place].Initiator.Outstanding == 0 && gateways[place].Find(node, network.Now) is null or { State: BindingState.Deregistered })
        {
            var number = Array.IndexOf(nodes, node);
            var request = new AttachmentRequest
            {
                Identifier = node,
                HandoffIndicator = indicator,
                AccessLink = LinkOf(node),
                LinkLayerIdentifier = number % 4 == 0 ? new[] { (byte)1, (byte)number } : default(Octets),
                IPv6 = number % 5 != 0,
                IPv4HomeAddress = number % 5 == 0 || network.Below(2) == 0 ? Address.AnyIPv4 : default(Address?),
            };
            if (request.LinkLayerIdentifier.Length > 0)
            {
                // One interface is at one place: a renewal from where it was would be one of this session (RFC 5213, 5.4.1.1 (5)).
                Array.ForEach(gateways, left => Leave(node, left));
            }

            commands.Add((gateways[place], network.Do(gateways[place], now => gateways[place].Attach(request, now)), false));
            places[node] = place;
        }
    }

    private void Leave(string node, MobileAccessGateway gateway)
    {
        if (gateway.Find(node, network.Now) is null || (hasLinks && network.Below(2) == 0))
        {
            network.Do(gateway, now => LinkDown(gateway, node, now));
        }
        else
        {
            commands.Add((gateway, network.Do(gateway, now => gateway.Detach(node, now)), false));
        }
    }

    private void Revoke(RevocationRequest request) => commands.Add((anchor, network.Do(anchor, now => anchor.Revoke(request, now)), true));

    private void RevokeAll(MobileAccessGateway gateway)
    {
        if (gateway.Initiator.Outstanding == 0)
        {
            gateway.PermitRevocation();
            commands.Add((gateway, network.Do(gateway, now => gateway.Revoke(RevocationRequest.Gateway(), now)), true));
        }
    }

    /// <summary>Fewer than 65,536 indications are sent in a run, so that different ones never have one number; equal ones are retransmissions.</summary>
    private bool Watch(SentMessage sent)
    {
        var octets = sent.Octets.Span;
        if (octets[2] == (byte)MobilityHeaderType.BindingRevocation && octets[6] == (byte)BindingRevocationType.Indication)
        {
            var number = (ushort)((octets[8] << 8) | octets[9]);
            Assert.Equal(sent.Octets, indications.TryGetValue((sent.Envelope.Source.Address, number), out var known) ? known : indications[(sent.Envelope.Source.Address, number)] = sent.Octets);
        }

        network.Sent.Clear();
        return false;
    }

    private void CheckAgreement()
    {
        var (atAnchor, atGateways) = Views();
        Assert.Equal(atAnchor, atGateways);
        Assert.All(anchor.Bindings(network.Now), binding => Assert.Equal(BindingState.Active, binding.State));
        Assert.Equal(0, anchor.Initiator.Outstanding);
    }

    /// <summary>Over healed links a realm goes at once and on both sides, and nothing else goes.</summary>
    private void CheckRevocation()
    {
        var before = anchor.Bindings(network.Now).ToList();
        Revoke(RevocationRequest.Realm(Realms[0]));
        network.Run(TimeSpan.FromSeconds(1));
        CheckAgreement();
        CheckTraffic();
        CheckNoTraffic(before.Where(binding => binding.Identifier!.EndsWith("@" + Realms[0], StringComparison.Ordinal)));
        Assert.Equal(
            before.Where(binding => !binding.Identifier!.EndsWith("@" + Realms[0], StringComparison.Ordinal)).Select(View),
            anchor.Bindings(network.Now).Select(View));
    }

    private void CheckNothingLeft()
    {
        anchor.Expire(network.Now);
        Assert.Equal((0, 0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries, anchor.HeldBesideBindings));
        Assert.Equal([0, 0, 0], gateways.Select(gateway => gateway.BindingCount + gateway.HeldBesideAttachments));
        Assert.Equal([0, 0, 0], gateways.Select(gateway => gateway.AccessLinkCount));
        CheckNoTunnels();
        var all = new HashSet<Prefix>();
        while (anchor.Pool.Take(all.Contains) is { } prefix)
        {
            all.Add(prefix);
        }

        Assert.Equal(1 << (64 - poolLength), all.Count);
    }

    private void CheckCommands()
    {
        foreach (var (agent, command, isRevocation) in commands)
        {
            var outcomes = network.Outcomes[(agent.Name, command)];
            if (isRevocation)
            {
                var finished = Assert.IsType<RevocationFinished>(outcomes[^1]);
                var peers = outcomes[..^1].ConvertAll(Assert.IsType<RevocationOutcome>);
                Assert.Equal(finished, new RevocationFinished(peers.Count, peers.Sum(peer => peer.BindingsRevoked)));
            }
            else
            {
                Assert.IsType<AttachmentOutcome>(Assert.Single(outcomes));
            }
        }

        Assert.Equal(commands.Count, network.Outcomes.Count);
    }
}
