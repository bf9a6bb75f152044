using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A mobility agent as a mobile node knows it by its advertisements (RFC 5944, 2.1).</summary>
internal sealed class AdvertisedAgent(Address address, uint link)
{
    /// <summary>The source of its advertisements: where requests go (RFC 5944, 3.6.1.1).</summary>
    public Address Address => address;

    /// <summary>The link on which it is heard.</summary>
    public uint Link => link;

    /// <summary>What it said last.</summary>
    public MobilityAgentAdvertisementExtension Said { get; private set; } = new();

    /// <summary>The networks of its routers as far as it tells their lengths; null when it tells none (RFC 5944, 2.1.2).</summary>
    public ValueList<IPv4Network>? Networks { get; private set; }

    /// <summary>The addresses of its routers.</summary>
    public ValueList<Address> Routers { get; private set; }

    public TimeSpan HeardAt { get; private set; }

    public TimeSpan ValidFor { get; private set; }

    /// <summary>When it counts as lost (RFC 5944, 2.4.2.1).</summary>
    public TimeSpan ValidUntil => HeardAt + ValidFor;

    /// <summary>The longest lifetime that it takes, or said that it takes with code 69.</summary>
    public ushort LongestLifetime { get; set; }

    /// <summary>Which of its care-of addresses is tried (RFC 5944, 2.4).</summary>
    public int CareOf { get; set; }

    /// <summary>It has refused, or did not answer: not tried again before.</summary>
    public TimeSpan NotBefore { get; set; }

    public Address CareOfAddress => Said.CareOfAddresses[CareOf];

    public bool IsForeignAgent => Said is { ForeignAgent: true, CareOfAddresses.Count: > 0 };

    /// <summary>Takes an advertisement; true when its sequence number says that the agent has restarted (RFC 5944, 2.4.4).</summary>
    public bool Hear(IcmpV4RouterAdvertisement advertisement, MobilityAgentAdvertisementExtension said, TimeSpan now)
    {
        var hasRestarted = said.SequenceNumber < Said.SequenceNumber && said.SequenceNumber < 256;
        if (said.CareOfAddresses != Said.CareOfAddresses)
        {
            CareOf = 0;
        }

        LongestLifetime = LongestLifetime == 0 || said.RegistrationLifetime != Said.RegistrationLifetime ? said.RegistrationLifetime : LongestLifetime;
        Said = said;
        HeardAt = now;
        ValidFor = TimeSpan.FromSeconds(advertisement.Lifetime);
        Routers = ValueList.From(advertisement.RouterAddresses.Select(router => router.RouterAddress));
        var lengths = advertisement.Extensions.OfType<PrefixLengthsExtension>().FirstOrDefault()?.PrefixLengths;
        Networks = lengths is { } known && known.Length == Routers.Count && known.Span.IndexOfAnyExceptInRange((byte)0, (byte)32) < 0
            ? ValueList.From(Routers.Select((router, at) => new IPv4Network(router, known.Span[at])))
            : (ValueList<IPv4Network>?)null;
        return hasRestarted;
    }

    /// <summary>True when both agents tell their networks, and have none in common (RFC 5944, 2.4.2.2).</summary>
    public bool IsElsewhere(AdvertisedAgent other) => Networks is { Count: > 0 } here && other.Networks is { Count: > 0 } there
        && !here.Any(network => there.Any(another => another.Length == network.Length && another.Contains(network.Address)));
}
