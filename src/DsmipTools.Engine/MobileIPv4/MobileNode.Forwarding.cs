using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Where the traffic of the node goes (RFC 5944, 4.2.1; RFC 5454, 3.5): the only place that asks for tunnels and routes.</content>
public sealed partial class MobileNode
{
    /// <summary>The node itself is behind its tunnels: a link that is no interface.</summary>
    private const long OwnLink = 1L << 32;

    private readonly TrafficRoutes<(PendingRegistration Answered, Reachability Before)> routes;
    private Reachability reached;

    /// <inheritdoc/>
    public override void Fail(long effect, string reason, Instant now)
    {
        Report(new AgentEvent
        {
            At = now,
            Kind = EventKind.EffectFailed,
            Message = MessageKind.RegistrationRequest,
            HomeAddress = options.HomeAddress,
            Peer = options.HomeAgent.Address,
            Detail = reason,
        });
        foreach (var (answered, before) in routes.Fail(effect, now))
        {
            // What stood before the reply stands again.
            reached = before;
            TakeBack(answered, now);
        }
    }

    /// <summary>Leads the traffic as the registration says; returns the effect that has to succeed before anybody is told.</summary>
    private long Reach(PendingRegistration answered, Instant now)
    {
        var before = reached;
        // A foreign agent is the end of the tunnel instead of the node.
        reached = active is not { Path.IsCoLocated: true } || !options.CarriesTraffic ? default : ReachabilityOf(active);
        var change = routes.Change(before, reached, now);
        if (change.Guard != 0)
        {
            routes.Expect(change, before, reached, (answered, before));
        }

        return change.Guard;
    }

    private void Unreach(Instant now)
    {
        routes.Change(reached, default, now);
        reached = default;
    }

    private Reachability ReachabilityOf(ActiveRegistration registration)
    {
        RegisteredPrefix[] registered = [.. registration.Prefixes.Where(prefix => prefix.State.IsAccepted()).Select(Registered)];
        var ends = new TunnelEnds(TrafficModes.EncapsulationOf(options.GreEncapsulation, options.MinimalEncapsulation), registration.Path.CareOfAddress, options.HomeAgent.Address);
        var inside = new TunnelEnds(Encapsulation.IpInIp, options.HomeAddress, options.HomeAgent.Address);
        return TrafficModes.Reach(ends, options.HomeAddress, inside, registered) with
        {
            Link = OwnLink,
            Node = nai ?? new NetworkAccessIdentifier(Encoding.UTF8.GetBytes(options.HomeAddress.ToString())),
        };
    }

    /// <summary>A tunnel or route cannot be had: without it the node has no use for the registration, and gives it back.</summary>
    private void TakeBack(PendingRegistration answered, Instant now)
    {
        Unreach(now);
        active = null;
        ReportRegistration(EventKind.BindingRefused, now, null, "no tunnel");
        Complete(answered, new RegistrationOutcome
        {
            Result = RegistrationResult.NoTunnel,
            HomeAddress = options.HomeAddress,
            HomeAgent = options.HomeAgent.Address,
            CareOfAddress = answered.CareOfAddress,
            LifetimeRequested = RegistrationLifetime.ToTimeSpan(answered.Lifetime),
            Attempts = answered.Attempts,
            Prefixes = PrefixConclusions.All(answered.Prefixes, PrefixRegistrationState.RejectedWithRegistration),
        });
        Begin(new PendingRegistration(0, 0, options.HomeAddress, []), now);
    }
}
