using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>
/// Where the node is: agents on its link, movement, and the way home (RFC 5944, 2.4 and 3.6). A node without a co-located care-of address registers
/// through the first foreign agent that it hears; one that has an address does so where R is set (2.4.1).
/// </content>
public sealed partial class MobileNode
{
    /// <summary>Keyed authenticators that are kept for foreign agents.</summary>
    private const int ForeignAgentAuthenticators = 16;

    /// <summary>How long an agent that refused, or did not answer, is left alone.</summary>
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(30);

    private readonly AuthenticatorCache foreignAgents;
    private readonly AgentSearch search;
    private TimeSpan registerAt = TimeSpan.MaxValue;
    private TimeSpan? lastRequest;

    /// <summary>True on the home network, as far as the node has heard (RFC 5944, 2.4.3).</summary>
    public bool IsAtHome => path is { IsHome: true };

    /// <summary>The foreign agent that is registered through, or to be; null for none.</summary>
    public Address? ForeignAgent => path?.ForeignAgent;

    /// <inheritdoc/>
    public override void LinkUp(uint link, Instant now)
    {
        search.LinkUp(link, now.Elapsed);
        Leave(now);
    }

    /// <inheritdoc/>
    public override void LinkDown(uint link, Instant now)
    {
        if (search.Link == link)
        {
            search.LinkDown();
            Leave(now);
        }
    }

    /// <summary>A packet has come in on the link: an advertisement, or a reply.</summary>
    public override void ReceiveOnLink(uint link, ReadOnlySpan<byte> packet, Instant now)
    {
        if (search.Link != link)
        {
            return;
        }

        if (search.Hear(packet, now.Elapsed, out var isNew, out var hasRestarted) is { } agent)
        {
            Counters.Count(MessageKind.AgentAdvertisement, Direction.Received);
            Hear(agent, isNew, hasRestarted, now);
        }
        else if (IpPacketView.TryParse(packet, out var view, out _) && view is { IsIPv4: true, Protocol: IpProtocol.Udp }
            && PacketFrame.TryRead(packet, Transport, out var envelope, out var message, out _)
            && envelope.Destination.Port == port
            && (envelope.Destination.Address == LocalEndpoint.Address || envelope.Destination.Address == DiscoveryMessages.Broadcast))
        {
            Receive(message, envelope, now);
        }
    }

    /// <summary>The way that configuration tells: through a foreign agent, with a co-located care-of address, or none.</summary>
    private RegistrationPath? ConfiguredPath() => options.ForeignAgent is { } agent
        ? new RegistrationPath(agent, CareOfAddress ?? options.HomeAddress, options.ForeignAgentCareOfAddress ?? agent.Address, false) { ForeignAgent = agent.Address }
        : CareOfAddress is { } careOf ? new RegistrationPath(options.HomeAgent, careOf, careOf, true)
        : null;

    private RegistrationPath PathThrough(AdvertisedAgent agent) => CareOfAddress is { } careOf && options.ForeignAgent is null
        ? new RegistrationPath(new Endpoint(agent.Address, options.ForeignAgentPort), careOf, careOf, true) { ForeignAgent = agent.Address, Advertised = agent }
        : new RegistrationPath(new Endpoint(agent.Address, options.ForeignAgentPort), options.HomeAddress, agent.CareOfAddress, false)
        {
            ForeignAgent = agent.Address, Advertised = agent,
        };

    /// <summary>The link is another one: what stood by what was heard there does not stand any more.</summary>
    private void Leave(Instant now)
    {
        if (path is { IsHome: true } or { Advertised: not null })
        {
            Follow(ConfiguredPath(), now);
        }

        registerAt = TimeSpan.MaxValue;
    }

    private void Hear(AdvertisedAgent agent, bool isNew, bool hasRestarted, Instant now)
    {
        if (isNew)
        {
            ReportAgent(EventKind.AgentDiscovered, agent, now, Describe(agent));
        }

        if (IsHome(agent))
        {
            ReturnHome(now);
        }
        else if (path?.Advertised == agent)
        {
            if (hasRestarted)
            {
                // RFC 5944, 2.4.4: it has lost its visitors.
                ReportAgent(EventKind.AgentRestarted, agent, now, null);
                RegisterSoon(now);
            }
        }
        else if (IsUsable(agent, now) && (path is null or { IsHome: false, Advertised: null } || HasMovedTo(agent, now)))
        {
            Use(agent, now);
        }
    }

    /// <summary>RFC 5944, 2.4.3: the node's own home agent, or the home network by its prefix.</summary>
    private bool IsHome(AdvertisedAgent agent) =>
        (agent.Said.HomeAgent && (agent.Address == options.HomeAgent.Address || agent.Routers.Contains(options.HomeAgent.Address)))
        || (options.HomeNetwork is { } home && agent.Networks is { } networks
            && networks.Any(network => network.Length == home.Length && home.Contains(network.Address)));

    /// <summary>True for a foreign agent that takes the node, which needs one, or has to register with one all the same (RFC 5944, 2.4.1 and 3.1).</summary>
    private bool IsUsable(AdvertisedAgent agent, Instant now) => agent.IsForeignAgent && options.ForeignAgent is null
        && (CareOfAddress is null || agent.Said.RegistrationRequired)
        && (!agent.Said.Busy || agent == path?.Advertised) && agent.NotBefore <= now.Elapsed;

    /// <summary>
    /// RFC 5944, 2.4.2.2 and 3.6: another network by its prefix, while the present agent, which would have been heard by now, is not. As long as that is
    /// heard, another agent is no reason to leave it.
    /// </summary>
    private bool HasMovedTo(AdvertisedAgent agent, Instant now) =>
        path?.Advertised is { } present && present.IsElsewhere(agent) && present.HeardAt + (present.ValidFor / 3) < now.Elapsed;

    private void Use(AdvertisedAgent agent, Instant now)
    {
        search.End();
        Follow(PathThrough(agent), now);
        RegisterSoon(now);
    }

    private void ReturnHome(Instant now)
    {
        if (IsAtHome)
        {
            if (active is not null && pending is null)
            {
                // The home agent has not heard of it yet.
                RegisterSoon(now);
            }

            return;
        }

        search.End();
        Follow(new RegistrationPath(options.HomeAgent, options.HomeAddress, options.HomeAddress, false) { IsHome = true }, now);
        ReportRegistration(EventKind.ReturnedHome, now, null);
        RegisterSoon(now);
    }

    /// <summary>Takes another way; a request that waits goes that way too, and one that nobody waits for begins anew.</summary>
    private void Follow(RegistrationPath? way, Instant now)
    {
        path = way;
        if (active is { } held && way is null)
        {
            // Without a way there is nothing to renew by.
            active = held with { RenewAt = TimeSpan.MaxValue };
        }

        if (pending is { Command: 0 })
        {
            pending = null;
        }
        else if (pending is { } waiting && way is null)
        {
            AwaitAgent(waiting, now);
        }
    }

    /// <summary>A command that has no way yet ends as one without an answer, unless an agent is found.</summary>
    private void AwaitAgent(PendingRegistration registration, Instant now)
    {
        registration.Path = null;
        registration.Transmissions = options.Retransmission.MaximumRetries + 1;
        registration.Deadline = now.Elapsed;
        for (var transmission = 1; transmission <= registration.Transmissions; transmission++)
        {
            registration.Deadline += options.Retransmission.DelayAfter(transmission);
        }

        search.Begin(now.Elapsed);
    }

    /// <summary>Registers now, or when a second has passed since the last request (RFC 5944, 3.6.3).</summary>
    private void RegisterSoon(Instant now)
    {
        var soonest = lastRequest is { } last ? last + Second : now.Elapsed;
        if (soonest > now.Elapsed)
        {
            registerAt = soonest;
            return;
        }

        registerAt = TimeSpan.MaxValue;
        if (path is null || port == 0)
        {
            return;
        }

        if (pending is { Command: not 0 } waiting && waiting.IsDeregistration == path.IsHome)
        {
            (waiting.Path, waiting.Transmissions) = (path, 1);
            Send(waiting, now);
        }
        else
        {
            Begin(new PendingRegistration(0, path.IsHome ? (ushort)0 : lifetime, options.HomeAddress, path.IsHome ? [] : IPv6Prefixes), now);
        }
    }

    /// <summary>The registration is near its end. An agent of another network, heard since, is registered with instead (RFC 5944, 2.4.2.2).</summary>
    private void Renew(Instant now)
    {
        if (path?.Advertised is { } present
            && search.Agents.FirstOrDefault(agent => agent.HeardAt > present.HeardAt && HasMovedTo(agent, now) && IsUsable(agent, now)) is { } other)
        {
            Use(other, now);
        }
        else if (path is not null)
        {
            Begin(new PendingRegistration(0, lifetime, options.HomeAddress, IPv6Prefixes), now);
        }
    }

    private void ExpireDiscovery(Instant now)
    {
        while (search.TakeLost(now.Elapsed) is { } lost)
        {
            ReportAgent(EventKind.AgentLost, lost, now, null);
            if (path?.Advertised == lost || (IsAtHome && IsHome(lost) && !search.Agents.Any(IsHome)))
            {
                Follow(ConfiguredPath(), now);
                FindAnother(now);
            }
        }

        if (search.SolicitAt <= now.Elapsed)
        {
            if (search.Solicitations == AgentSearch.InitialSolicitations && !search.Agents.Any())
            {
                Report(new AgentEvent
                {
                    At = now,
                    Kind = EventKind.AgentNotFound,
                    Message = MessageKind.AgentSolicitation,
                    HomeAddress = options.HomeAddress,
                    Detail = "nobody on the link answers solicitations, or advertises",
                });
            }

            Outbox.SendOnLink(search.Link!.Value, DiscoveryMessages.Solicitation(LocalEndpoint.Address).Span);
            Counters.Count(MessageKind.AgentSolicitation, Direction.Sent);
            search.Solicited(now.Elapsed);
        }

        if (registerAt <= now.Elapsed)
        {
            RegisterSoon(now);
        }
    }

    private void FindAnother(Instant now)
    {
        if (search.Agents.FirstOrDefault(agent => IsUsable(agent, now)) is { } other)
        {
            Use(other, now);
        }
        else
        {
            search.Begin(now.Elapsed);
        }
    }

    /// <summary>The home agent has accepted.</summary>
    private void Registered(PendingRegistration answered)
    {
        if (answered.Path is { Advertised: not null } or { IsHome: true })
        {
            search.End();
        }
    }

    /// <summary>What can be repaired is (RFC 5944, 3.6.2.3): a shorter lifetime, another care-of address, another agent; else later.</summary>
    private void TryElsewhere(PendingRegistration failed, RegistrationCode? code, ushort longest, Instant now)
    {
        if (failed.IsDeregistration || path?.Advertised is not { } agent || failed.Path?.Advertised is { } asked && asked != agent)
        {
            return;
        }

        if (code == RegistrationCode.ForeignAgentRequestedLifetimeTooLong && longest > 0 && longest < failed.Lifetime)
        {
            agent.LongestLifetime = longest;
            RegisterSoon(now);
        }
        else if (code is { } refusal && !refusal.IsFromHomeAgent() && agent.CareOf + 1 < agent.Said.CareOfAddresses.Count)
        {
            agent.CareOf++;
            Use(agent, now);
        }
        else if (code is { } final && final.IsFromHomeAgent())
        {
            registerAt = active is null ? now.Elapsed + pause : TimeSpan.MaxValue;
        }
        else
        {
            agent.CareOf = 0;
            agent.NotBefore = now.Elapsed + pause;
            Follow(ConfiguredPath(), now);
            FindAnother(now);
        }
    }

    /// <summary>True for an encapsulation that the node itself takes off, or that the foreign agent says it takes (RFC 5944, 3.6.1.2).</summary>
    private static bool MayAskFor(RegistrationPath way, Func<MobilityAgentAdvertisementExtension, bool> offers) =>
        way.IsCoLocated || way.Advertised is not { } agent || offers(agent.Said);

    private SecurityAssociation? AssociationWith(RegistrationPath way) =>
        way.ForeignAgent is { } agent ? options.ForeignAgentAssociations.GetValueOrDefault(agent) : null;

    /// <summary>What is for the foreign agent alone, behind the Mobile-Home Authentication extension (RFC 5944, 3.6.1.3; RFC 3024, 3.3).</summary>
    private EncapsulatingDeliveryStyleExtension? ExtensionsForAgent(RegistrationPath way) =>
        options.EncapsulatingDelivery && !way.IsCoLocated && way.ForeignAgent is not null ? new EncapsulatingDeliveryStyleExtension() : null;

    private int LengthForAgent(EncapsulatingDeliveryStyleExtension? style, SecurityAssociation? association) =>
        (style?.GetLength() ?? 0)
        + (association is null ? 0 : RegistrationAuthentication.GetLength(foreignAgents.Get(association), ExtensionType.MobileForeignAuthentication));

    private int AppendForAgent(Span<byte> room, int length, EncapsulatingDeliveryStyleExtension? style, SecurityAssociation? association)
    {
        length += style?.Write(room[length..]) ?? 0;
        return association is null ? length : RegistrationAuthentication.Append(
            room, length, association.SecurityParameterIndex, foreignAgents.Get(association), ExtensionType.MobileForeignAuthentication);
    }

    /// <summary>RFC 5944, 3.6.2.1 a: with an association, exactly one right Mobile-Foreign Authentication extension.</summary>
    private DropReason CheckForeignAgent(RegistrationReplyView reply, in ReplyExtensions extensions, RegistrationPath way)
    {
        if (AssociationWith(way) is not { } association)
        {
            return DropReason.None;
        }

        return extensions.ForeignAuthentications == 0 ? DropReason.MissingAuthentication
            : extensions.ForeignAuthentications > 1 || !AuthenticationExtension.TryReadAny(extensions.ForeignAuthentication, out var index, out _)
                ? DropReason.BadAuthenticator
            : index != association.SecurityParameterIndex ? DropReason.NoSecurityAssociation
            : !RegistrationAuthentication.Verify(reply.Octets, extensions.ForeignAuthentication, foreignAgents.Get(association)) ? DropReason.BadAuthenticator
            : DropReason.None;
    }

    /// <summary>Sends a request to an agent on the link. The TTL shows that the node is on it (RFC 3024, 4.1.1).</summary>
    private void SendOnLink(uint link, in Envelope envelope, byte[] request) => Outbox.SendOnLink(link, PacketComposer.Compose(
        new IPv4Header { Source = envelope.Source.Address, Destination = envelope.Destination.Address, TimeToLive = byte.MaxValue },
        new UdpHeader { SourcePort = envelope.Source.Port, DestinationPort = envelope.Destination.Port },
        new Data { Octets = request }).Span);

    private static string Describe(AdvertisedAgent agent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(agent.Said.HomeAgent ? "home agent" : "")}{(agent.Said is { HomeAgent: true, ForeignAgent: true } ? " and " : "")}{(agent.Said.ForeignAgent ? "foreign agent" : "")}{(agent.IsForeignAgent ? $", care-of address {agent.CareOfAddress}" : "")}{(agent.Said.Busy ? ", busy" : "")}, valid for {agent.ValidFor.TotalSeconds} s");

    private void ReportAgent(EventKind kind, AdvertisedAgent agent, Instant now, string? detail) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Message = MessageKind.AgentAdvertisement,
        HomeAddress = options.HomeAddress,
        Peer = agent.Address,
        Detail = detail,
    });
}
