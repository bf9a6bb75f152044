using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>What agents do for each message allocates nothing.</summary>
public class AllocationTests
{
    [Fact]
    public void Parsing_and_verifying_an_indication_allocates_nothing()
    {
        var message = new BindingRevocationIndication
        {
            Trigger = RevocationTrigger.AdministrativeReason,
            ProxyBinding = true,
            Options = [MobileNodeIdentifierOption.Create("mn7@example.com"), new HomeNetworkPrefixOption { Prefix = "2001:db8:100:7::/64" }],
        }.ToOctets().ToArray();
        Samples.Native.Seal(message);
        AssertAllocatesNothing(() =>
            MobilityHeaderView.TryParse(message, out var header, out _)
            && Samples.Native.IsChecksumRight(header)
            && BindingRevocationIndicationView.TryParse(header, out var view, out _)
            && view.Trigger == RevocationTrigger.AdministrativeReason
            && view.Options.TryFind(MobilityOptionType.MobileNodeIdentifier, out var option)
            && MobileNodeIdentifierOption.TryRead(option, out var identifier)
            && identifier.SequenceEqual("mn7@example.com"u8)
            && view.Options.TryFind(MobilityOptionType.HomeNetworkPrefix, out option)
            && HomeNetworkPrefixOption.TryRead(option, out var prefix)
            && prefix.Length == 64);
    }

    [Fact]
    public void Writing_an_indication_allocates_nothing()
    {
        var buffer = new byte[128];
        Prefix prefix = "2001:db8:100:7::/64";
        AssertAllocatesNothing(() =>
        {
            var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingRevocation, BindingRevocationIndication.Fields.Layout.Length);
            BindingRevocationIndication.Fields.RevocationType.Write(writer.Octets, (byte)BindingRevocationType.Indication);
            BindingRevocationIndication.Fields.Trigger.Write(writer.Octets, (byte)RevocationTrigger.AdministrativeReason);
            BindingRevocationIndication.Fields.SequenceNumber.Write(writer.Octets, 7);
            BindingRevocationIndication.Fields.ProxyBinding.Write(writer.Octets, true);
            writer.AppendMobileNodeIdentifier("mn7@example.com"u8);
            writer.AppendHomeNetworkPrefix(prefix);
            var length = writer.Finish();
            Samples.Native.Seal(buffer.AsSpan(0, length));
            return length == 56;
        });
        Assert.Equal(
            new BindingRevocationIndication
            {
                Trigger = RevocationTrigger.AdministrativeReason,
                SequenceNumber = 7,
                ProxyBinding = true,
                Checksum = (ushort)((buffer[4] << 8) | buffer[5]),
                Options = [MobileNodeIdentifierOption.Create("mn7@example.com"), new HomeNetworkPrefixOption { Prefix = prefix }],
            }.ToOctets().ToArray(),
            buffer[..56]);
    }

    [Theory]
    [InlineData(ExtensionType.MobileHomeAuthentication)]
    [InlineData(ExtensionType.MobileForeignAuthentication)]
    [InlineData(ExtensionType.ForeignHomeAuthentication)]
    [InlineData(ExtensionType.GeneralizedAuthentication)]
    public void Verifying_and_authenticating_a_registration_allocates_nothing(ExtensionType type)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, "1234567812345678"u8);
        var message = RegistrationAuthentication.Sign(new RegistrationRequest(), 256, authenticator, type).ToOctets().ToArray();
        AssertAllocatesNothing(() =>
        {
            var verified = 0;
            if (RegistrationRequestView.TryParse(message, out var view, out _))
            {
                foreach (var extension in view.Extensions)
                {
                    verified += RegistrationAuthentication.Verify(message, extension, authenticator) ? 1 : 0;
                }
            }

            return verified == 1 && RegistrationAuthentication.Append(message, 24, 256, authenticator, type) == message.Length;
        });
    }

    private static void AssertAllocatesNothing(Func<bool> act)
    {
        Assert.True(act());
        var failures = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            failures += act() ? 0 : 1;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, failures);
    }
}
