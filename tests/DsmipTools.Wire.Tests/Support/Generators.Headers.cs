using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Tunneling;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Packets of headers and encapsulations, one in the other.</content>
internal static partial class Generators
{
    private static Gen<int> UpTo(int most) => Gen.Choose(0, most);

    private static Gen<uint> U32 => U64.Select(value => (uint)value);

    private static Gen<Structure> IPv4Headers =>
        from addresses in IPv4.ArrayOf(2)
        from octets in U8.ArrayOf(3)
        from identification in U16
        from flags in Flag.ArrayOf(2)
        from options in ListOf(
            from type in Gen.Elements(IPv4OptionType.NoOperation, IPv4OptionType.RouterAlert, IPv4OptionType.RecordRoute, (IPv4OptionType)222)
            from data in OctetsOf(0, 6)
            select (Structure)new IPv4Option { Type = type, Data = type == IPv4OptionType.NoOperation ? Octets.Empty : data },
            4)
        select (Structure)new IPv4Header
        {
            Source = addresses[0],
            Destination = addresses[1],
            DifferentiatedServices = (byte)(octets[0] >> 2),
            CongestionNotification = (byte)(octets[1] & 3),
            TimeToLive = octets[2],
            Identification = identification,
            Reserved = flags[0],
            DontFragment = flags[1],
            Options = options,
        };

    private static Gen<Structure> IPv6Headers =>
        from addresses in IPv6.ArrayOf(2)
        from octets in U8.ArrayOf(2)
        from flow in UpTo(0xFFFFF)
        select (Structure)new IPv6Header
        {
            Source = addresses[0], Destination = addresses[1], TrafficClass = octets[0], HopLimit = octets[1], FlowLabel = (uint)flow,
        };

    private static Gen<IPv6Option> IPv6Options => Gen.OneOf(
        IPv6.Select(IPv6Option (address) => new HomeAddressOption { HomeAddress = address }),
        U8.Select(IPv6Option (limit) => new TunnelEncapsulationLimitOption { TunnelEncapsulationLimit = limit }),
        U16.Select(IPv6Option (value) => new RouterAlertOption { Value = value }),
        from type in Gen.Choose(6, 200)
        from data in OctetsOf(0, 20)
        select (IPv6Option)new GenericIPv6Option { OptionType = (IPv6OptionType)type, Data = data });

    private static Gen<Structure> ExtensionHeaders => Gen.OneOf(
        ListOf(IPv6Options, 3).Select(Structure (options) => new HopByHopOptionsHeader { Options = options }),
        ListOf(IPv6Options, 3).Select(Structure (options) => new DestinationOptionsHeader { Options = options }),
        from address in IPv6
        from left in U8
        from reserved in U32
        select (Structure)new Type2RoutingHeader { HomeAddress = address, SegmentsLeft = left, Reserved = reserved },
        from type in Gen.Choose(5, 250)
        from units in UpTo(3)
        from data in OctetsOf(4 + (8 * units), 4 + (8 * units))
        select (Structure)new RoutingHeader { RoutingType = (byte)type, TypeSpecificData = data },
        from octets in U8.ArrayOf(2)
        from identification in U32
        select (Structure)new FragmentHeader { Reserved = octets[0], ReservedBits = (byte)(octets[1] & 3), Identification = identification });

    private static Gen<Structure[]> Encapsulations => Gen.OneOf(
        Gen.Constant<Structure[]>([]),
        from flags in Flag.ArrayOf(3)
        from numbers in U32.ArrayOf(2)
        from reserved in UpTo(511)
        select new Structure[]
        {
            new GreHeader
            {
                Reserved0 = (ushort)reserved,
                Checksum = flags[0] ? new GreChecksum { Reserved1 = (ushort)numbers[0] } : null,
                Key = flags[1] ? numbers[0] : null,
                SequenceNumber = flags[2] ? numbers[1] : null,
            },
        },
        from port in Gen.Choose(10_000, 60_000)
        from reserved in UpTo(15)
        from hasHeader in Flag
        select (Structure[])
        [
            new UdpHeader { SourcePort = (ushort)port, DestinationPort = Envelope.DualStackMobileIPv6Port },
            .. hasHeader ? [new TlvHeader { Reserved = (byte)reserved }] : Array.Empty<Structure>(),
        ]);

    private static Gen<Structure[]> IpHeaders => Gen.OneOf(
        IPv4Headers.Select(header => new[] { header }),
        from header in IPv6Headers
        from extensions in ListOf(ExtensionHeaders, 3)
        select (Structure[])[header, .. extensions]);

    private static Gen<Structure[]> Payloads => Gen.OneOf(
        from ports in Gen.Choose(10_000, 60_000).ArrayOf(2)
        from data in OctetsOf(1, 40)
        select new Structure[] { new UdpHeader { SourcePort = (ushort)ports[0], DestinationPort = (ushort)ports[1] }, new Data { Octets = data } },
        from message in Messages
        from options in ListOf(Options, 3)
        select new Structure[] { message with { Options = options } },
        from numbers in U32.ArrayOf(2)
        from data in OctetsOf(1, 40)
        select new Structure[] { new EncapsulatingSecurityPayloadHeader { SecurityParametersIndex = numbers[0], SequenceNumber = numbers[1] }, new Data { Octets = data } });

    /// <summary>An IP packet in none to two others, each in an encapsulation of some kind.</summary>
    internal static readonly Arbitrary<Structure[]> HeaderStacks = (
        from depth in UpTo(2)
        from outer in (from headers in IpHeaders from encapsulation in Encapsulations select headers.Concat(encapsulation).ToArray()).ArrayOf(depth)
        from inner in IpHeaders
        from payload in Payloads
        select outer.SelectMany(layers => layers).Concat(inner).Concat(payload).ToArray()).ToArbitrary();
}
