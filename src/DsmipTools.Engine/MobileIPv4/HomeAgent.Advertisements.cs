using DsmipTools.Wire.Icmp.AgentAdvertisement;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>What tells mobile nodes on the home link that they are at home (RFC 5944, 2.3).</content>
public sealed partial class HomeAgent
{
    private readonly AgentAdvertiser advertiser;

    /// <summary>A link of the home network comes up: the home agent advertises itself there.</summary>
    public override void LinkUp(uint link, Instant now) => advertiser.LinkUp(link, now);

    /// <inheritdoc/>
    public override void LinkDown(uint link, Instant now) => advertiser.LinkDown(link);

    /// <summary>A packet has come in on a link of the home network: solicitations are answered, others are not the agent's.</summary>
    public override void ReceiveOnLink(uint link, ReadOnlySpan<byte> packet, Instant now) => advertiser.TryReceive(link, packet, now);

    private MobilityAgentAdvertisementExtension Describe() => new() { RegistrationLifetime = maximumLifetime, HomeAgent = true };
}
