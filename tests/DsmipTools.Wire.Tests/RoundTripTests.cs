using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests;

/// <summary>Record to octets, to view, to record, to octets, for whatever a record can hold.</summary>
public partial class RoundTripTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(5454, 5847).WithQuietOnSuccess(true);

    [Fact]
    [Trait("Rfc", "5454-2-01")]
    [Trait("Rfc", "5454-2.1-02")]
    public void Mobile_IPv4_messages_come_back_as_they_were() => Prop.ForAll(Generators.MobileIPv4Messages, message =>
    {
        var octets = WrittenIntoADirtyBuffer(message.GetLength(), message.Write);
        Assert.True(MobileIPv4Message.TryParse(octets, out var parsed, out var error), error.ToString());
        Assert.Equal(message, parsed);
        Assert.Equal(octets, parsed!.ToOctets().ToArray());

        var decoded = new PacketDecoder().DecodeMobileIPv4(octets);
        Assert.Null(decoded.Error);
        Assert.Equal(message, decoded.Message);
        Assert.Equal(message.Extensions.Select(extension => extension.Table.Name), decoded.Layers[0].Children.Select(layer => layer.Name));
        return true;
    }).Check(Seeded);

    [Fact]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.1-04")]
    [Trait("Rfc", "5846-5.2-01")]
    public void Composed_mobility_headers_come_back_with_padding_and_length() => Prop.ForAll(Generators.MobilityMessages, message =>
    {
        var octets = WrittenIntoADirtyBuffer(message.GetLength(), message.Write);
        Assert.Equal(0, octets.Length % 8);
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out var error), error.ToString());
        Assert.Equal(octets.Length, (view.HeaderLength + 1) * 8);
        var parsed = MobilityMessage.From(view, out error);
        Assert.False(error.IsError, error.ToString());
        Assert.Equal(octets, parsed.ToOctets().ToArray());
        Assert.Equal(message, parsed with
        {
            Options = [.. parsed.Options.Where(option => option is not (Pad1Option or PadNOption))],
            HeaderLength = null,
            Checksum = null,
            Verbatim = false,
        });
        return true;
    }).Check(Seeded);

    [Fact]
    public void Foreign_mobility_headers_keep_every_bit() => Prop.ForAll(Generators.ForeignMobilityMessages, message =>
    {
        var octets = WrittenIntoADirtyBuffer(message.GetLength(), message.Write);
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out var error), error.ToString());
        Assert.Equal(message, MobilityMessage.From(view));

        var decoded = new PacketDecoder().DecodeMobilityHeader(octets);
        Assert.Null(decoded.Error);
        Assert.Equal(message, decoded.Message);
        Assert.Equal(octets, ((MobilityMessage)decoded.Message!).ToOctets().ToArray());
        Assert.Equal(message.Options.Select(option => option.Table.Name), decoded.Layers[0].Children.Select(layer => layer.Name));
        return true;
    }).Check(Seeded);

    [Fact]
    public void Options_stand_where_their_alignment_allows() => Prop.ForAll(Generators.MobilityMessages, message =>
    {
        var octets = message.ToOctets();
        Assert.True(MobilityHeaderView.TryParse(octets.Span, out var view, out _));
        var offset = message.Table.Length;
        var options = MobilityMessage.From(view).Options.ToArray();
        Assert.Equal(octets.Length, offset + options.Sum(option => option.GetLength()));
        foreach (var option in options)
        {
            // RFC 6275, 6.2: 2n, 8n+6, 2n and 8n+2. RFC 3963: 8n+4. RFC 4285: 4n+1 and 8n+2. RFC 5213, 8: 8n+4, 8n+6 and 8n+2.
            // RFC 5847: 4n+2. RFC 5555, 5844 and 5845: 4n. RFC 5648: 2n or 8n+2. Those that are not here have none.
            var (multiple, remainder) = option switch
            {
                AlternateCareOfAddressOption or LinkLocalAddressOption => (8, 6),
                HomeNetworkPrefixOption or MobileNetworkPrefixOption => (8, 4),
                TimestampOption or MobilityMessageReplayProtectionOption or BindingAuthorizationDataOption => (8, 2),
                BindingIdentifierOption { CareOfAddress: not null } => (8, 2),
                BindingRefreshAdviceOption or NonceIndicesOption or BindingIdentifierOption => (2, 0),
                RestartCounterOption => (4, 2),
                MobilityMessageAuthenticationOption => (4, 1),
                IPv4HomeAddressOption or IPv4AddressAcknowledgementOption or NatDetectionOption or IPv4CareOfAddressOption or GreKeyOption => (4, 0),
                IPv4HomeAddressRequestOption or IPv4HomeAddressReplyOption or IPv4DefaultRouterAddressOption => (4, 0),
                MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier: { Length: > 0 } identifier } when identifier.Length % 8 == 0 => (8, 4),
                MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier: { Length: > 0 } identifier } when identifier.Length % 4 == 0 => (4, 0),
                MobileNodeLinkLayerIdentifierOption => (2, 0),
                _ => (1, 0),
            };
            Assert.Equal(remainder, offset % multiple);
            offset += option.GetLength();
        }

        return true;
    }).Check(Seeded);

    [Fact]
    public void A_mobility_header_cut_at_any_octet_is_refused_and_octets_after_it_are_left_out() => Prop.ForAll(
        Generators.ForeignMobilityMessages,
        message =>
        {
            var octets = message.ToOctets().ToArray();
            var decoder = new PacketDecoder();
            for (var length = 0; length < octets.Length; length++)
            {
                var cut = octets.AsSpan(0, length);
                Assert.False(MobilityHeaderView.TryParse(cut, out _, out var error));
                Assert.InRange(error.Offset, 0, length);
                Assert.Equal(error, decoder.DecodeMobilityHeader(cut).Error);
            }

            byte[] longer = [.. octets, 1, 2, 3];
            Assert.True(MobilityHeaderView.TryParse(longer, out var view, out _));
            Assert.Equal(message, MobilityMessage.From(view));
            Assert.Equal("Data", decoder.DecodeMobilityHeader(longer).Layers[^1].Name);
            return true;
        }).Check(Seeded.WithMaxTest(100));

    [Fact]
    public void A_Mobile_IPv4_message_cut_at_any_octet_is_refused_or_is_the_whole_message_that_ends_there() => Prop.ForAll(
        Generators.MobileIPv4Messages,
        message =>
        {
            var octets = message.ToOctets().ToArray();
            var ends = new HashSet<int> { message.Table.Length };
            var end = message.Table.Length;
            ends.UnionWith(message.Extensions.Select(extension => end += extension.GetLength()));
            for (var length = 0; length <= octets.Length; length++)
            {
                var cut = octets.AsSpan(0, length);
                Assert.Equal(ends.Contains(length), MobileIPv4Message.TryParse(cut, out _, out var error));
                Assert.NotEqual(ends.Contains(length), error.IsError);
                Assert.Equal(ends.Contains(length), new PacketDecoder().DecodeMobileIPv4(cut).Error is null);
            }

            byte[] longer = [.. octets, 255];
            Assert.False(MobileIPv4Message.TryParse(longer, out _, out var trailing));
            Assert.Equal(octets.Length + 1, trailing.Offset);
            return true;
        }).Check(Seeded.WithMaxTest(100));

    private delegate int Write(Span<byte> destination);

    private static byte[] WrittenIntoADirtyBuffer(int length, Write write)
    {
        var buffer = new byte[length + 16];
        Array.Fill<byte>(buffer, 0xAA);
        Assert.Equal(length, write(buffer));
        Assert.All(buffer[length..], octet => Assert.Equal(0xAA, octet));
        return buffer[..length];
    }
}
