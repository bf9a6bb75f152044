using System.Buffers.Binary;
using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// A mobile node of a simulated world: an ordinary IPv6 host that knows nothing of mobility (RFC 5213, 7). On its link it asks for a router (RFC 4861, 6.3.7),
/// forms addresses from the prefixes it is told (RFC 4862), and answers those who look for it.
/// </summary>
public sealed class SimulatedHost
{
    /// <summary>MAX_RTR_SOLICITATIONS (RFC 4861, 10).</summary>
    private const int MaximumSolicitations = 3;

    private static readonly Address allRouters = "ff02::2";
    private static readonly Address linkLocal = "fe80::";

    /// <summary>RTR_SOLICITATION_INTERVAL (RFC 4861, 10).</summary>
    private static readonly TimeSpan solicitationInterval = TimeSpan.FromSeconds(4);

    private readonly SimulatedWorld world;
    private readonly Dictionary<Prefix, TimeSpan> prefixes = [];
    private (Address Address, TimeSpan Until)? router;
    private HostedMobileAccessGateway? gateway;
    private uint link;

    internal SimulatedHost(SimulatedWorld world, string identifier, Octets linkLayerAddress)
    {
        this.world = world;
        Identifier = identifier;
        LinkLayerAddress = linkLayerAddress;
        LinkLocalAddress = Address.FromIPv6(linkLocal.Value | InterfaceIdentifier);
    }

    /// <summary>The Network Access Identifier by which its gateway registers it.</summary>
    public string Identifier { get; }

    /// <summary>The link-layer address of its interface, 6 octets.</summary>
    public Octets LinkLayerAddress { get; }

    /// <summary>Its link-local address.</summary>
    public Address LinkLocalAddress { get; }

    /// <summary>The addresses that it has formed from the prefixes of its router, in order.</summary>
    public IReadOnlyList<Address> Addresses
    {
        get
        {
            lock (world.Gate)
            {
                var now = world.Now.Elapsed;
                return prefixes.Where(pair => pair.Value > now).Select(pair => Address.FromIPv6(pair.Key.Bits | InterfaceIdentifier)).Order().ToArray();
            }
        }
    }

    /// <summary>The link-local address of its default router; null for none.</summary>
    public Address? DefaultRouter => router is { } known && known.Until > world.Now.Elapsed ? known.Address : (Address?)null;

    /// <summary>The MTU that its router told; 0 before.</summary>
    public int Mtu { get; private set; }

    /// <summary>The gateway whose link it is on; null for none.</summary>
    public HostedMobileAccessGateway? Gateway => gateway;

    /// <summary>True from <see cref="AttachAsync"/> until it leaves.</summary>
    public bool IsOnLink => gateway is not null;

    private UInt128 InterfaceIdentifier
    {
        get
        {
            // RFC 4291, appendix A: the modified EUI-64 of a link-layer address of 48 bits.
            var octets = LinkLayerAddress.Span;
            ReadOnlySpan<byte> identifier = [(byte)(octets[0] ^ 2), octets[1], octets[2], 0xFF, 0xFE, octets[3], octets[4], octets[5]];
            return BinaryPrimitives.ReadUInt64BigEndian(identifier);
        }
    }

    /// <summary>Attaches to a gateway: a link event there, which registers it (RFC 5213, 6.9.1.1). It leaves the link that it was on without a word.</summary>
    /// <param name="to">A gateway of this world.</param>
    /// <param name="request">More of what is asked for; null for a home network prefix over a new interface.</param>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="ArgumentException">A value of the request is none.</exception>
    /// <exception cref="InvalidOperationException">The gateway does not run, or it has the mobile node already.</exception>
    public async Task<AttachmentOutcome> AttachAsync(
        HostedMobileAccessGateway to, AttachmentRequest? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (gateway == to && to.Bindings(Identifier).Any(binding => binding.LinkLayerIdentifier == LinkLayerAddress))
        {
            throw new InvalidOperationException($"{Identifier} is attached to {to.Name} already.");
        }

        uint on;
        lock (world.Gate)
        {
            Vanish();
            gateway = to;
            on = link = world.Connect(this);
            Solicit(on, 1);
        }

        var wanted = (request ?? new AttachmentRequest { Identifier = Identifier }) with
        {
            Identifier = Identifier, LinkLayerIdentifier = LinkLayerAddress, AccessLink = on,
        };
        try
        {
            return await to.AttachAsync(wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            Vanish();
            throw;
        }
    }

    /// <summary>Leaves the link, which the gateway's link layer notices at once.</summary>
    public void Detach()
    {
        if (gateway is { } left)
        {
            var down = link;
            Vanish();
            left.LinkDown(down);
        }
    }

    /// <summary>Leaves the link, and waits until the gateway has de-registered it.</summary>
    /// <param name="cancellationToken">Ends the wait; the gateway goes on with what has begun.</param>
    /// <exception cref="InvalidOperationException">It is on no link, or nothing is registered for it there.</exception>
    public async Task<AttachmentOutcome> DetachAsync(CancellationToken cancellationToken = default)
    {
        if (gateway is not { } left)
        {
            throw new InvalidOperationException($"{Identifier} is on no link.");
        }

        var down = link;
        Vanish();
        try
        {
            return await left.DetachAsync(Identifier, LinkLayerAddress, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            left.LinkDown(down);
        }
    }

    /// <summary>Leaves the link, and the gateway's link layer notices nothing: only its probes find out (RFC 5213, 6.13).</summary>
    public void Vanish()
    {
        lock (world.Gate)
        {
            world.Disconnect(link);
            (gateway, link, router) = (null, 0, null);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Identifier;

    /// <summary>A packet has come from the gateway.</summary>
    internal void Receive(ReadOnlySpan<byte> packet, Instant now)
    {
        var fields = IPv6Header.Fields.Layout.Length;
        var (source, destination) = (IPv6Header.Fields.Source.ReadAddress(packet), IPv6Header.Fields.Destination.ReadAddress(packet));
        if (IPv6Header.Fields.HopLimit.ReadByte(packet) != byte.MaxValue || !IcmpV6Message.VerifyChecksum(packet[fields..], source, destination))
        {
            return;
        }

        switch (IcmpV6Message.From(packet[fields..], out _))
        {
            case RouterAdvertisement advertisement when source.IsLinkLocal:
                Learn(advertisement, source, now);
                break;
            case NeighborSolicitation solicitation when solicitation.TargetAddress == LinkLocalAddress || Addresses.Contains(solicitation.TargetAddress):
                Say(source, new NeighborAdvertisement { Solicited = true, Override = true, TargetAddress = solicitation.TargetAddress });
                break;
        }
    }

    private void Learn(RouterAdvertisement advertisement, Address source, Instant now)
    {
        router = (source, now.Elapsed + TimeSpan.FromSeconds(advertisement.RouterLifetime));
        foreach (var option in advertisement.Options)
        {
            switch (option)
            {
                case MtuOption mtu:
                    Mtu = (int)mtu.MaximumTransmissionUnit;
                    break;
                case PrefixInformationOption { AutonomousAddressConfiguration: true, PrefixLength: 64 } prefix:
                    // RFC 4862, 5.5.3 (e) lets nobody shorten a lifetime to less than two hours; on a point-to-point link with a gateway that is trusted
                    // the network decides, as RFC 5213, 6.12 wants it.
                    prefixes[prefix.AdvertisedPrefix.Canonical] = prefix.ValidLifetime == uint.MaxValue
                        ? TimeSpan.MaxValue
                        : now.Elapsed + TimeSpan.FromSeconds(prefix.ValidLifetime);
                    break;
            }
        }
    }

    private void Solicit(uint on, int number)
    {
        if (gateway is null || on != link || DefaultRouter is not null)
        {
            return;
        }

        Say(allRouters, new RouterSolicitation { Options = [new SourceLinkLayerAddressOption { LinkLayerAddress = LinkLayerAddress }] });
        if (number < MaximumSolicitations)
        {
            world.Later(gateway.Running, solicitationInterval, () => Solicit(on, number + 1));
        }
    }

    private void Say(Address destination, IcmpV6Message message) => world.SendFromHost(
        gateway?.Running, link, PacketComposer.Compose(new IPv6Header { Source = LinkLocalAddress, Destination = destination, HopLimit = byte.MaxValue }, message));
}
