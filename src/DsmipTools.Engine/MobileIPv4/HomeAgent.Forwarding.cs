using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Where the traffic of bindings goes (RFC 5944, 4.2.3; RFC 5454, 3.3.2): the only place that asks for tunnels and routes.</content>
public sealed partial class HomeAgent
{
    private readonly TrafficRoutes<PendingChange> routes;

    /// <inheritdoc/>
    public override void Fail(long effect, string reason, Instant now)
    {
        base.Fail(effect, reason, now);
        routes.Fail(effect, now).ForEach(change => TakeBack(change, reason, now));
    }

    private static Reachability ReachabilityOf(MobileNodeEntry node) => node.Grant?.ReachabilityOf(node.HomeAddress) ?? default;

    /// <summary>Binds, and asks for the tunnels and routes of that; returns the effect that has to succeed before the reply may leave.</summary>
    private long Change(MobileNodeEntry node, Grant grant, in ReplyHeader? reply, RegistrationCode code, Instant now)
    {
        var was = node.Grant;
        var before = ReachabilityOf(node);
        bindings.Bind(node, grant);
        Counters.Observe(bindings.Count);
        var after = ReachabilityOf(node);
        var change = routes.Change(before, after, now);
        if (change.Guard != 0)
        {
            routes.Expect(change, before, after, new PendingChange(node, reply, (byte)code, was, node.Lease));
        }

        return change.Guard;
    }

    private void Remove(MobileNodeEntry node, EventKind kind, Instant now)
    {
        ReportBinding(kind, node, now, 0);
        var before = ReachabilityOf(node);
        bindings.Bind(node, null);
        bindings.Renew(node, Lease.None);
        homeAddresses.Release(node.HomeAddress);
        routes.Change(before, default, now);
    }

    /// <summary>A tunnel or route for a registration cannot be had: it is refused (RFC 5944, 3.4: insufficient resources).</summary>
    private void TakeBack(PendingChange change, string reason, Instant now)
    {
        bindings.Bind(change.Node, change.Grant);
        bindings.Renew(change.Node, change.Lease);
        if (change.Grant is null)
        {
            homeAddresses.Release(change.Node.HomeAddress);
        }

        if (change.Reply is { } reply)
        {
            Counters.Withdraw(MessageKind.RegistrationReply, Direction.Sent, change.Code);
            revocations.Cancel(change.Node.HomeAddress, now);
            Refuse(reply, RegistrationCode.InsufficientResources, reason, now);
        }
    }
}
