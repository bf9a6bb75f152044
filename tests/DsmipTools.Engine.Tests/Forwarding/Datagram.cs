using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>Packets of mobile nodes and of those that they talk to.</summary>
internal static class Datagram
{
    public static Address CorrespondentIPv6 { get; } = "2001:db8:ffff::9";

    public static Address CorrespondentIPv4 { get; } = "198.18.0.9";

    public static byte[] To(Address destination, Address? from = null, int payload = 32, byte trafficClass = 0, byte hopLimit = 64, bool dontFragment = false) =>
        Between(from ?? Correspondent(destination), destination, payload, trafficClass, hopLimit, dontFragment);

    public static byte[] From(Address source, Address? to = null) => Between(source, to ?? Correspondent(source));

    public static byte[] Between(
        Address source, Address destination, int payload = 32, byte trafficClass = 0, byte hopLimit = 64, bool dontFragment = false) =>
        PacketComposer.Compose(
            source.IsIPv4
                ? new IPv4Header
                {
                    Source = source, Destination = destination, TimeToLive = hopLimit, DontFragment = dontFragment,
                    DifferentiatedServices = (byte)(trafficClass >> 2), CongestionNotification = (byte)(trafficClass & 3),
                }
                : new IPv6Header { Source = source, Destination = destination, HopLimit = hopLimit, TrafficClass = trafficClass },
            new UdpHeader { SourcePort = 40000, DestinationPort = 7 },
            new Data { Octets = Octets.Create(new byte[payload]) }).ToArray();

    private static Address Correspondent(Address other) => other.IsIPv4 ? CorrespondentIPv4 : CorrespondentIPv6;
}
