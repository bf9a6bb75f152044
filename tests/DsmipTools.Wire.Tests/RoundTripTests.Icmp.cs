using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests;

/// <content>ICMP and ICMPv6.</content>
public partial class RoundTripTests
{
    [Fact]
    public void ICMPv6_messages_come_back_as_they_were() => Prop.ForAll(
        Generators.IcmpV6Messages, message => ComesBack(message, IcmpV6Message.From)).Check(Seeded.WithMaxTest(1000));

    [Fact]
    public void ICMP_messages_come_back_as_they_were() => Prop.ForAll(
        Generators.IcmpV4Messages, message => ComesBack(message, IcmpV4Message.From)).Check(Seeded);

    [Fact]
    public void An_ICMPv6_message_cut_at_any_octet_is_kept_with_an_error_or_is_a_whole_message_that_ends_there() => Prop.ForAll(
        Generators.IcmpV6Messages,
        message =>
        {
            var octets = message.ToOctets().ToArray();
            for (var length = 0; length < octets.Length; length++)
            {
                var cut = octets[..length];
                IsReadOrKept(message, cut, IcmpV6Message.From(cut, out var error), error);
                IcmpV6Message.WriteChecksum(length < 4 ? new byte[4] : cut, Samples.OuterIPv6.Source, Samples.OuterIPv6.Destination);
                Assert.Equal(Located(error, 40), new PacketDecoder().Decode(Samples.IcmpV6Packet(cut)).Error);
            }

            return true;
        }).Check(Seeded.WithMaxTest(300));

    [Fact]
    public void An_ICMP_message_cut_at_any_octet_is_kept_with_an_error_or_is_a_whole_message_that_ends_there() => Prop.ForAll(
        Generators.IcmpV4Messages,
        message =>
        {
            var octets = message.ToOctets().ToArray();
            for (var length = 0; length < octets.Length; length++)
            {
                var cut = octets[..length];
                IsReadOrKept(message, cut, IcmpV4Message.From(cut, out var error), error);
                IcmpV4Message.WriteChecksum(length < 4 ? new byte[4] : cut);
                Assert.Equal(Located(error, 20), new PacketDecoder().Decode(Samples.IcmpV4Packet(cut)).Error);
            }

            return true;
        }).Check(Seeded.WithMaxTest(100));

    [Fact]
    public void Views_of_ICMPv6_messages_say_what_records_say() => Prop.ForAll(
        Generators.IcmpV6Messages,
        message =>
        {
            var octets = message.ToOctets().ToArray();
            Assert.Equal(
                (message as PacketTooBig)?.Data,
                PacketTooBigView.TryParse(octets, out var tooBig, out _) ? Octets.Create(tooBig.Data) : (Octets?)null);
            Assert.Equal(message is MulticastListenerReport, MulticastListenerReportView.TryParse(octets, out _, out _));
            var hasViewWithParts = message is
                RouterSolicitation or RouterAdvertisement or NeighborSolicitation or NeighborAdvertisement or MulticastListenerReportV2;
            Assert.Equal(hasViewWithParts ? message.Parts.Where(part => part is not Data) : [], ListedByViews(octets));
            return true;
        }).Check(Seeded.WithMaxTest(1000));

    private delegate IcmpMessage? IcmpParser(ReadOnlySpan<byte> octets, out WireError error);

    private static bool ComesBack(IcmpMessage message, IcmpParser parse)
    {
        var octets = WrittenIntoADirtyBuffer(message.GetLength(), message.Write);
        var parsed = parse(octets, out var error);
        Assert.False(error.IsError, error.ToString());
        Assert.Equal(message, parsed);
        Assert.Equal(octets, parsed!.ToOctets().ToArray());

        var decoded = new PacketDecoder().Decode(Samples.Packet(message with { Checksum = null }));
        Assert.Null(decoded.Error);
        Assert.Equal(message, (IcmpMessage)decoded.Message! with { Checksum = message.Checksum });
        Assert.Equal(message.Table.Name, decoded.Layers[1].Name);
        Assert.Equal(
            message.Parts.Select(part => (part.Table.Name, part.GetLength())),
            decoded.Layers[1].Children.Select(layer => (layer.Name, layer.Length)));
        Assert.Equal(2, decoded.Layers.Count);
        return true;
    }

    private static void IsReadOrKept(IcmpMessage whole, byte[] cut, IcmpMessage? read, WireError error)
    {
        Assert.Equal(cut.Length < 4, read is null);
        Assert.InRange(error.Offset, 0, cut.Length);
        var isQueryOfVersion1 = whole is MulticastListenerQueryV2 && cut.Length == 24;
        Assert.Equal(error.IsError, read is null || (read.GetType() != whole.GetType() && !isQueryOfVersion1));
        Assert.Equal(read is null ? [] : cut, read?.ToOctets().ToArray() ?? []);
    }

    private static WireError? Located(WireError error, int offset) => error.IsError ? error.At(offset) : null;

    private static List<Structure> ListedByViews(byte[] octets)
    {
        NeighborDiscoveryOptionSequence options = default;
        if (RouterSolicitationView.TryParse(octets, out var routerSolicitation, out _))
        {
            options = routerSolicitation.Options;
        }
        else if (RouterAdvertisementView.TryParse(octets, out var routerAdvertisement, out _))
        {
            options = routerAdvertisement.Options;
        }
        else if (NeighborSolicitationView.TryParse(octets, out var solicitation, out _))
        {
            options = solicitation.Options;
        }
        else if (NeighborAdvertisementView.TryParse(octets, out var advertisement, out _))
        {
            options = advertisement.Options;
        }

        return MulticastListenerReportV2View.TryParse(octets, out var report, out _)
            ? [.. RecordsOf(report.MulticastAddressRecords)]
            : [.. OptionsOf(options)];
    }

    private static ValueList<NeighborDiscoveryOption> OptionsOf(NeighborDiscoveryOptionSequence sequence)
    {
        var options = new List<NeighborDiscoveryOption>();
        foreach (var option in sequence)
        {
            options.Add(NeighborDiscoveryOption.From(option));
        }

        return ValueList.From(options);
    }

    private static ValueList<MulticastAddressRecord> RecordsOf(MulticastAddressRecordSequence sequence)
    {
        var records = new List<MulticastAddressRecord>();
        foreach (var record in sequence)
        {
            var sources = new List<Address>();
            for (var at = 0; at < record.SourceAddresses.Count; at++)
            {
                sources.Add(record.SourceAddresses[at]);
            }

            records.Add(new MulticastAddressRecord
            {
                RecordType = record.RecordType,
                MulticastAddress = record.MulticastAddress,
                SourceAddresses = ValueList.From(sources),
                AuxiliaryData = Octets.Create(record.AuxiliaryData),
            });
        }

        return ValueList.From(records);
    }
}
