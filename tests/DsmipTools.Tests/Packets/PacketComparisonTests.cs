using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Tests.Packets;

public class PacketComparisonTests
{
    private static readonly MobileNodeIdentifierOption MobileNode = MobileNodeIdentifierOption.Create("mn7@example.com");
    private static readonly HomeNetworkPrefixOption First = new() { Prefix = "2001:db8:100:7::/64" };
    private static readonly HomeNetworkPrefixOption Second = new() { Prefix = "2001:db8:100:8::/64" };
    private static readonly TimestampOption Timestamp = new() { Timestamp = 1 };

    private static readonly BindingUpdate Update = new()
    {
        SequenceNumber = 7, Acknowledge = true, ProxyRegistration = true, Lifetime = 900, Options = [MobileNode, First, Second, Timestamp],
    };

    private static readonly IPv6Header Header = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" };

    [Fact]
    public void Equal_messages_have_no_differences()
    {
        Assert.Empty(PacketComparison.Compare(Update, Update with { }));
        Assert.Empty(PacketComparison.Compare(Packet(Header, Update), Packet(Header, Update)));
    }

    [Fact]
    public void A_field_that_differs_is_the_difference_with_both_values_and_places()
    {
        var difference = Assert.Single(PacketComparison.Compare(Update, Update with { Lifetime = 450 }));
        Assert.Equal(
            ("Binding Update", "Lifetime", "900", "450", "<>", 10, 10),
            (difference.Layer, difference.Field, difference.Reference, difference.Difference, difference.SideIndicator, difference.ReferenceOffset, difference.DifferenceOffset));
        Assert.Equal((ushort)900, difference.ReferenceValue);
        Assert.Equal("Binding Update, Lifetime: 900 <> 450", difference.ToString());
    }

    [Fact]
    public void An_option_that_is_missing_is_one_difference_and_what_follows_is_none()
    {
        var differences = PacketComparison.Compare(Update, Update with { Options = [MobileNode, Second, Timestamp] });
        var missing = Assert.Single(differences, difference => difference.SideIndicator == "<=" && !difference.Layer.Contains("Pad", StringComparison.Ordinal));
        Assert.Equal("Binding Update / Home Network Prefix", missing.Layer);
        Assert.Null(missing.Field);
        Assert.Equal("PrefixLength 64, HomeNetworkPrefix 2001:db8:100:7::", missing.Reference);
        Assert.Equal(First.ToOctets(), missing.ReferenceValue);
        Assert.Equal((36, (int?)null), (missing.ReferenceOffset, missing.DifferenceOffset));
        Assert.DoesNotContain(differences, difference => difference.Layer.EndsWith("Timestamp", StringComparison.Ordinal));
        Assert.DoesNotContain(differences, difference => difference.Field == "HomeNetworkPrefix");
    }

    [Fact]
    public void An_option_that_is_new_stands_on_the_other_side()
    {
        var handoff = new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways };
        var differences = PacketComparison.Compare(Update, Update with { Options = [handoff, MobileNode, First, Second, Timestamp] });
        var added = Assert.Single(differences, difference => difference.Layer.EndsWith("Handoff Indicator", StringComparison.Ordinal));
        Assert.Equal(("=>", "Indicator BetweenGateways (3)", (string?)null), (added.SideIndicator, added.Difference, added.Reference));
        Assert.DoesNotContain(differences, difference => difference.Layer.EndsWith("Prefix", StringComparison.Ordinal) || difference.Layer.EndsWith("Identifier", StringComparison.Ordinal));
    }

    [Fact]
    public void An_option_whose_value_changed_is_the_same_option()
    {
        var changed = Assert.Single(PacketComparison.Compare(Update, Update with { Options = [MobileNode, First, Second with { Prefix = "2001:db8:100:9::/64" }, Timestamp] }));
        Assert.Equal(("Binding Update / Home Network Prefix", "HomeNetworkPrefix", "<>"), (changed.Layer, changed.Field, changed.SideIndicator));
    }

    [Fact]
    public void Unknown_options_of_different_types_are_different_options()
    {
        var one = Update with { Options = [new UnknownMobilityOption { OptionType = 200, Data = new byte[2] }] };
        var other = Update with { Options = [new UnknownMobilityOption { OptionType = 201, Data = new byte[2] }] };
        Assert.Equal(["<=", "=>"], PacketComparison.Compare(one, other).Select(difference => difference.SideIndicator));
    }

    [Fact]
    public void Packets_differ_by_headers_too()
    {
        var over = Packet(new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2" }, new UdpHeader { SourcePort = 5436, DestinationPort = 5436 }, Update);
        var differences = PacketComparison.Compare(Packet(Header, Update) with { Number = 3 }, over with { Number = 4 });
        Assert.Equal(["IPv4", "UDP", "IPv6"], differences.Where(difference => difference.Field is null).OrderBy(difference => difference.SideIndicator == "<=").Select(difference => difference.Layer));
        Assert.Equal(("Binding Update", "Checksum"), Assert.Single(differences.Where(difference => difference.Field is not null).Select(difference => (difference.Layer, difference.Field!))));
        Assert.All(differences, difference => Assert.Equal((3, 4), (difference.ReferenceNumber, difference.DifferenceNumber)));
    }

    [Fact]
    public void A_message_alone_is_compared_with_the_message_of_a_packet()
    {
        var packet = Packet(Header, Update with { Checksum = 0 }) with { Number = 5 };
        Assert.Empty(PacketComparison.Compare(Update, packet));
        var difference = Assert.Single(PacketComparison.Compare(Update with { Lifetime = 450 }, packet));
        Assert.Equal(("Lifetime", 10, 50, (int?)null, 5), (difference.Field, difference.ReferenceOffset, difference.DifferenceOffset, difference.ReferenceNumber, difference.DifferenceNumber));
        var turned = Assert.Single(PacketComparison.Compare(packet, Update with { Lifetime = 450 }));
        Assert.Equal(("Lifetime", 50, 10, 5, (int?)null), (turned.Field, turned.ReferenceOffset, turned.DifferenceOffset, turned.ReferenceNumber, turned.DifferenceNumber));
        var empty = Packet(Header, new UdpHeader { SourcePort = 1, DestinationPort = 2 });
        Assert.Throws<ArgumentException>(() => PacketComparison.Compare(Update, empty));
    }

    [Fact]
    public void Equal_fields_come_when_they_are_asked_for()
    {
        var all = PacketComparison.Compare(Update, Update with { Lifetime = 450 }, includeEqual: true);
        Assert.Single(all, difference => difference.SideIndicator == "<>");
        Assert.Contains(all, difference => difference is { SideIndicator: "==", Field: "HomeNetworkPrefix" });
        var fields = new PacketDecoder().Decode(Update).Layers[0];
        Assert.Equal(fields.Fields.Count + fields.Children.Sum(child => child.Fields.Count), all.Count);
    }

    [Fact]
    public void More_options_than_are_searched_are_taken_one_by_one()
    {
        var padding = Enumerable.Repeat<MobilityOption>(new Pad1Option(), 2020).ToArray();
        var many = new BindingUpdate { Verbatim = true, Options = padding };
        var differences = PacketComparison.Compare(many, many with { Options = [.. padding.Skip(8)] });
        Assert.Equal(8, differences.Count(difference => difference is { SideIndicator: "<=", Layer: "Binding Update / Pad1" }));
    }

    private static DsmipPacket Packet(params Structure[] layers) => DsmipPacket.From(PacketComposer.Compose(layers), new PacketDecoder(), PacketForm.Packet);
}
