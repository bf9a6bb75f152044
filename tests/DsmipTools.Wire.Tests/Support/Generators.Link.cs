using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>Headers of link layers.</content>
internal static partial class Generators
{
    internal static Arbitrary<LinkHeader> LinkHeaders => Gen.OneOf(
        from destination in OctetsOf(6, 6)
        from source in OctetsOf(6, 6)
        from type in U16
        select (LinkHeader)new EthernetHeader { Destination = destination, Source = source, EtherType = (EtherType)type },
        from priority in Gen.Choose(0, 7)
        from drop in Flag
        from vlan in Gen.Choose(0, 4095)
        from type in U16
        select (LinkHeader)new VlanTag
        {
            PriorityCodePoint = (byte)priority, DropEligibleIndicator = drop, VlanIdentifier = (ushort)vlan, EtherType = (EtherType)type,
        },
        from packet in U16
        from hardware in U16
        from length in U16
        from address in OctetsOf(8, 8)
        from type in U16
        select (LinkHeader)new LinuxCookedHeader
        {
            PacketType = (LinuxPacketType)packet, ArphrdType = hardware, LinkLayerAddressLength = length, LinkLayerAddress = address, ProtocolType = (EtherType)type,
        },
        from packet in U8
        from hardware in U16
        from lengthAndReserved in U16
        from index in U64
        from address in OctetsOf(8, 8)
        from type in U16
        select (LinkHeader)new LinuxCookedVersion2Header
        {
            PacketType = (LinuxPacketType)packet, ArphrdType = hardware, LinkLayerAddressLength = (byte)lengthAndReserved, Reserved = lengthAndReserved,
            InterfaceIndex = (uint)index, LinkLayerAddress = address, ProtocolType = (EtherType)type,
        },
        from family in OctetsOf(4, 4)
        select (LinkHeader)new BsdLoopbackHeader { ProtocolFamily = family },
        from family in U64
        select (LinkHeader)new OpenBsdLoopbackHeader { ProtocolFamily = (ProtocolFamily)(uint)family }).ToArbitrary();
}
