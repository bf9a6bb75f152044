using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Visitors, and the tunnels through which they are reached (RFC 5944, 3.7.3.2 and 4.2.2).</content>
public sealed partial class ForeignAgent
{
    internal int TunnelUses => routes.Tunnels + routes.Uses;

    /// <inheritdoc/>
    public override void Fail(long effect, string reason, Instant now)
    {
        base.Fail(effect, reason, now);
        foreach (var failed in routes.Fail(effect, now))
        {
            TakeBack(failed, reason, now);
        }
    }

    /// <summary>The home agent has accepted: the visitor is reached through the tunnel before it hears of it.</summary>
    private void Accept(Visit visit, RegistrationReplyView reply, ReadOnlySpan<byte> relayed, Instant now)
    {
        var visitor = list.Find(visit.HomeAddress);
        var before = visitor is null ? null : new Former(visitor.Visit, visitor.Lifetime, visitor.End);
        var (reached, reaches) = (before is null ? default : ReachabilityOf(before.Visit), ReachabilityOf(visit));
        var change = routes.Change(reached, reaches, now);
        visitor ??= new Visitor(visit.HomeAddress) { Visit = visit };
        visitor.Visit = visit;
        // RFC 5944, 3.4 and 3.7.3.2: never longer than what was asked for, nor than what is taken here.
        visitor.Lifetime = Math.Min(Math.Min(reply.Lifetime, visit.Lifetime), maximumLifetime);
        visitor.End = RegistrationLifetime.End(now.Elapsed, visitor.Lifetime);
        list.Set(visitor);
        Counters.Observe(list.Count);
        if (change.Guard != 0)
        {
            routes.Expect(change, reached, reaches, new Acceptance(visitor, before, (byte)reply.Code));
        }

        Reply(visit, relayed, reply.Code, change.Guard);
        ReportVisitor(before is null ? EventKind.BindingCreated : EventKind.BindingUpdated, visit, (byte)reply.Code, change.Guard, now);
    }

    /// <summary>Without the tunnel the agent is of no use to the mobile node, which hears of that instead of the acceptance.</summary>
    private void TakeBack(Acceptance acceptance, string reason, Instant now)
    {
        var visitor = acceptance.Visitor;
        var refused = visitor.Visit;
        Counters.Withdraw(MessageKind.RegistrationReply, Direction.Sent, acceptance.Code);
        if (acceptance.Before is { } before)
        {
            (visitor.Visit, visitor.Lifetime, visitor.End) = (before.Visit, before.Lifetime, before.End);
            list.Set(visitor);
        }
        else
        {
            list.Remove(visitor);
        }

        Deny(refused, RegistrationCode.ForeignAgentInsufficientResources, reason, now);
    }

    private void Remove(Visitor visitor, EventKind kind, Instant now)
    {
        list.Remove(visitor);
        routes.Change(ReachabilityOf(visitor.Visit), default, now);
        ReportVisitor(kind, visitor.Visit, null, 0, now);
    }

    /// <summary>How a visitor is reached: not at all by this agent when its care-of address is co-located.</summary>
    private Reachability ReachabilityOf(Visit visit) => visit.Flags.DecapsulationByMobileNode ? default : new Reachability
    {
        Ends = new TunnelEnds(visit.Flags.GreEncapsulation ? Encapsulation.Gre : Encapsulation.IpInIp, options.Address, visit.HomeAgent),
        IPv4HomeAddress = visit.HomeAddress,
        Link = visit.Link,
        Node = visit.Nai ?? NetworkAccessIdentifier.Parse(visit.HomeAddress.ToString()),
        Delivery = visit.Delivery,
    };

    private void ReportVisitor(EventKind kind, Visit visit, byte? code, long guard, Instant now) => Outbox.Report(
        new AgentEvent
        {
            At = now,
            Agent = Name,
            Kind = kind,
            Message = code is null ? MessageKind.Unknown : MessageKind.RegistrationReply,
            Code = code,
            HomeAddress = visit.HomeAddress,
            Identifier = visit.Nai,
            Peer = visit.HomeAgent,
        },
        guard);

    /// <summary>What a visitor had before.</summary>
    private sealed record Former(Visit Visit, ushort Lifetime, TimeSpan End);

    /// <summary>A visitor whose tunnel is not up yet, and what it had before; null for nothing.</summary>
    private sealed record Acceptance(Visitor Visitor, Former? Before, byte Code);
}
