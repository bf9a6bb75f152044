using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>ICMPv6 messages that agents read.</content>
public partial class AllocationTests
{
    private static readonly Address Source = "fe80::1";
    private static readonly Address AllNodes = "ff02::1";
    private static readonly Address Wanted = "2001:db8:100:7::9";

    [Fact]
    public void Reading_and_sealing_neighbor_discovery_allocates_nothing()
    {
        var solicitation = new NeighborSolicitation
        {
            TargetAddress = Wanted,
            Options = [new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") }],
        }.ToOctets().ToArray();
        var advertisement = new RouterAdvertisement { HomeAgent = true, Options = [.. Samples.NeighborDiscoveryOptions] }
            .ToOctets(Source, AllNodes).ToArray();
        AssertAllocatesNothing(() =>
        {
            IcmpV6Message.WriteChecksum(solicitation, Source, AllNodes);
            return NeighborSolicitationView.TryParse(solicitation, out var asked, out _)
                && asked.Header.VerifyChecksum(Source, AllNodes)
                && asked.TargetAddress == Wanted
                && asked.Options.TryFind(NeighborDiscoveryOptionType.SourceLinkLayerAddress, out var option)
                && SourceLinkLayerAddressOption.TryRead(option, out var address)
                && address.SequenceEqual<byte>([2, 0, 0, 0, 0, 1])
                && !TargetLinkLayerAddressOption.TryRead(option, out _)
                && RouterAdvertisementView.TryParse(advertisement, out var router, out _)
                && router.HomeAgent
                && router.Options.TryFind(NeighborDiscoveryOptionType.PrefixInformation, out option)
                && PrefixInformationOption.TryRead(option, out var prefix)
                && prefix.Length == 64
                && !router.Options.TryFind((NeighborDiscoveryOptionType)99, out _);
        });
    }

    [Fact]
    public void Reading_reports_and_packet_too_big_allocates_nothing()
    {
        var report = new MulticastListenerReportV2 { MulticastAddressRecords = [.. Samples.MulticastAddressRecords] }.ToOctets().ToArray();
        var tooBig = new PacketTooBig { MaximumTransmissionUnit = 1280, Data = Octets.FromHex("6000") }.ToOctets().ToArray();
        AssertAllocatesNothing(() =>
        {
            int sources = 0, records = 0;
            if (MulticastListenerReportV2View.TryParse(report, out var view, out _))
            {
                foreach (var record in view.MulticastAddressRecords)
                {
                    records++;
                    for (var at = 0; at < record.SourceAddresses.Count; at++)
                    {
                        sources += record.SourceAddresses[at].IsMulticast ? 0 : 1;
                    }
                }
            }

            return records == 2 && sources == 2
                && PacketTooBigView.TryParse(tooBig, out var error, out _) && error.MaximumTransmissionUnit == 1280 && error.Data.Length == 2;
        });
    }
}
