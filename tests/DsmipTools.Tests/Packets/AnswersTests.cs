using DsmipTools.Packets;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Tests.Packets;

public sealed class AnswersTests
{
    [Theory]
    [Trait("Rfc", "5846-5.2-02")]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public void An_acknowledgement_has_sequence_number_and_flags_of_the_indication(bool proxy, bool onlyIPv4, bool global)
    {
        var indication = new BindingRevocationIndication
        {
            SequenceNumber = 4711,
            ProxyBinding = proxy,
            IPv4HomeAddressBindingOnly = onlyIPv4,
            Global = global,
            ReservedFlags = 3,
            Options = [MobileNodeIdentifierOption.Create("mn@example.com")],
        };

        Assert.Equal(
            new BindingRevocationAcknowledgement
            {
                Status = RevocationStatus.MobileNodeIsAttached,
                SequenceNumber = 4711,
                ProxyBinding = proxy,
                IPv4HomeAddressBindingOnly = onlyIPv4,
                Global = global,
            },
            Answers.To(indication, RevocationStatus.MobileNodeIsAttached));
    }

    [Fact]
    public void An_acknowledgement_of_a_proxy_update_says_whom_it_is_about()
    {
        MobilityOption[] about = [MobileNodeIdentifierOption.Create("mn@example.com"), new HomeNetworkPrefixOption { Prefix = "2001:db8::/64" }];
        var update = new BindingUpdate
        {
            SequenceNumber = 9, Lifetime = 75, ProxyRegistration = true, MobileRouter = true, Options = [.. about, new PadNOption(), new UnknownMobilityOption { OptionType = 200 }],
        };

        var answer = Answers.To(update, BindingStatus.Accepted);

        Assert.Equal((9, 75, true, true), (answer.SequenceNumber, answer.Lifetime, answer.ProxyRegistration, answer.MobileRouter));
        Assert.Equal(about, answer.Options);
        Assert.Empty(Answers.To(update with { ProxyRegistration = false }, BindingStatus.Accepted).Options);
    }

    [Fact]
    public void A_reply_answers_each_prefix_when_it_accepts()
    {
        var request = new RegistrationRequest
        {
            Lifetime = 300,
            HomeAddress = "10.0.0.5",
            HomeAgent = "10.0.0.1",
            Identification = 5,
            Extensions = [new IPv6PrefixRequestExtension { Prefix = "2001:db8::/48" }, new IPv6TunnelingModeExtension()],
        };

        var accepting = Answers.To(request, RegistrationCode.Accepted);
        Assert.Equal([new IPv6PrefixReplyExtension { Code = PrefixReplyCode.AcceptedCareOfAddress, Prefix = "2001:db8::/48" }], accepting.Extensions);
        Assert.Equal((300, "10.0.0.5", "10.0.0.1", 5ul), (accepting.Lifetime, $"{accepting.HomeAddress}", $"{accepting.HomeAgent}", accepting.Identification));
        var refusing = Answers.To(request, RegistrationCode.InsufficientResources);
        Assert.Empty(refusing.Extensions);
        Assert.Equal(0, refusing.Lifetime);
    }

    [Fact]
    public void A_lifetime_is_what_its_field_can_say_or_an_error()
    {
        Assert.Equal(300, MessageLifetime.ToField(TimeSpan.FromMinutes(5), MessageLifetime.RegistrationUnit));
        Assert.Equal(75, MessageLifetime.ToField(TimeSpan.FromMinutes(5), MessageLifetime.BindingUnit));
        Assert.Equal(0, MessageLifetime.ToField(TimeSpan.Zero, MessageLifetime.BindingUnit));
        Assert.Equal(65534, MessageLifetime.ToField(TimeSpan.FromSeconds(65534 * 4), MessageLifetime.BindingUnit));
        Assert.Equal(65535, MessageLifetime.ToField(Timeout.InfiniteTimeSpan, MessageLifetime.BindingUnit));
        Assert.Contains("Take 8 or 12 s", Message(TimeSpan.FromSeconds(10), MessageLifetime.BindingUnit), StringComparison.Ordinal);
        Assert.Contains("0 to 65534 s", Message(TimeSpan.FromSeconds(65535), MessageLifetime.RegistrationUnit), StringComparison.Ordinal);
        Assert.Contains("does not fit", Message(TimeSpan.FromSeconds(-2), MessageLifetime.RegistrationUnit), StringComparison.Ordinal);
        Assert.Contains("does not fit", Message(TimeSpan.FromMilliseconds(500), MessageLifetime.RegistrationUnit), StringComparison.Ordinal);

        static string Message(TimeSpan lifetime, TimeSpan unit) => Assert.Throws<ArgumentException>(() => MessageLifetime.ToField(lifetime, unit)).Message;
    }
}
