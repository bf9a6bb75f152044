using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>What holds for each mobility option: its form as the RFCs say it, and reading and writing it without a record.</summary>
public class MobilityOptionTests
{
    [Fact]
    public void The_text_of_an_option_has_its_fields_alone() => Assert.Equal(
        "HandoffIndicatorOption { Type = HandoffIndicator, Length = , Indicator = BetweenGateways, Reserved = 0 }",
        $"{new HandoffIndicatorOption { Indicator = HandoffIndicator.BetweenGateways }}");

    /// <summary>From the RFCs: type, the lengths that it has (none: any from the least), and the alignment of each.</summary>
    [Theory]
    [InlineData(2, "2", 2, 0)] // RFC 6275, 6.2.4
    [InlineData(3, "16", 8, 6)] // 6.2.5
    [InlineData(4, "4", 2, 0)] // 6.2.6
    [InlineData(5, "0-255", 8, 2)] // 6.2.7
    [InlineData(6, "18", 8, 4)] // RFC 3963, 4.3
    [InlineData(8, "1-255", 1, 0)] // RFC 4283, 3
    [InlineData(9, "5-255", 4, 1)] // RFC 4285, 5
    [InlineData(10, "8", 8, 2)] // RFC 4285, 6
    [InlineData(22, "18", 8, 4)] // RFC 5213, 8.3
    [InlineData(23, "2", 1, 0)] // 8.4
    [InlineData(24, "2", 1, 0)] // 8.5
    [InlineData(26, "16", 8, 6)] // 8.7
    [InlineData(27, "8", 8, 2)] // 8.8
    [InlineData(28, "4", 4, 2)] // RFC 5847, 3.4
    [InlineData(29, "6", 4, 0)] // RFC 5555, 3.1.1
    [InlineData(30, "6", 4, 0)] // 3.2.1
    [InlineData(31, "6", 4, 0)] // 3.2.2
    [InlineData(32, "6", 4, 0)] // 3.1.2
    [InlineData(33, "2 6", 4, 0)] // RFC 5845, 6.1
    [InlineData(36, "6", 4, 0)] // RFC 5844, 3.3.1
    [InlineData(37, "6", 4, 0)] // 3.3.2
    [InlineData(38, "6", 4, 0)] // 3.3.3
    [InlineData(39, "2", 1, 0)] // 3.3.4
    [Trait("Rfc", "5213-8.3-01")]
    [Trait("Rfc", "5213-8.4-01")]
    [Trait("Rfc", "5213-8.5-01")]
    [Trait("Rfc", "5213-8.7-01")]
    [Trait("Rfc", "5213-8.8-01")]
    [Trait("Rfc", "5844-3.3.1-01")]
    [Trait("Rfc", "5844-3.3.2-01")]
    [Trait("Rfc", "5844-3.3.3-01")]
    [Trait("Rfc", "5844-3.3.4-01")]
    [Trait("Rfc", "5847-3.4-01")]
    [Trait("Rfc", "5845-6.1-01")]
    public void Forms_are_those_of_the_RFCs(byte type, string lengths, int multiple, int remainder)
    {
        var form = MobilityOptionForms.Of((MobilityOptionType)type)!;
        Assert.Equal(type, (byte)form.Type);
        var bounds = lengths.Split('-').Select(bound => bound.Split(' ').Select(int.Parse).ToArray()).ToArray();
        int[] valid = bounds.Length == 1 ? bounds[0] : [.. Enumerable.Range(bounds[0][0], 256 - bounds[0][0])];
        Assert.Equal(valid, Enumerable.Range(0, 256).Where(length => form.Fits(2 + length)));
        Assert.All(valid, length => Assert.Equal((multiple, remainder), form.AlignmentOf(2 + length)));
    }

    /// <summary>RFC 5648, 4.3: 2n without a care-of address, else 8n+2. RFC 5213, 8.6 with RFC 6275, 6.2.1: by the size of the identifier.</summary>
    [Theory]
    [InlineData(35, 4, 2, 0)]
    [InlineData(35, 8, 8, 2)]
    [InlineData(35, 20, 8, 2)]
    [InlineData(25, 2, 2, 0)]
    [InlineData(25, 2 + 6, 2, 0)]
    [InlineData(25, 2 + 4, 4, 0)]
    [InlineData(25, 2 + 8, 8, 4)]
    [InlineData(25, 2 + 12, 4, 0)]
    [InlineData(25, 2 + 16, 8, 4)]
    [Trait("Rfc", "5213-8.6-01")]
    public void The_alignment_of_some_forms_depends_on_the_length(byte type, int length, int multiple, int remainder)
    {
        var form = MobilityOptionForms.Of((MobilityOptionType)type)!;
        Assert.True(form.Fits(2 + length));
        Assert.Equal((multiple, remainder), form.AlignmentOf(2 + length));
    }

    [Fact]
    public void Every_type_of_the_registry_has_a_form_and_no_other_has()
    {
        Assert.Equal(
            [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 37, 38, 39],
            Enumerable.Range(0, 256).Where(type => MobilityOptionForms.Of((MobilityOptionType)type) is not null));
        Assert.Equal(Enum.GetValues<MobilityOptionType>(), MobilityOptionForms.All.Select(form => form.Type));
        Assert.Equal([MobilityOptionType.BindingAuthorizationData], MobilityOptionForms.All.Where(form => form.IsLast).Select(form => form.Type));
    }

    [Fact]
    public void Every_option_is_read_by_its_own_TryRead_and_by_no_other()
    {
        foreach (var option in Samples.Options.Where(option => option is not (Pad1Option or PadNOption or UnknownMobilityOption)))
        {
            var octets = (new BindingUpdate { Options = [option] }).ToOctets();
            Assert.True(BindingUpdateView.TryParse(octets.Span, out var view, out _));
            Assert.True(view.Options.TryFind(option.Type, out var found));
            Assert.Equal(ValuesOf(option), Read(found));
        }
    }

    [Fact]
    public void An_option_of_a_length_that_its_type_has_not_is_not_read()
    {
        foreach (var type in Enum.GetValues<MobilityOptionType>().Where(type => type > MobilityOptionType.PadN))
        {
            foreach (var length in Enumerable.Range(0, 30).Where(length => !MobilityOptionForms.Of(type)!.Fits(2 + length)))
            {
                MobilityOption option = new UnknownMobilityOption { OptionType = (byte)type, Data = new byte[length] };
                var octets = (new BindingUpdate { Options = [option] }).ToOctets();
                Assert.True(BindingUpdateView.TryParse(octets.Span, out var view, out _));
                Assert.True(view.Options.TryFind(type, out var found));
                Assert.Empty(Read(found));
                Assert.Contains(option, BindingUpdate.From(view).Options);
            }
        }
    }

    [Fact]
    public void A_prefix_length_of_more_than_six_bits_is_refused()
    {
        Assert.Equal(63, new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 63 }.PrefixLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 64 });
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-06")]
    [Trait("Rfc", "5213-8.8-01")]
    public void A_timestamp_counts_65536ths_of_a_second_since_1970()
    {
        var time = new DateTimeOffset(1970, 1, 2, 0, 0, 1, TimeSpan.Zero) + TimeSpan.FromMilliseconds(500);
        Assert.Equal((86_401UL << 16) + 32_768, TimestampOption.FromTime(time));
        Assert.Equal(TimeSpan.FromSeconds(-1.5), TimestampOption.Difference(1UL << 16, 5UL << 15));
    }

    [Fact]
    public void Binding_authorization_data_stands_at_the_end_without_padding_behind_it()
    {
        var message = new BindingUpdate
        {
            Options = [new NonceIndicesOption { HomeNonceIndex = 1, CareOfNonceIndex = 2 }, new BindingAuthorizationDataOption { Authenticator = new byte[12] }],
        };
        Assert.Equal("3b030500000000000000000004040001000205" + "0c" + new string('0', 24), message.ToOctets().ToString());
    }

    [Fact]
    public void Overwrite_is_the_bit_of_the_bulk_binding_update()
    {
        Assert.Equal(new BindingUpdate { BulkBindingUpdate = true }, new BindingUpdate { Overwrite = true });
        Assert.Equal("0040", new BindingUpdate { Overwrite = true }.ToOctets().ToString()[16..20]);
    }

    [Fact]
    [Trait("Rfc", "5844-3.3.4-02")]
    [Trait("Rfc", "5845-6.1-01")]
    [Trait("Rfc", "5845-6.1-02")]
    public void Appended_through_its_form_an_option_has_the_octets_of_its_record()
    {
        var buffer = new byte[512];
        Array.Fill<byte>(buffer, 0xAA);
        var written = buffer[..WriteThroughForms(buffer)];
        Assert.Equal(
            new BindingAcknowledgement
            {
                Options =
                [
                    new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex("00005e005301") },
                    new LinkLocalAddressOption { LinkLocalAddress = "fe80::1" },
                    new IPv4HomeAddressRequestOption { IPv4HomeAddress = "0.0.0.0" },
                    new IPv4HomeAddressReplyOption
                    {
                        Status = IPv4HomeAddressReplyStatus.IncorrectIPv4HomeAddress,
                        IPv4HomeAddress = "10.1.1.7",
                        PrefixLength = 24,
                    },
                    new IPv4AddressAcknowledgementOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 32 },
                    new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 32 },
                    new BindingIdentifierOption { BindingId = 7 },
                    new BindingIdentifierOption { BindingId = 8, CareOfAddress = "198.51.100.7" },
                    new GreKeyOption { GreKeyIdentifier = 0xDEAD_BEEF },
                    new GreKeyOption(),
                    new RestartCounterOption { RestartCounter = 3 },
                    new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" },
                    new IPv4DhcpSupportModeOption { DhcpSupportMode = true },
                    new IPv4DefaultRouterAddressOption { IPv4DefaultRouterAddress = "10.1.1.1" },
                ],
            }.ToOctets().ToArray(),
            written);
    }

    [Fact]
    public void Appending_through_forms_allocates_nothing()
    {
        var buffer = new byte[512];
        var length = WriteThroughForms(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            length -= WriteThroughForms(buffer);
            length += WriteThroughForms(buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(length, 1, buffer.Length);
    }

    private static int WriteThroughForms(byte[] buffer)
    {
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingAcknowledgement, BindingAcknowledgement.Fields.Layout.Length);
        var identifier = writer.Append(MobileNodeLinkLayerIdentifierOption.Fields.Form, MobileNodeLinkLayerIdentifierOption.Fields.Layout.Length + 6);
        ReadOnlySpan<byte> address = [0x00, 0x00, 0x5E, 0x00, 0x53, 0x01];
        address.CopyTo(identifier[MobileNodeLinkLayerIdentifierOption.Fields.LinkLayerIdentifier.Offset..]);
        LinkLocalAddressOption.Fields.LinkLocalAddress.Write(writer.Append(LinkLocalAddressOption.Fields.Form), LinkLocal);
        writer.Append(IPv4HomeAddressRequestOption.Fields.Form);
        var reply = writer.Append(IPv4HomeAddressReplyOption.Fields.Form);
        IPv4HomeAddressReplyOption.Fields.Status.Write(reply, (byte)IPv4HomeAddressReplyStatus.IncorrectIPv4HomeAddress);
        IPv4HomeAddressReplyOption.Fields.PrefixLength.Write(reply, 24);
        IPv4HomeAddressReplyOption.Fields.IPv4HomeAddress.Write(reply, Home);
        var acknowledged = writer.Append(IPv4AddressAcknowledgementOption.Fields.Form);
        IPv4AddressAcknowledgementOption.Fields.PrefixLength.Write(acknowledged, 32);
        IPv4AddressAcknowledgementOption.Fields.IPv4HomeAddress.Write(acknowledged, Home);
        var home = writer.Append(IPv4HomeAddressOption.Fields.Form);
        IPv4HomeAddressOption.Fields.PrefixLength.Write(home, 32);
        IPv4HomeAddressOption.Fields.IPv4HomeAddress.Write(home, Home);
        BindingIdentifierOption.Fields.BindingId.Write(writer.Append(BindingIdentifierOption.Fields.Form), 7);
        var binding = writer.Append(BindingIdentifierOption.Fields.Form, BindingIdentifierOption.Fields.Layout.Length + 4);
        BindingIdentifierOption.Fields.BindingId.Write(binding, 8);
        BindingIdentifierOption.Fields.CareOfAddress.Write(binding, CareOf);
        GreKeyOption.Fields.GreKeyIdentifier.Write(writer.Append(GreKeyOption.Fields.Form), 0xDEAD_BEEF);
        writer.Append(GreKeyOption.Fields.Form, GreKeyOption.Fields.GreKeyIdentifier.Offset);
        RestartCounterOption.Fields.RestartCounter.Write(writer.Append(RestartCounterOption.Fields.Form), 3);
        AlternateCareOfAddressOption.Fields.AlternateCareOfAddress.Write(writer.Append(AlternateCareOfAddressOption.Fields.Form), Alternate);
        IPv4DhcpSupportModeOption.Fields.DhcpSupportMode.Write(writer.Append(IPv4DhcpSupportModeOption.Fields.Form), true);
        IPv4DefaultRouterAddressOption.Fields.IPv4DefaultRouterAddress.Write(writer.Append(IPv4DefaultRouterAddressOption.Fields.Form), Router);
        return writer.Finish();
    }

    private static Address LinkLocal { get; } = "fe80::1";

    private static Address Home { get; } = "10.1.1.7";

    private static Address CareOf { get; } = "198.51.100.7";

    private static Address Alternate { get; } = "2001:db8:2::c";

    private static Address Router { get; } = "10.1.1.1";

    /// <summary>What every TryRead that takes the option reads from it.</summary>
    private static List<object?> Read(MobilityOptionView view)
    {
        var values = new List<object?>();
        values.AddRange(BindingRefreshAdviceOption.TryRead(view, out var interval) ? [interval] : []);
        values.AddRange(AlternateCareOfAddressOption.TryRead(view, out var alternate) ? [alternate] : []);
        values.AddRange(NonceIndicesOption.TryRead(view, out var homeIndex, out var careOfIndex) ? [homeIndex, careOfIndex] : []);
        values.AddRange(BindingAuthorizationDataOption.TryRead(view, out var authenticator) ? [Octets.Create(authenticator)] : []);
        values.AddRange(MobileNetworkPrefixOption.TryRead(view, out var mobile) ? [mobile] : []);
        values.AddRange(MobileNodeIdentifierOption.TryRead(view, out var identifier) ? [Octets.Create(identifier)] : []);
        values.AddRange(
            MobilityMessageAuthenticationOption.TryRead(view, out var subtype, out var spi, out var data) ? [subtype, spi, Octets.Create(data)] : []);
        values.AddRange(MobilityMessageReplayProtectionOption.TryRead(view, out var ntp) ? [ntp] : []);
        values.AddRange(HomeNetworkPrefixOption.TryRead(view, out var home) ? [home] : []);
        values.AddRange(HandoffIndicatorOption.TryRead(view, out var indicator) ? [indicator] : []);
        values.AddRange(AccessTechnologyTypeOption.TryRead(view, out var technology) ? [technology] : []);
        values.AddRange(MobileNodeLinkLayerIdentifierOption.TryRead(view, out var linkLayer) ? [Octets.Create(linkLayer)] : []);
        values.AddRange(LinkLocalAddressOption.TryRead(view, out var linkLocal) ? [linkLocal] : []);
        values.AddRange(TimestampOption.TryRead(view, out var timestamp) ? [timestamp] : []);
        values.AddRange(RestartCounterOption.TryRead(view, out var counter) ? [counter] : []);
        values.AddRange(IPv4HomeAddressOption.TryRead(view, out var address, out var length, out var requested) ? [address, length, requested] : []);
        values.AddRange(IPv4AddressAcknowledgementOption.TryRead(view, out var status, out address, out length) ? [status, address, length] : []);
        values.AddRange(NatDetectionOption.TryRead(view, out var forcing, out var time) ? [forcing, time] : []);
        values.AddRange(IPv4CareOfAddressOption.TryRead(view, out address) ? [address] : []);
        values.AddRange(GreKeyOption.TryRead(view, out var key) ? [key] : []);
        values.AddRange(BindingIdentifierOption.TryRead(view, out var id, out var binding, out var careOf) ? [id, binding, careOf] : []);
        values.AddRange(IPv4HomeAddressRequestOption.TryRead(view, out address, out length) ? [address, length] : []);
        values.AddRange(IPv4HomeAddressReplyOption.TryRead(view, out var replied, out address, out length) ? [replied, address, length] : []);
        values.AddRange(IPv4DefaultRouterAddressOption.TryRead(view, out address) ? [address] : []);
        values.AddRange(IPv4DhcpSupportModeOption.TryRead(view, out var server) ? [server] : []);
        return values;
    }

    /// <summary>What the record holds of that.</summary>
    private static object?[] ValuesOf(MobilityOption option) => option switch
    {
        BindingRefreshAdviceOption it => [it.RefreshInterval],
        AlternateCareOfAddressOption it => [it.AlternateCareOfAddress],
        NonceIndicesOption it => [it.HomeNonceIndex, it.CareOfNonceIndex],
        BindingAuthorizationDataOption it => [it.Authenticator],
        MobileNodeIdentifierOption { Subtype: MobileNodeIdentifierSubtype.NetworkAccessIdentifier } it => [it.Identifier],
        MobilityMessageAuthenticationOption it => [it.Subtype, it.MobilitySpi, it.AuthenticationData],
        MobilityMessageReplayProtectionOption it => [it.Timestamp],
        PrefixOption it => [it.Prefix],
        HandoffIndicatorOption it => [it.Indicator],
        AccessTechnologyTypeOption it => [it.AccessTechnologyType],
        MobileNodeLinkLayerIdentifierOption it => [it.LinkLayerIdentifier],
        LinkLocalAddressOption it => [it.LinkLocalAddress],
        TimestampOption it => [it.Timestamp],
        RestartCounterOption it => [it.RestartCounter],
        IPv4HomeAddressOption it => [it.IPv4HomeAddress, it.PrefixLength, it.MobileNetworkPrefixRequested],
        IPv4AddressAcknowledgementOption it => [it.Status, it.IPv4HomeAddress, it.PrefixLength],
        NatDetectionOption it => [it.ForcingUdpEncapsulation, it.RefreshTime],
        IPv4CareOfAddressOption it => [it.IPv4CareOfAddress],
        GreKeyOption it => [it.GreKeyIdentifier],
        BindingIdentifierOption it => [it.BindingId, it.Status, it.CareOfAddress],
        IPv4HomeAddressRequestOption it => [it.IPv4HomeAddress, it.PrefixLength],
        IPv4HomeAddressReplyOption it => [it.Status, it.IPv4HomeAddress, it.PrefixLength],
        IPv4DefaultRouterAddressOption it => [it.IPv4DefaultRouterAddress],
        IPv4DhcpSupportModeOption it => [it.DhcpSupportMode],
        _ => [],
    };
}
