using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>One valid message of every kind, with every extension and option, and the envelopes they travel in.</summary>
internal static class Samples
{
    internal static readonly Envelope MobileIPv4 = new(
        Transport.MobileIPv4Udp, new Endpoint("198.51.100.7", 4434), new Endpoint("192.0.2.1", MobileIPv4Message.Port));

    internal static readonly Envelope Native = new(
        Transport.IPv6, new Endpoint("2001:db8:1::a", 0), new Endpoint("2001:db8:2::b", 0));

    internal static readonly Envelope OverUdp = new(
        Transport.ProxyMobileIPv6Udp, new Endpoint("203.0.113.10", 5436), new Endpoint("203.0.113.11", 5436));

    internal static readonly MobileHomeAuthenticationExtension Authentication =
        new() { SecurityParameterIndex = 0x01020304, Authenticator = Octets.FromHex("00112233445566778899aabbccddeeff") };

    internal static readonly Extension[] Extensions =
    [
        new PaddingExtension(),
        MobileNodeNaiExtension.Create("mn7@example.com"),
        new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" },
        new IPv6PrefixReplyExtension { Code = PrefixReplyCode.RejectedProhibited, Prefix = "2001:db8:ffff::/48", Reserved = 0x5A },
        new IPv6TunnelingModeExtension { Reserved = 0xA5 },
        new UnknownExtension { ExtensionType = 200, Data = Octets.FromHex("0a0b0c") },
        Authentication,
    ];

    internal static readonly MobilityOption[] Options =
    [
        new Pad1Option(),
        new PadNOption { Padding = Octets.FromHex("000000") },
        new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" },
        MobileNodeIdentifierOption.Create("mn7@example.com"),
        new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64", Reserved = 0x11 },
        new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways, Reserved = 0x22 },
        new AccessTechnologyTypeOption { AccessTechnologyType = AccessTechnologyType.WirelessLan, Reserved = 0x33 },
        new TimestampOption { Timestamp = 0x0000_6774_8580_8001 },
        new UnknownMobilityOption { OptionType = 200, Data = Octets.FromHex("a1a2a3") },
    ];

    internal static readonly MobileIPv4Message[] MobileIPv4Messages =
    [
        new RegistrationRequest
        {
            SimultaneousBindings = true,
            DecapsulationByMobileNode = true,
            GreEncapsulation = true,
            ReverseTunneling = true,
            Lifetime = 1800,
            HomeAddress = "10.1.1.7",
            HomeAgent = "192.0.2.1",
            CareOfAddress = "198.51.100.7",
            Identification = 0xEB1F_0400_1234_5678,
            Extensions = [.. Extensions],
        },
        new RegistrationReply
        {
            Code = RegistrationCode.AcceptedSimultaneousBindingsUnsupported,
            Lifetime = 600,
            HomeAddress = "10.1.1.7",
            HomeAgent = "192.0.2.1",
            Identification = 0xEB1F_0400_1234_5678,
            Extensions = [.. Extensions],
        },
    ];

    internal static readonly MobilityMessage[] MobilityMessages =
    [
        new BindingUpdate
        {
            SequenceNumber = 0x1234,
            Acknowledge = true,
            LinkLocalCompatibility = true,
            MobileRouter = true,
            ProxyRegistration = true,
            TlvHeaderFormat = true,
            ReservedFlags = 0b10_1010,
            Lifetime = 900,
            Options = [.. Options],
        },
        new BindingAcknowledgement
        {
            Status = BindingStatus.TimestampMismatch,
            MobileRouter = true,
            ProxyRegistration = true,
            ReservedFlags = 0b101,
            SequenceNumber = 0x1234,
            Lifetime = 900,
            Options = [.. Options],
        },
        new BindingRevocationIndication
        {
            Trigger = RevocationTrigger.RevokingMobilityNodeLocalPolicy,
            SequenceNumber = 0xABCD,
            ProxyBinding = true,
            Global = true,
            ReservedFlags = 0x0AAA,
            Options = [.. Options],
        },
        new BindingRevocationAcknowledgement
        {
            Status = RevocationStatus.RevokedMobileNodesIdentityRequired,
            SequenceNumber = 0xABCD,
            IPv4HomeAddressBindingOnly = true,
            Global = true,
            ReservedFlags = 0x1555,
            Options = [.. Options],
        },
    ];

    /// <summary>A message as a whole IP packet, sealed for its envelope.</summary>
    internal static byte[] Packet(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        var sealedMessage = message.ToArray();
        envelope.Seal(sealedMessage);
        var packet = new byte[PacketFrame.Overhead(envelope.Transport) + message.Length];
        PacketFrame.Write(envelope, sealedMessage, packet);
        return packet;
    }

    /// <summary>Every message of the samples as a packet, mobility headers in both of their envelopes.</summary>
    internal static IEnumerable<byte[]> Packets() =>
    [
        .. MobileIPv4Messages.Select(message => Packet(MobileIPv4, message.ToOctets().Span)),
        .. MobilityMessages.Select(message => Packet(Native, message.ToOctets().Span)),
        .. MobilityMessages.Select(message => Packet(OverUdp, message.ToOctets().Span)),
    ];
}
