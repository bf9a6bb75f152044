using System.Reflection;
using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <content>ICMP and ICMPv6 messages, options, extensions and records.</content>
internal static partial class Generators
{
    private static readonly Gen<NeighborDiscoveryOption> NeighborDiscoveryOptions = Gen.OneOf(
        Units(6).Select(NeighborDiscoveryOption (address) => new SourceLinkLayerAddressOption { LinkLayerAddress = address }),
        Units(6).Select(NeighborDiscoveryOption (address) => new TargetLinkLayerAddressOption { LinkLayerAddress = address }),
        AnyFields<NeighborDiscoveryOption>(new PrefixInformationOption()),
        from option in AnyFields(new RedirectedHeaderOption())
        from packet in Units(0)
        select (NeighborDiscoveryOption)(option with { RedirectedPacket = packet }),
        AnyFields<NeighborDiscoveryOption>(new MtuOption()),
        AnyFields<NeighborDiscoveryOption>(new AdvertisementIntervalOption()),
        AnyFields<NeighborDiscoveryOption>(new HomeAgentInformationOption()),
        from option in AnyFields(new RecursiveDnsServerOption())
        from servers in ListOf(IPv6, 3)
        select (NeighborDiscoveryOption)(option with { Servers = servers }),
        from type in U8.Where(type => type is not (1 or 2 or 3 or 4 or 5 or 7 or 8 or 25))
        from data in Units(6)
        select (NeighborDiscoveryOption)new UnknownNeighborDiscoveryOption { OptionType = type, OptionData = data },
        // Known types with a length that they do not have: 16 and 48 octets.
        from type in Gen.Elements<byte>(3, 5, 7, 8, 25)
        from data in OctetsOf(14, 14).Or(OctetsOf(46, 46))
        select (NeighborDiscoveryOption)new UnknownNeighborDiscoveryOption { OptionType = type, OptionData = data });

    private static readonly Gen<AgentAdvertisementExtension> AgentAdvertisementExtensions = Gen.OneOf(
        Gen.Constant<AgentAdvertisementExtension>(new AgentAdvertisementPaddingExtension()),
        from extension in AnyFields(new MobilityAgentAdvertisementExtension())
        from addresses in ListOf(IPv4, 4)
        select (AgentAdvertisementExtension)(extension with { CareOfAddresses = addresses }),
        OctetsOf(0, 255).Select(AgentAdvertisementExtension (lengths) => new PrefixLengthsExtension { PrefixLengths = lengths }),
        from type in U8.Where(type => type is not (0 or 16 or 19))
        from data in OctetsOf(0, 255)
        select (AgentAdvertisementExtension)new UnknownAgentAdvertisementExtension { ExtensionType = type, ExtensionData = data },
        // No whole care-of addresses.
        OctetsOf(0, 5).Or(OctetsOf(7, 9)).Select(
            AgentAdvertisementExtension (data) => new UnknownAgentAdvertisementExtension { ExtensionType = 16, ExtensionData = data }));

    private static readonly Gen<MulticastAddressRecord> MulticastAddressRecords =
        from record in AnyFields(new MulticastAddressRecord())
        from sources in ListOf(IPv6, 4)
        from words in Gen.Choose(0, 3)
        from auxiliary in OctetsOf(words * 4, words * 4)
        select record with { SourceAddresses = sources, AuxiliaryData = auxiliary };

    internal static readonly Arbitrary<IcmpV6Message> IcmpV6Messages = (
        from message in Gen.OneOf(
            Trailed<IcmpV6Message>(
                new IcmpV6DestinationUnreachable(), new PacketTooBig(), new IcmpV6TimeExceeded(), new IcmpV6ParameterProblem(), new IcmpV6EchoRequest(),
                new IcmpV6EchoReply(), new MulticastListenerReport(), new MulticastListenerDone(), new HomeAgentAddressDiscoveryRequest()),
            AnyFields<IcmpV6Message>(new MulticastListenerQuery()),
            from type in U8.Where(type => type is 0 or (> 4 and < 128) or > 147)
            from data in OctetsOf(0, 40)
            select (IcmpV6Message)new UnknownIcmpV6Message { MessageType = type, Data = data },
            from query in Trailed(new MulticastListenerQueryV2())
            from sources in ListOf(IPv6, 5)
            select (IcmpV6Message)(query with { SourceAddresses = sources }),
            from report in Trailed(new MulticastListenerReportV2())
            from records in ListOf(MulticastAddressRecords, 5)
            select (IcmpV6Message)(report with { MulticastAddressRecords = records }),
            from reply in AnyFields(new HomeAgentAddressDiscoveryReply())
            from addresses in ListOf(IPv6, 5)
            select (IcmpV6Message)(reply with { HomeAgentAddresses = addresses }),
            WithOptions(new RouterSolicitation(), (message, options) => message with { Options = options }),
            WithOptions(new RouterAdvertisement(), (message, options) => message with { Options = options }),
            WithOptions(new NeighborSolicitation(), (message, options) => message with { Options = options }),
            WithOptions(new NeighborAdvertisement(), (message, options) => message with { Options = options }),
            WithOptions(new Redirect(), (message, options) => message with { Options = options }),
            WithOptions(new MobilePrefixSolicitation(), (message, options) => message with { Options = options }),
            WithOptions(new MobilePrefixAdvertisement(), (message, options) => message with { Options = options }))
        from code in U8
        from checksum in U16
        select message with { Code = code, Checksum = checksum }).ToArbitrary();

    internal static readonly Arbitrary<IcmpV4Message> IcmpV4Messages = (
        from message in Gen.OneOf(
            Trailed<IcmpV4Message>(
                new IcmpV4DestinationUnreachable(), new IcmpV4TimeExceeded(), new IcmpV4ParameterProblem(), new IcmpV4Redirect(),
                new IcmpV4EchoRequest(), new IcmpV4EchoReply(), new IcmpV4RouterSolicitation()),
            from type in U8.Where(type => type is 1 or 2 or 4 or > 12)
            from data in OctetsOf(0, 40)
            select (IcmpV4Message)new UnknownIcmpV4Message { MessageType = type, Data = data },
            from lifetime in U16
            from words in Gen.Choose(0, 2)
            from more in OctetsOf(words * 4, words * 4)
            from entries in ListOf(AnyFields(new RouterAddressEntry { MoreWords = more }), 4)
            from extensions in ListOf(AgentAdvertisementExtensions, 4)
            select (IcmpV4Message)new IcmpV4RouterAdvertisement { Lifetime = lifetime, RouterAddresses = entries, Extensions = extensions },
            from size in U8.Where(size => size != 2)
            select (IcmpV4Message)new IcmpV4RouterAdvertisement { AddrEntrySize = size })
        from code in U8
        from checksum in U16
        select message with { Code = code, Checksum = checksum }).ToArbitrary();

    private static Gen<IcmpV6Message> WithOptions<TMessage>(
        TMessage message, Func<TMessage, ValueList<NeighborDiscoveryOption>, TMessage> with)
        where TMessage : IcmpV6Message =>
        from filled in AnyFields(message)
        from options in ListOf(NeighborDiscoveryOptions, 6)
        select (IcmpV6Message)with(filled, options);

    /// <summary>Messages behind whose fields anything may stand.</summary>
    private static Gen<TMessage> Trailed<TMessage>(params TMessage[] messages)
        where TMessage : IcmpMessage =>
        from message in Gen.OneOf(messages.Select(AnyFields))
        from data in OctetsOf(0, 40)
        select message with { Data = data };

    /// <summary>Octets that fill an option behind so many that are not counted.</summary>
    private static Gen<Octets> Units(int more) =>
        from units in Gen.Choose(0, 4)
        from octets in OctetsOf((units * 8) + more, (units * 8) + more)
        select octets;

    /// <summary>A structure with any value in each of its fields that a property of the record holds; lengths and counts are left to composing.</summary>
    private static Gen<TStructure> AnyFields<TStructure>(TStructure structure)
        where TStructure : IcmpStructure
    {
        var fields = structure.Table.Fields
            .Select(field => (Field: field, Property: structure.GetType().GetProperty(field.Name)!))
            .Where(each => each.Property is { CanWrite: true } property && Nullable.GetUnderlyingType(property.PropertyType) is null)
            .Where(each => each.Field.BitWidth > 0)
            .ToArray();
        return
            from values in U8.ArrayOf(16).ArrayOf(fields.Length)
            select Filled(structure with { }, fields, values);
    }

    private static TStructure Filled<TStructure>(TStructure structure, (Field Field, PropertyInfo Property)[] fields, byte[][] values)
    {
        for (var at = 0; at < fields.Length; at++)
        {
            var (field, property) = fields[at];
            var number = BitConverter.ToUInt64(values[at]) & (field.BitWidth >= 64 ? ulong.MaxValue : (1UL << field.BitWidth) - 1);
            property.SetValue(structure, property.PropertyType switch
            {
                var type when type == typeof(bool) => number != 0,
                var type when type == typeof(Address) => Address.FromOctets(values[at].AsSpan(0, field.OctetCount)),
                var type when type == typeof(int) => (int)number,
                var type when type.IsEnum => Enum.ToObject(type, number),
                var type => Convert.ChangeType(number, type, null),
            });
        }

        return structure;
    }
}
