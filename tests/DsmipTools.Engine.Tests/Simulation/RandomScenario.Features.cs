using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Simulation;

/// <content>
/// What only some seeds have: heartbeats, access links, GRE and a proxy care-of address of its own; and an administrator who clears bindings and
/// changes the configuration in the middle of it all.
/// </content>
internal sealed partial class RandomScenario
{
    private static readonly Address Alternate = "2001:db8:c::2";

    private readonly bool heartbeats;
    private readonly bool hasLinks;

    private static int NumberOf(MobileAccessGatewayOptions options) => options.Name[^1] - '1';

    private HeartbeatOptions Watched(IReadOnlyList<Envelope>? former) => !heartbeats ? Domain.NoHeartbeats : new HeartbeatOptions
    {
        Interval = TimeSpan.FromSeconds(20),
        MissingAllowed = 2,
        RestartCounter = (uint)lives,
        FormerPeers = former ?? [],
        RemovesUnreachable = seed % 12 < 6,
    };

    /// <summary>Half of those that restart still know whom to tell.</summary>
    private IReadOnlyList<Envelope>? FormerOf(ProxyMobileIPv6Agent agent) => network.Below(2) == 0 ? agent.Peers : null;

    private uint LinkOf(string node) => hasLinks ? (uint)Array.IndexOf(nodes, node) + 1 : 0;

    private long LinkDown(MobileAccessGateway gateway, string node, Instant now)
    {
        gateway.LinkDown(LinkOf(node), now);
        return 0;
    }

    /// <summary>One side forgets a binding; the other side brings it back, or lets it end.</summary>
    private void Clear(string node, MobileAccessGateway gateway)
    {
        if (anchor.Bindings(node, network.Now).FirstOrDefault() is { } binding && network.Below(2) == 0)
        {
            network.Do(anchor, now => anchor.Clear(binding, now) ? 1 : 0);
        }
        else if (gateway.Find(node, network.Now) is { } attachment)
        {
            network.Do(gateway, now => gateway.Clear(attachment, now) ? 1 : 0);
        }
    }

    private void Configure()
    {
        var changed = anchorOptions = anchorOptions with
        {
            MaximumLifetime = TimeSpan.FromSeconds(120 + (network.Below(4) * 40)),
            MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(network.Below(3) * 5),
            UnknownHandoff = (UnknownHandoffPolicy)network.Below(3),
            RevokesOnHandover = network.Below(2) == 0,
            TimestampValidityWindow = TimeSpan.FromMilliseconds(200 + network.Below(400)),
            Revocation = new RevocationVariables { MaximumRetries = network.Below(5) },
        };
        network.Do(anchor, now => Then(() => anchor.Configure(changed, now)));
        var number = network.Below(Gateways);
        var other = gatewayOptions[number] = gatewayOptions[number] with
        {
            Lifetime = TimeSpan.FromSeconds(80 + (network.Below(6) * 40)),
            Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32), network.Below(5)),
        };
        network.Do(gateways[number], now => Then(() => gateways[number].Configure(other, now)));

        static long Then(Action action)
        {
            action();
            return 0;
        }
    }
}
