using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>ICMP and ICMPv6.</content>
public partial class LayoutTests
{
    /// <summary>Counts and lengths of what follows.</summary>
    private static string[] StructuralInIcmp =>
        ["NumAddrs", "AddrEntrySize", "NumberOfSources", "AuxDataLen", "NumberOfMulticastAddressRecords"];

    private static IcmpMessage[] IcmpMessages => [.. Samples.IcmpV6Messages, .. Samples.IcmpV4Messages];

    private static IcmpStructure[] IcmpParts =>
    [
        .. Samples.NeighborDiscoveryOptions, .. Samples.AgentAdvertisementExtensions,
        .. Samples.MulticastAddressRecords, .. Samples.RouterAddressEntries,
    ];

    public static TheoryData<int> IcmpMessageNumbers => [.. Enumerable.Range(0, IcmpMessages.Length)];

    public static TheoryData<int> IcmpPartNumbers => [.. Enumerable.Range(0, IcmpParts.Length)];

    public static TheoryData<Type> IcmpRecordsWithViews =>
    [
        typeof(PacketTooBig), typeof(RouterSolicitation), typeof(RouterAdvertisement), typeof(NeighborSolicitation), typeof(NeighborAdvertisement),
        typeof(MulticastListenerReport), typeof(MulticastListenerReportV2),
    ];

    [Theory]
    [MemberData(nameof(IcmpMessageNumbers))]
    public void A_flipped_bit_of_an_ICMP_message_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var original = IcmpMessages[number] with { Checksum = 0xA5A5 };
        var octets = original.ToOctets().ToArray();
        Assert.Equal(original, IcmpOf(original, octets));
        var table = original.Table;
        var names = FieldsThatAreProperties(original);
        for (var bit = 0; bit < table.Length * 8; bit++)
        {
            var flipped = Flip(octets, bit);
            var field = FieldAt(table, bit);
            var record = IcmpOf(original, flipped)!;
            if (names.Contains(field.Name))
            {
                Assert.Equal([field.Name], Changed(names, original, record));
            }
            else
            {
                Assert.NotEqual<IcmpMessage>(original, record);
            }

            Assert.Equal(flipped, record.ToOctets().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(IcmpRecordsWithViews))]
    public void A_flipped_bit_of_an_ICMP_message_changes_the_same_property_of_its_view(Type record)
    {
        var original = Samples.IcmpV6Messages.Single(message => message.GetType() == record);
        var octets = original.ToOctets().ToArray();
        var reader = ViewReader.Of(record)!;
        var names = original.Table.Fields.Select(field => field.Name).Except(Structural).ToArray();
        Assert.Subset(reader.Names.ToHashSet(), names.ToHashSet());
        foreach (var bit in Enumerable.Range(0, original.Table.Length * 8))
        {
            var flipped = Flip(octets, bit);
            var field = FieldAt(original.Table, bit);
            var isRefused = reader.Read("Code", flipped) is WireError;
            Assert.Equal(IcmpOf(original, flipped) is not { } parsed || parsed.GetType() != record, isRefused);
            Assert.True(!isRefused || field.Name == "Type" || StructuralInIcmp.Contains(field.Name), field.Name);
            Assert.Equal(
                isRefused ? names : [field.Name],
                names.Where(name => !reader.Read(name, octets).Equals(reader.Read(name, flipped))));
        }
    }

    [Theory]
    [MemberData(nameof(IcmpPartNumbers))]
    public void A_flipped_bit_of_what_an_ICMP_message_lists_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var original = IcmpParts[number];
        var carrier = Carrier(original);
        var octets = carrier.ToOctets().ToArray();
        var names = FieldsThatAreProperties(original);
        Assert.Equal(original, FirstPart(IcmpOf(carrier, octets)));
        var layout = original.Table;
        for (var bit = 0; bit < original.GetLength() * 8; bit++)
        {
            var flipped = FirstPart(IcmpOf(carrier, Flip(octets, (carrier.Table.Length * 8) + bit)));
            var isBehindTheTable = bit >= layout.Length * 8 && layout.Fields[^1].BitWidth != 0;
            if (!isBehindTheTable && names.Contains(FieldAt(layout, bit).Name))
            {
                Assert.Equal([FieldAt(layout, bit).Name], Changed(names, original, flipped!));
            }
            else
            {
                Assert.NotEqual<Structure>(original, flipped);
            }
        }
    }

    /// <summary>The fields that say what they say alone: no type, and neither length nor count of what follows.</summary>
    private static string[] FieldsThatAreProperties(IcmpStructure structure)
    {
        var names = structure.Table.Fields.Select(field => field.Name).Except([.. Structural, .. StructuralInIcmp]).ToArray();
        Assert.All(names, name => Assert.NotNull(structure.GetType().GetProperty(name)));
        return names;
    }

    private static IcmpMessage? IcmpOf(IcmpMessage kind, byte[] octets) =>
        kind is IcmpV4Message ? IcmpV4Message.From(octets, out _) : IcmpV6Message.From(octets, out _);

    private static IcmpMessage Carrier(IcmpStructure part) => part switch
    {
        NeighborDiscoveryOption option => new RouterSolicitation { Options = [option] },
        AgentAdvertisementExtension extension => new IcmpV4RouterAdvertisement { Extensions = [extension] },
        MulticastAddressRecord record => new MulticastListenerReportV2 { MulticastAddressRecords = [record] },
        _ => new IcmpV4RouterAdvertisement { RouterAddresses = [(RouterAddressEntry)part] },
    };

    private static Structure? FirstPart(IcmpMessage? message) => message switch
    {
        RouterSolicitation solicitation => solicitation.Options[0],
        MulticastListenerReportV2 report => report.MulticastAddressRecords[0],
        IcmpV4RouterAdvertisement { RouterAddresses.Count: > 0 } advertisement => advertisement.RouterAddresses[0],
        IcmpV4RouterAdvertisement { Extensions.Count: > 0 } advertisement => advertisement.Extensions[0],
        _ => null,
    };
}
