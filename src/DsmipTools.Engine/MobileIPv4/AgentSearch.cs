using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What a mobile node hears on its link, and when it asks (RFC 5944, 2.4): three solicitations about a second apart, then each wait twice as long as the
/// one before, up to a minute.
/// </summary>
internal sealed class AgentSearch(IRandomSource random)
{
    /// <summary>Solicitations before the waits grow; then nobody seems to be there.</summary>
    public const int InitialSolicitations = 3;

    /// <summary>More agents than these on one link are forged, or of no more use.</summary>
    private const int MostAgents = 16;

    private static readonly RetransmissionPolicy waits = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), int.MaxValue);
    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<Address, AdvertisedAgent> agents = [];

    /// <summary>The link; null for none.</summary>
    public uint? Link { get; private set; }

    /// <summary>Solicitations since the search began.</summary>
    public int Solicitations { get; private set; }

    /// <summary>When the next solicitation is due.</summary>
    public TimeSpan SolicitAt { get; private set; } = TimeSpan.MaxValue;

    public IEnumerable<AdvertisedAgent> Agents => agents.Values;

    /// <summary>When something is due here.</summary>
    public TimeSpan Next
    {
        get
        {
            var next = SolicitAt;
            foreach (var agent in agents.Values)
            {
                next = agent.ValidUntil < next ? agent.ValidUntil : next;
            }

            return next;
        }
    }

    /// <summary>A positive indication of a new link: what was heard is of another one.</summary>
    public void LinkUp(uint link, TimeSpan now)
    {
        agents.Clear();
        Link = link;
        Begin(now);
    }

    public void LinkDown()
    {
        agents.Clear();
        Link = null;
        SolicitAt = TimeSpan.MaxValue;
    }

    /// <summary>Searches, as fast as at first: nobody was searched for before.</summary>
    public void Begin(TimeSpan now)
    {
        if (Link is not null && SolicitAt == TimeSpan.MaxValue)
        {
            Solicitations = 0;
            SolicitAt = now + random.NextBetween(TimeSpan.Zero, second);
        }
    }

    /// <summary>Ends the search.</summary>
    public void End() => SolicitAt = TimeSpan.MaxValue;

    /// <summary>A solicitation is sent.</summary>
    public void Solicited(TimeSpan now)
    {
        var wait = ++Solicitations < InitialSolicitations ? second : waits.DelayAfter(Solicitations - InitialSolicitations + 1);
        SolicitAt = now + random.NextBetween(wait, wait * 1.2);
    }

    /// <summary>Takes a packet of the link; null when it is no advertisement of a mobility agent that can be used.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="now">The time.</param>
    /// <param name="isNew">True when the agent was not known.</param>
    /// <param name="hasRestarted">True when it has restarted.</param>
    public AdvertisedAgent? Hear(ReadOnlySpan<byte> packet, TimeSpan now, out bool isNew, out bool hasRestarted)
    {
        (isNew, hasRestarted) = (false, false);
        if (Link is not { } link || !DiscoveryMessages.TryRead(packet, out var source, out _, out var message)
            || message is not IcmpV4RouterAdvertisement { Lifetime: > 0 } advertisement || !source.IsUnicast
            // RFC 5944, 2.1.1: without F and H it is nobody's, and B and R need F.
            || advertisement.Extensions.OfType<MobilityAgentAdvertisementExtension>().FirstOrDefault() is not { } said || !(said.ForeignAgent || said.HomeAgent))
        {
            return null;
        }

        if (!agents.TryGetValue(source, out var agent))
        {
            if (agents.Count == MostAgents)
            {
                return null;
            }

            agents.Add(source, agent = new AdvertisedAgent(source, link));
            isNew = true;
        }

        hasRestarted = agent.Hear(advertisement, said, now) && !isNew;
        return agent;
    }

    /// <summary>Takes out an agent whose advertisement is valid no more; null for none.</summary>
    public AdvertisedAgent? TakeLost(TimeSpan now)
    {
        var lost = agents.Values.FirstOrDefault(agent => agent.ValidUntil <= now);
        if (lost is not null)
        {
            agents.Remove(lost.Address);
        }

        return lost;
    }
}
