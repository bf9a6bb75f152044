using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>The messages of RFC 5846, octet for octet, and what holds for all mobility headers.</summary>
public class BindingRevocationTests
{
    private static readonly BindingRevocationIndication Indication = new()
    {
        Trigger = RevocationTrigger.PerPeerPolicy,
        SequenceNumber = 0x1234,
        ProxyBinding = true,
        Global = true,
    };

    private static readonly BindingRevocationAcknowledgement Acknowledgement = new()
    {
        Status = RevocationStatus.BindingDoesNotExist,
        SequenceNumber = 0x1234,
        ProxyBinding = true,
        IPv4HomeAddressBindingOnly = true,
    };

    [Fact]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.1-11")]
    public void An_indication_without_options_has_4_octets_of_padding_and_header_length_1() =>
        Assert.Equal("3b011000" + "0000" + "0180" + "1234" + "a000" + "01020000", Indication.ToOctets().ToString());

    [Fact]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5.2-01")]
    [Trait("Rfc", "5846-5.1-11")]
    public void An_acknowledgement_without_options_has_4_octets_of_padding_and_header_length_1() =>
        Assert.Equal("3b011000" + "0000" + "0280" + "1234" + "c000" + "01020000", Acknowledgement.ToOctets().ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    [Trait("Rfc", "5846-5-01")]
    public void An_unassigned_revocation_type_is_neither_message_and_is_kept(byte type)
    {
        var octets = Indication.ToOctets().ToArray();
        octets[6] = type;
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out _));
        Assert.False(BindingRevocationIndicationView.TryParse(view, out _, out var asIndication));
        Assert.False(BindingRevocationAcknowledgementView.TryParse(view, out _, out var asAcknowledgement));
        Assert.Equal(("RevocationType", 6), (asIndication.Field, asIndication.Offset));
        Assert.Equal(("RevocationType", 6), (asAcknowledgement.Field, asAcknowledgement.Offset));
        Assert.Equal(octets, Assert.IsType<UnknownMobilityMessage>(MobilityMessage.From(view)).ToOctets().ToArray());
    }

    [Fact]
    [Trait("Rfc", "5846-5-02")]
    public void Reserved_bits_that_are_set_are_kept_and_change_nothing_else()
    {
        var octets = Indication.ToOctets().ToArray();
        octets[3] = 0xFF;
        octets[10] |= 0x1F;
        octets[11] = 0xFF;
        Assert.True(BindingRevocationIndicationView.TryParse(octets, out var view, out _));
        Assert.Equal((0xFF, 0x1FFF), (view.Header.Reserved, view.ReservedFlags));
        var record = BindingRevocationIndication.From(view);
        Assert.Equal(octets, record.ToOctets().ToArray());
        Assert.Equal(
            Indication,
            record with { Reserved = 0, ReservedFlags = 0, Options = [], HeaderLength = null, Checksum = null, Verbatim = false });
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-02")]
    public void Triggers_have_the_values_and_ranges_of_the_RFC()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 128, 129], Enum.GetValues<RevocationTrigger>().Select(trigger => (int)trigger));
        Assert.All(Enum.GetValues<RevocationTrigger>(), trigger => Assert.True(trigger.IsAssigned()));
        var all = Enumerable.Range(0, 256).Select(value => (RevocationTrigger)value).ToArray();
        Assert.Equal(all[..128], all.Where(trigger => trigger.IsPerMobileNode()));
        Assert.Equal(all[128..250], all.Where(trigger => trigger.IsGlobal()));
        Assert.Equal(10, all.Count(trigger => trigger.IsAssigned()));
    }

    [Fact]
    [Trait("Rfc", "5846-5.2-01")]
    public void Statuses_have_the_values_of_the_RFC() => Assert.Equal(
        [0, 1, 128, 129, 130, 131, 132, 133, 134, 135], Enum.GetValues<RevocationStatus>().Select(status => (int)status));

    [Fact]
    [Trait("Rfc", "5846-5.2-01")]
    [Trait("Rfc", "5846-6.2.2-05")]
    public void Statuses_below_128_are_processed_or_accepted()
    {
        var all = Enumerable.Range(0, 256).ToArray();
        Assert.Equal(all[..128], all.Where(value => ((RevocationStatus)value).IsProcessed()));
        Assert.Equal(all[..128], all.Where(value => ((BindingStatus)value).IsAccepted()));
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-04")]
    public void Unknown_options_are_skipped_and_those_behind_them_are_found()
    {
        var octets = (Indication with
        {
            Options = [new UnknownMobilityOption { OptionType = 200, Data = new byte[] { 1, 2, 3 } }, MobileNodeIdentifierOption.Create("@example.com")],
        }).ToOctets();
        Assert.True(BindingRevocationIndicationView.TryParse(octets.Span, out var view, out _));
        Assert.True(view.Options.TryFind(MobilityOptionType.MobileNodeIdentifier, out var found));
        Assert.True(MobileNodeIdentifierOption.TryRead(found, out var identifier));
        Assert.Equal("@example.com"u8, identifier);
        Assert.Equal(17, found.Offset);
        Assert.False(view.Options.TryFind(MobilityOptionType.HomeNetworkPrefix, out _));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("00000000", true)]
    [InlineData("01020000", true)]
    [InlineData("0100" + "0000", true)]
    [InlineData("17020001", false)]
    [InlineData("c8020001", false)]
    [Trait("Rfc", "5846-5.1-13")]
    public void Padding_does_not_count_as_an_option(string options, bool isEmpty)
    {
        byte[] octets = [0x3B, (byte)(options.Length / 8), 16, 0, 0, 0, 1, 128, 0, 1, 0xA0, 0, .. Convert.FromHexString(options)];
        octets = octets.Length == 12 ? [.. octets, 0, 0, 0, 0] : octets;
        octets[1] = 1;
        Assert.True(BindingRevocationIndicationView.TryParse(octets, out var view, out var error), error.ToString());
        Assert.Equal(isEmpty, view.Options.IsEmpty);
    }

    [Fact]
    public void An_option_is_not_read_as_another_of_the_same_length()
    {
        var octets = (Indication with { Options = [new HandoffIndicatorOption { Indicator = HandoffIndicator.Unknown }] }).ToOctets();
        Assert.True(BindingRevocationIndicationView.TryParse(octets.Span, out var view, out _));
        Assert.True(view.Options.TryFind(MobilityOptionType.HandoffIndicator, out var option));
        Assert.True(HandoffIndicatorOption.TryRead(option, out var indicator));
        Assert.Equal(HandoffIndicator.Unknown, indicator);
        Assert.False(AccessTechnologyTypeOption.TryRead(option, out _));
        Assert.False(MobileNodeIdentifierOption.TryRead(option, out _));
    }

    [Theory]
    [InlineData("3b00100000000100", "HeaderLength", 1)] // An indication of 8 octets.
    [InlineData("3b0110000000018012348000" + "0801616d", "OptionLength", 16)] // The second option has a type only.
    [InlineData("3b0110000000018012348000" + "08030161", "OptionLength", 13)]
    [InlineData("3b021000000001801234a000" + "01020000", "HeaderLength", 1)]
    public void A_broken_message_is_refused_with_the_place(string hex, string field, int offset)
    {
        var octets = Convert.FromHexString(hex);
        Assert.False(BindingRevocationIndicationView.TryParse(octets, out _, out var error));
        Assert.Equal((field, offset), (error.Field, error.Offset));
        var decoded = new PacketDecoder().DecodeMobilityHeader(octets);
        Assert.Equal(error, decoded.Error);
        Assert.Equal("Binding Revocation Indication", decoded.Layers[0].Name);
        Assert.Equal((byte)16, (byte)(MobilityHeaderType)decoded.Layers[0]["Type"]!.Value);
    }

    [Fact]
    public void Home_network_prefix_bits_and_any_length_are_kept()
    {
        var option = new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7:1:2:3:4/64" };
        var octets = (Indication with { Options = [option] }).ToOctets();
        Assert.True(BindingRevocationIndicationView.TryParse(octets.Span, out var view, out _));
        Assert.True(view.Options.TryFind(MobilityOptionType.HomeNetworkPrefix, out var found));
        Assert.True(HomeNetworkPrefixOption.TryRead(found, out var prefix));
        Assert.Equal(option.Prefix, prefix);
        Assert.False(prefix.IsCanonical);
    }

    [Fact]
    public void What_a_length_field_cannot_say_is_refused()
    {
        MobilityOption[] seven = [.. Enumerable.Repeat(new UnknownMobilityOption { OptionType = 200, Data = new byte[255] }, 7)];
        Assert.Equal(1816, (Indication with { Options = [.. seven] }).ToOctets().Length);
        Assert.Throws<ArgumentException>(() => (Indication with { Options = [.. seven, seven[0]] }).ToOctets());
        Assert.Throws<ArgumentException>(() => (Indication with { Options = [MobileNodeIdentifierOption.Create(new string('a', 255))] }).ToOctets());
        Assert.Throws<ArgumentException>(() =>
        {
            var writer = new MobilityMessageWriter(new byte[400], MobilityHeaderType.BindingRevocation, 12);
            writer.AppendMobileNodeIdentifier(new byte[255]);
        });
    }

    [Fact]
    [Trait("Rfc", "5846-4-03")]
    public void Over_UDP_the_checksum_is_sent_as_zero_and_ignored_on_receipt()
    {
        var message = (Indication with { Checksum = 0xBEEF }).ToOctets().ToArray();
        Assert.True(MobilityHeaderView.TryParse(message, out var view, out _));
        Assert.True(Samples.OverUdp.IsChecksumRight(view));
        Assert.False(Samples.Native.IsChecksumRight(view));

        var packet = Samples.Packet(Samples.OverUdp, message);
        Assert.Null(new PacketDecoder().Decode(packet).Error);
        Assert.True(PacketFrame.TryRead(packet, Transport.ProxyMobileIPv6Udp, out var envelope, out var received, out var error), error.ToString());
        Assert.Equal(Samples.OverUdp, envelope);
        Assert.Equal(Indication.ToOctets(), Octets.Create(received));
    }

    [Fact]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5844-4.1.3.2-02")]
    [Trait("Rfc", "5844-4.2.2.1-01")]
    public void Over_UDP_the_checksum_of_UDP_counts()
    {
        var packet = Samples.Packet(Samples.OverUdp, Indication.ToOctets().Span);
        packet[^1] ^= 1;
        Assert.False(PacketFrame.TryRead(packet, Transport.ProxyMobileIPv6Udp, out _, out _, out var error));
        Assert.Equal(("Checksum", 26), (error.Field, error.Offset));
        Assert.Equal(error, new PacketDecoder().Decode(packet).Error);
    }

    [Fact]
    public void A_message_sealed_for_one_envelope_can_be_sealed_for_another()
    {
        var message = Indication.ToOctets().ToArray();
        Samples.Native.Seal(message);
        Assert.NotEqual(0, (message[4] << 8) | message[5]);
        Samples.OverUdp.Seal(message);
        Assert.Equal(Indication.ToOctets().ToArray(), message);
    }

    [Fact]
    public void The_reversed_envelope_swaps_addresses_and_ports()
    {
        var envelope = new Envelope(Transport.ProxyMobileIPv6Udp, new Endpoint("203.0.113.10", 40000), new Endpoint("203.0.113.11", 5436));
        Assert.Equal(new Envelope(envelope.Transport, envelope.Destination, envelope.Source), envelope.Reversed);
        Assert.Equal(envelope, envelope.Reversed.Reversed);
    }
}
