using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>IPv6 extension headers and their options.</summary>
internal static class HeaderRules
{
    private const string HomeAddressOptionSection = "RFC 6275, 6.3";

    internal static readonly Rule[] All =
    [
        Rule.Of<Type2RoutingHeader>("RFC 6275, 6.4.1", RuleSeverity.Error, Type2RoutingHeader.Fields.SegmentsLeft, header =>
            header.SegmentsLeft == 1 ? null : $"is 1, but it says {header.SegmentsLeft}"),
        Rule.Of<Type2RoutingHeader>("RFC 6275, 6.4", RuleSeverity.Error, Type2RoutingHeader.Fields.HomeAddress, header =>
            WrongHomeAddress(header.HomeAddress)),
        Rule.Of<RoutingHeader>("RFC 6275, 6.4.1", RuleSeverity.Error, RoutingHeader.Fields.HeaderLength, header =>
            header.RoutingType == Type2RoutingHeader.Type ? "is 2 with routing type 2, for one address" : null),
        Rule.Of<HomeAddressOption>(HomeAddressOptionSection, RuleSeverity.Error, HomeAddressOption.Fields.HomeAddress, option =>
            WrongHomeAddress(option.HomeAddress)),
        Rule.Of<GenericIPv6Option>(HomeAddressOptionSection, RuleSeverity.Error, GenericIPv6Option.Fields.Length, option =>
            option.Type == IPv6OptionType.HomeAddress ? "is 16 in a Home Address option" : null),
        Rule.Of<HomeAddressOption>(HomeAddressOptionSection, RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent?.Layer.Structure is HopByHopOptionsHeader)
            {
                subject.Break("a Home Address option stands in a destination options header");
            }
        }),
        Rule.Of<DestinationOptionsHeader>(HomeAddressOptionSection, RuleSeverity.Error, (_, subject) =>
        {
            foreach (var (_, option) in subject.All<HomeAddressOption>().Skip(subject.Packet.HasHomeAddressOption(subject.Index) ? 0 : 1))
            {
                subject.Break(option, null, "the packet has a Home Address option already");
            }
        }),
        Rule.Of<DestinationOptionsHeader>(HomeAddressOptionSection, RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Has<HomeAddressOption>() && subject.Packet.Has(PassedHeaders.FragmentHeader, subject.Index))
            {
                subject.Break("a Home Address option stands before a fragment header, not behind it");
            }
        }),
        Rule.Of<Structure>(HomeAddressOptionSection, RuleSeverity.Error, (structure, subject) =>
        {
            if (structure is RoutingHeader or Type2RoutingHeader && subject.Packet.HasHomeAddressOption(subject.Index))
            {
                subject.Break("a Home Address option stands behind the routing header, not before it");
            }
        }),
        Rule.Of<HopByHopOptionsHeader>("RFC 8200, 4.1", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Before is { } before && before.Structure is not IPv6Header)
            {
                subject.Break("a hop-by-hop options header stands directly behind the IPv6 header only");
            }
        }),
        Rule.Of<GenericIPv6Option>("RFC 8200, 4.2", RuleSeverity.Warning, GenericIPv6Option.Fields.Data, option =>
            option.Type == IPv6OptionType.PadN && option.Data.Span.ContainsAnyExcept((byte)0) ? "padding consists of zeros" : null),
        Rule.Of<IPv6Option>("RFC 8200, 4.2", RuleSeverity.Warning, (option, subject) =>
        {
            if (subject.Parent is { } header)
            {
                Alignment.Judge(subject, subject.Layer.Offset - header.Layer.Offset, option.Alignment);
            }
        }),
    ];

    /// <summary>What is wrong with an address that has to be a unicast routable one; null when nothing is.</summary>
    internal static string? WrongHomeAddress(Address address) =>
        !address.IsUnicast || address.IsLoopback || address.IsLinkLocal ? $"is a unicast routable address, which {address} is not" : null;
}
