using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>Addresses, options and messages of a Proxy Mobile IPv6 domain with one anchor.</summary>
internal static class Domain
{
    public const string Node = "mn7@example.com";

    /// <summary>No heartbeats: what a test counts and waits for is its own.</summary>
    public static HeartbeatOptions NoHeartbeats { get; } = new() { Interval = Timeout.InfiniteTimeSpan };

    public static Prefix Pool { get; } = "2001:db8:100::/40";

    public static Address AnchorAddress(Transport transport) => transport == Transport.IPv6 ? "2001:db8:a::1" : "198.51.100.1";

    public static Address GatewayAddress(Transport transport, int number) =>
        transport == Transport.IPv6 ? Address.Parse($"2001:db8:b::{number:x}") : Address.Parse($"203.0.113.{number}");

    /// <summary>The envelope from a gateway to the anchor.</summary>
    public static Envelope FromGateway(int number = 1, Transport transport = Transport.ProxyMobileIPv6Udp, ushort port = Envelope.ProxyMobileIPv6Port) =>
        new(
            transport,
            new Endpoint(GatewayAddress(transport, number), transport == Transport.IPv6 ? (ushort)0 : port),
            new Endpoint(AnchorAddress(transport), transport == Transport.IPv6 ? (ushort)0 : Envelope.ProxyMobileIPv6Port));

    public static LocalMobilityAnchorOptions AnchorOptions(Transport transport = Transport.ProxyMobileIPv6Udp) => new()
    {
        Name = "lma1",
        Address = AnchorAddress(transport),
        PrefixPool = Pool,
        Protection = PeersByAddress.Anyone,
        Heartbeat = NoHeartbeats,
    };

    public static MobileAccessGatewayOptions GatewayOptions(int number = 1, Transport transport = Transport.ProxyMobileIPv6Udp) => new()
    {
        Name = $"mag{number}",
        Address = GatewayAddress(transport, number),
        LocalMobilityAnchor = AnchorAddress(transport),
        Protection = PeersByAddress.Anyone,
        Heartbeat = NoHeartbeats,
    };

    public static LocalMobilityAnchor Anchor(LocalMobilityAnchorOptions? options = null, ulong seed = 1) =>
        new(options ?? AnchorOptions(), new SeededRandom(seed));

    public static MobileAccessGateway Gateway(MobileAccessGatewayOptions? options = null, ulong seed = 2) =>
        new(options ?? GatewayOptions(), new SeededRandom(seed));

    /// <summary>A Proxy Binding Update as a gateway sends it.</summary>
    public static BindingUpdate Update(
        Probe probe,
        string identifier = Node,
        Prefix? prefix = null,
        HandoffIndicator indicator = HandoffIndicator.NewInterface,
        ushort lifetime = 900,
        AccessTechnologyType technology = AccessTechnologyType.WirelessLan,
        ushort sequenceNumber = 1,
        TimeSpan skew = default,
        bool timestamp = true) => new()
    {
        SequenceNumber = sequenceNumber,
        Acknowledge = true,
        HomeRegistration = true,
        ProxyRegistration = true,
        Lifetime = lifetime,
        Options =
        [
            MobileNodeIdentifierOption.Create(identifier),
            new HomeNetworkPrefixOption { Prefix = prefix ?? default },
            new HandoffIndicatorOption { Indicator = indicator },
            new AccessTechnologyTypeOption { AccessTechnologyType = technology },
            .. timestamp ? [Stamp(probe, skew)] : Array.Empty<MobilityOption>(),
        ],
    };

    public static TimestampOption Stamp(Probe probe, TimeSpan skew = default) =>
        new() { Timestamp = TimestampOption.FromTime(probe.Now.WallClock + skew) };

    /// <summary>The acknowledgement that an anchor gives to an update.</summary>
    public static BindingAcknowledgement Acknowledge(
        SentMessage update, BindingStatus status = BindingStatus.Accepted, Prefix? prefix = null, ushort? lifetime = null) => new()
    {
        Status = status,
        ProxyRegistration = true,
        SequenceNumber = update.Update.SequenceNumber,
        Lifetime = lifetime ?? ((byte)status < 128 ? update.Update.Lifetime : (ushort)0),
        Options = ValueList.From(update.Options.Select(option =>
            option is HomeNetworkPrefixOption && prefix is { } assigned ? new HomeNetworkPrefixOption { Prefix = assigned } : option)),
    };

    public static BindingRevocationIndication Indicate(
        RevocationTrigger trigger, ushort sequenceNumber, string? identifier, params MobilityOption[] options) => new()
    {
        Trigger = trigger,
        SequenceNumber = sequenceNumber,
        ProxyBinding = true,
        Global = trigger.IsGlobal(),
        Options = identifier is null ? [.. options] : [MobileNodeIdentifierOption.Create(identifier), .. options],
    };

    public static BindingRevocationAcknowledgement Answer(
        SentMessage indication, RevocationStatus status = RevocationStatus.Success, params MobilityOption[] options) => new()
    {
        Status = status,
        SequenceNumber = indication.Indication.SequenceNumber,
        ProxyBinding = indication.Indication.ProxyBinding,
        Global = indication.Indication.Global,
        Options = [.. options],
    };
}
