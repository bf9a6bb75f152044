using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>What holds for each Mobility Header message.</summary>
public class MobilityMessageTests
{
    /// <summary>The header lengths without options are those that RFC 6275, 6.1.2 to 6.1.9, RFC 5846, 5 and RFC 5847, 3.3 say or show.</summary>
    [Theory]
    [InlineData("Binding Refresh Request", 0, 0)]
    [InlineData("Home Test Init", 1, 1)]
    [InlineData("Care-of Test Init", 2, 1)]
    [InlineData("Home Test", 3, 2)]
    [InlineData("Care-of Test", 4, 2)]
    [InlineData("Binding Update", 5, 1)]
    [InlineData("Binding Acknowledgement", 6, 1)]
    [InlineData("Binding Error", 7, 2)]
    [InlineData("Heartbeat", 13, 1)]
    [InlineData("Binding Revocation Indication", 16, 1)]
    [InlineData("Binding Revocation Acknowledgement", 16, 1)]
    [Trait("Rfc", "5847-3.3-01")]
    public void Without_options_a_message_has_its_least_header_length_and_a_lesser_one_is_refused(string name, byte type, int headerLength)
    {
        var message = Samples.MobilityMessages.Single(each => each.Table.Name == name) with { Options = [] };
        var octets = message.ToOctets().ToArray();
        Assert.Equal((type, headerLength), (octets[2], octets[1]));
        Assert.Equal(headerLength, MobilityMessage.LeastHeaderLength(message.Table));
        Assert.Equal(message.Table, MobilityMessage.TableOf(octets));

        var shorter = octets[..Math.Max(8, headerLength * 8)];
        shorter[1] = (byte)((shorter.Length / 8) - 1);
        Assert.True(MobilityHeaderView.TryParse(shorter, out var view, out _));
        var parsed = MobilityMessage.From(view, out var error);
        Assert.Equal(shorter, parsed.ToOctets().ToArray());
        Assert.Equal(headerLength == 0 ? ("", 0) : ("HeaderLength", 1), (error.Field ?? "", error.Offset));
        Assert.Equal(name, new PacketDecoder().DecodeMobilityHeader(shorter).Layers[0].Name);
    }

    [Fact]
    public void A_type_without_a_table_is_kept_whole()
    {
        var octets = Convert.FromHexString("3b010b0000000102030405060708090a");
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out _));
        var message = Assert.IsType<UnknownMobilityMessage>(MobilityMessage.From(view, out var error));
        Assert.False(error.IsError);
        Assert.Equal((11, "0102030405060708090a"), (message.MessageType, message.MessageData.ToString()));
        Assert.Equal(octets, message.ToOctets().ToArray());
        Assert.Equal(UnknownMobilityMessage.Fields.Layout, MobilityMessage.TableOf(octets));
    }

    [Fact]
    [Trait("Rfc", "5847-3.3-01")]
    [Trait("Rfc", "5847-3.4-01")]
    public void A_heartbeat_is_read_where_it_stands()
    {
        var octets = new Heartbeat
        {
            Response = true,
            SequenceNumber = 0x89AB_CDEF,
            Options = [new RestartCounterOption { RestartCounter = 7 }],
        }.ToOctets();
        Assert.True(HeartbeatView.TryParse(octets.Span, out var view, out var error), error.ToString());
        Assert.Equal((true, false, 0x89AB_CDEFu), (view.Response, view.Unsolicited, view.SequenceNumber));
        Assert.True(view.Options.TryFind(MobilityOptionType.RestartCounter, out var option));
        Assert.True(RestartCounterOption.TryRead(option, out var counter));
        Assert.Equal(7u, counter);
        Assert.False(HeartbeatView.TryParse(new HomeTestInit().ToOctets().Span, out _, out error));
        Assert.Equal(("Type", 2), (error.Field, error.Offset));
    }

    /// <summary>RFC 5213, 8.9, RFC 5844, 3.3.5 and RFC 5845, 6.4.</summary>
    [Theory]
    [InlineData(BindingStatus.Accepted, 0)]
    [InlineData(BindingStatus.ReasonUnspecified, 128)]
    [InlineData(BindingStatus.AdministrativelyProhibited, 129)]
    [InlineData(BindingStatus.InsufficientResources, 130)]
    [InlineData(BindingStatus.ProxyRegistrationNotEnabled, 152)]
    [InlineData(BindingStatus.NotLmaForThisMobileNode, 153)]
    [InlineData(BindingStatus.MagNotAuthorizedForProxyRegistration, 154)]
    [InlineData(BindingStatus.NotAuthorizedForHomeNetworkPrefix, 155)]
    [InlineData(BindingStatus.TimestampMismatch, 156)]
    [InlineData(BindingStatus.TimestampLowerThanPreviousAccepted, 157)]
    [InlineData(BindingStatus.MissingHomeNetworkPrefixOption, 158)]
    [InlineData(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, 159)]
    [InlineData(BindingStatus.MissingMobileNodeIdentifierOption, 160)]
    [InlineData(BindingStatus.MissingHandoffIndicatorOption, 161)]
    [InlineData(BindingStatus.MissingAccessTechnologyTypeOption, 162)]
    [InlineData(BindingStatus.NotAuthorizedForIPv4MobilityService, 170)]
    [InlineData(BindingStatus.NotAuthorizedForIPv4HomeAddress, 171)]
    [InlineData(BindingStatus.NotAuthorizedForIPv6MobilityService, 172)]
    [InlineData(BindingStatus.MultipleIPv4HomeAddressAssignmentNotSupported, 173)]
    [InlineData(BindingStatus.GreKeyOptionNotRequired, 2)]
    [InlineData(BindingStatus.GreTunnelingButTlvHeaderNotSupported, 3)]
    [InlineData(BindingStatus.GreKeyOptionRequired, 163)]
    [Trait("Rfc", "5213-8.9-01")]
    [Trait("Rfc", "5844-3.3.5-01")]
    [Trait("Rfc", "5845-6.4-01")]
    public void Statuses_of_proxy_registrations_have_the_numbers_of_the_RFCs(BindingStatus status, byte number) =>
        Assert.Equal(number, new BindingAcknowledgement { Status = status }.ToOctets().Span[6]);

    /// <summary>The IANA registry of status codes, by the RFCs up to 6602.</summary>
    [Fact]
    public void Statuses_are_named_without_a_gap() =>
        Assert.Equal([.. Enumerable.Range(0, 6), .. Enumerable.Range(128, 48)], Enum.GetValues<BindingStatus>().Select(status => (int)status));
}
