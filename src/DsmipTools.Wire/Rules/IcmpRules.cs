using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>ICMP and ICMPv6: checksums, neighbor discovery, multicast listener discovery, agent advertisements, messages of Mobile IPv6.</summary>
internal static class IcmpRules
{
    private const byte NeverForwarded = 255; // RFC 4861, 6.1.1
    private const byte OneHop = 1; // RFC 3810, 5; RFC 5944, 2.1

    internal static readonly Rule[] All =
    [
        Rule.Of<IcmpV4Message>("RFC 792", RuleSeverity.Error, (_, subject) =>
        {
            if (!subject.Packet.IsCut && !IcmpV4Message.VerifyChecksum(subject.Layer.Span))
            {
                subject.Break(IcmpHeaderFields.Common.Checksum, "is wrong");
            }
        }),
        Rule.Of<IcmpV6Message>("RFC 4443, 2.3", RuleSeverity.Error, (_, subject) =>
        {
            if (!subject.Packet.IsCut && subject.Addresses is { } addresses
                && !IcmpV6Message.VerifyChecksum(subject.Layer.Span, addresses.Source, addresses.Destination))
            {
                subject.Break(IcmpHeaderFields.Common.Checksum, "is wrong");
            }
        }),
        .. NeighborDiscoveryOf<RouterSolicitation>("RFC 4861, 6.1.1"),
        .. NeighborDiscoveryOf<RouterAdvertisement>("RFC 4861, 6.1.2"),
        .. NeighborDiscoveryOf<NeighborSolicitation>("RFC 4861, 7.1.1"),
        .. NeighborDiscoveryOf<NeighborAdvertisement>("RFC 4861, 7.1.2"),
        .. NeighborDiscoveryOf<Redirect>("RFC 4861, 8.1"),
        Rule.Of<RouterSolicitation>("RFC 4861, 6.1.1", RuleSeverity.Error, (_, subject) => JudgeUnspecifiedSource(subject)),
        Rule.Of<NeighborSolicitation>("RFC 4861, 7.1.1", RuleSeverity.Error, (_, subject) => JudgeUnspecifiedSource(subject)),
        Rule.Of<RouterAdvertisement>("RFC 4861, 6.1.2", RuleSeverity.Error, (_, subject) => JudgeSource(subject, mayBeUnspecified: false)),
        Rule.Of<Redirect>("RFC 4861, 8.1", RuleSeverity.Error, (_, subject) => JudgeSource(subject, mayBeUnspecified: false)),
        Rule.Of<Redirect>("RFC 4861, 8.1", RuleSeverity.Error, Redirect.Fields.DestinationAddress, redirect => NotMulticast(redirect.DestinationAddress)),
        Rule.Of<Redirect>("RFC 4861, 8.1", RuleSeverity.Error, Redirect.Fields.TargetAddress, redirect =>
            redirect.TargetAddress.IsLinkLocal || redirect.TargetAddress == redirect.DestinationAddress
                ? null
                : "is a link-local address, or the destination address"),
        Rule.Of<NeighborSolicitation>("RFC 4861, 7.1.1", RuleSeverity.Error, NeighborSolicitation.Fields.TargetAddress, solicitation =>
            NotMulticast(solicitation.TargetAddress)),
        Rule.Of<NeighborAdvertisement>("RFC 4861, 7.1.2", RuleSeverity.Error, NeighborAdvertisement.Fields.TargetAddress, advertisement =>
            NotMulticast(advertisement.TargetAddress)),
        Rule.Of<NeighborAdvertisement>("RFC 4861, 7.1.2", RuleSeverity.Error, (advertisement, subject) =>
        {
            if (advertisement.Solicited && subject.Packet.NativeIPv6(subject.Index) is { Destination.IsMulticast: true })
            {
                subject.Break(NeighborAdvertisement.Fields.Solicited, "is clear in an advertisement to a multicast address");
            }
        }),
        Rule.Of<RouterAdvertisement>("RFC 6275, 7.4", RuleSeverity.Error, (advertisement, subject) =>
        {
            foreach (var (value, option) in subject.All<HomeAgentInformationOption>())
            {
                if (!advertisement.HomeAgent)
                {
                    subject.Break(option, null, "stands in an advertisement with H set only");
                }

                if (value.HomeAgentLifetime == 0)
                {
                    subject.Break(option, HomeAgentInformationOption.Fields.HomeAgentLifetime, "zero is not used");
                }
            }
        }),
        Rule.Of<MulticastListenerMessage>("RFC 2710, 3", RuleSeverity.Warning, (_, subject) => JudgeListenerDiscovery(subject, mayBeUnspecified: true)),
        Rule.Of<MulticastListenerQueryV2>("RFC 3810, 5", RuleSeverity.Error, (_, subject) => JudgeListenerDiscovery(subject, mayBeUnspecified: false)),
        Rule.Of<MulticastListenerReportV2>("RFC 3810, 5", RuleSeverity.Error, (_, subject) => JudgeListenerDiscovery(subject, mayBeUnspecified: true)),
        Rule.Of<MobilePrefixSolicitation>("RFC 6275, 6.7", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Packet.NativeIPv6(subject.Index) is not null && !subject.Packet.HasHomeAddressOption(subject.Index))
            {
                subject.Break("travels in a packet with a Home Address option");
            }
        }),
        Rule.Of<MobilePrefixAdvertisement>("RFC 6275, 6.8", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Packet.NativeIPv6(subject.Index) is not null
                && !subject.Packet.Has(PassedHeaders.Type2RoutingHeader, subject.Index))
            {
                subject.Break("travels in a packet with a type 2 routing header");
            }
        }),
        Rule.Of<MobilityAgentAdvertisementExtension>("RFC 5944, 2.1.1", RuleSeverity.Error, (extension, subject) =>
        {
            if (extension is { ForeignAgent: false, HomeAgent: false })
            {
                subject.Break("has neither F nor H set");
            }

            if (extension is { Busy: true, ForeignAgent: false })
            {
                subject.Break(MobilityAgentAdvertisementExtension.Fields.Busy, "is set by a foreign agent only (F)");
            }

            if (extension is { RegistrationRequired: true, ForeignAgent: false })
            {
                subject.Break(MobilityAgentAdvertisementExtension.Fields.RegistrationRequired, "is set by a foreign agent only (F)");
            }

            if (extension is { ForeignAgent: true, CareOfAddresses.Count: 0 })
            {
                subject.Break("has F set, but no care-of address");
            }
        }),
        Rule.Of<IcmpV4RouterAdvertisement>("RFC 5944, 2.1", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Has<MobilityAgentAdvertisementExtension>() && subject.Before?.Structure is IPv4Header { TimeToLive: not OneHop } header)
            {
                subject.Break("IPv4", IPv4Header.Fields.TimeToLive.Name, subject.Before.Offset + IPv4Header.Fields.TimeToLive.Offset,
                    $"is 1 in an agent advertisement, but it is {header.TimeToLive}");
            }
        }),
        Rule.Of<IcmpV4RouterAdvertisement>("RFC 5944, 2.1.2", RuleSeverity.Warning, (advertisement, subject) =>
        {
            foreach (var (value, extension) in subject.All<PrefixLengthsExtension>())
            {
                if (value.PrefixLengths.Length != advertisement.RouterAddresses.Count)
                {
                    subject.Break(
                        extension, PrefixLengthsExtension.Fields.Length,
                        $"is the number of router addresses, {advertisement.RouterAddresses.Count}, but it is {value.PrefixLengths.Length}");
                }
            }
        }),
    ];

    /// <summary>What is asked of every message of neighbor discovery: hop limit 255, code 0.</summary>
    private static Rule[] NeighborDiscoveryOf<TMessage>(string section)
        where TMessage : IcmpV6Message =>
    [
        Rule.Of<TMessage>(section, RuleSeverity.Error, (_, subject) => JudgeHopLimit(subject, NeverForwarded)),
        Rule.Of<TMessage>(section, RuleSeverity.Error, IcmpHeaderFields.Common.Code, message => message.Code == 0 ? null : $"is 0, but it is {message.Code}"),
    ];

    private static string? NotMulticast(Address address) => address.IsMulticast ? $"is no multicast address, but it is {address}" : null;

    private static void JudgeHopLimit(Subject subject, byte wanted)
    {
        if (subject.Packet.NativeIPv6(subject.Index) is { } header && header.HopLimit != wanted)
        {
            subject.Break($"travels with hop limit {wanted}, but it has {header.HopLimit}");
        }
    }

    private static void JudgeSource(Subject subject, bool mayBeUnspecified)
    {
        if (subject.Packet.NativeIPv6(subject.Index) is { Source.IsLinkLocal: false } header && !(mayBeUnspecified && header.Source.IsUnspecified))
        {
            subject.Break($"comes from a link-local address, but it comes from {header.Source}");
        }
    }

    private static void JudgeUnspecifiedSource(Subject subject)
    {
        foreach (var (_, option) in subject.All<SourceLinkLayerAddressOption>())
        {
            if (subject.Packet.NativeIPv6(subject.Index) is { Source.IsUnspecified: true })
            {
                subject.Break(option, null, "stands in no packet from the unspecified address");
            }
        }
    }

    private static void JudgeListenerDiscovery(Subject subject, bool mayBeUnspecified)
    {
        JudgeHopLimit(subject, OneHop);
        JudgeSource(subject, mayBeUnspecified);
        if (subject.Packet.NativeIPv6(subject.Index) is not null && !subject.Packet.Has(PassedHeaders.RouterAlertOption, subject.Index))
        {
            subject.Break("travels in a packet with a Router Alert option");
        }
    }
}
