using System.Globalization;
using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;

namespace DsmipTools.Benchmarks;

/// <summary>The messages that benchmarks send. Making them is never measured, unless a benchmark is about writing.</summary>
internal static class Messages
{
    /// <summary>More than any message here needs.</summary>
    public const int Room = 160;

    /// <summary>The SPI of all security associations.</summary>
    public const uint Spi = 256;

    /// <summary>The anchor.</summary>
    public static readonly Address Anchor = "2001:db8::1";

    private static readonly Address firstGateway = "2001:db8:0:1::1";

    /// <summary>How messages of the gateway with a number reach the anchor: native Mobility Headers, with a checksum of their own.</summary>
    public static Envelope FromGateway(int number) =>
        new(Transport.IPv6, new Endpoint(Address.FromIPv6(firstGateway.Value + (uint)number), 0), new Endpoint(Anchor, 0));

    /// <summary>The realm with a number.</summary>
    public static string Realm(int number) => string.Create(CultureInfo.InvariantCulture, $"realm{number}.example.com");

    /// <summary>A mobile node of a realm; 28 octets.</summary>
    public static string Node(int number, int realm) => string.Create(CultureInfo.InvariantCulture, $"mn{number:D7}@{Realm(realm)}");

    /// <summary>Writes a Proxy Binding Update with the options that RFC 5213, 6.9.1.1 asks for; returns its length.</summary>
    public static int WriteProxyBindingUpdate(
        Span<byte> buffer, ushort sequenceNumber, ReadOnlySpan<byte> identifier, Prefix prefix, ulong timestamp, in Envelope envelope)
    {
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingUpdate, BindingUpdate.Fields.Layout.Length);
        BindingUpdate.Fields.SequenceNumber.Write(writer.Octets, sequenceNumber);
        BindingUpdate.Fields.Acknowledge.Write(writer.Octets, true);
        BindingUpdate.Fields.HomeRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.Lifetime.Write(writer.Octets, 900);
        writer.AppendMobileNodeIdentifier(identifier);
        writer.AppendHomeNetworkPrefix(prefix);
        writer.AppendHandoffIndicator(prefix == default ? HandoffIndicator.NewInterface : HandoffIndicator.NotChanged);
        writer.AppendAccessTechnologyType(AccessTechnologyType.WirelessLan);
        writer.AppendTimestamp(timestamp);
        var length = writer.Finish();
        envelope.Seal(buffer[..length]);
        return length;
    }

    /// <summary>Writes a Binding Revocation Indication for one mobile node with one prefix, its checksum too; returns its length.</summary>
    public static int WriteIndication(Span<byte> buffer, ushort sequenceNumber, ReadOnlySpan<byte> identifier, Prefix prefix, in Envelope envelope)
    {
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingRevocation, BindingRevocationIndication.Fields.Layout.Length);
        BindingRevocationIndication.Fields.RevocationType.Write(writer.Octets, (byte)BindingRevocationType.Indication);
        BindingRevocationIndication.Fields.Trigger.Write(writer.Octets, (byte)RevocationTrigger.AdministrativeReason);
        BindingRevocationIndication.Fields.SequenceNumber.Write(writer.Octets, sequenceNumber);
        BindingRevocationIndication.Fields.ProxyBinding.Write(writer.Octets, true);
        writer.AppendMobileNodeIdentifier(identifier);
        writer.AppendHomeNetworkPrefix(prefix);
        var length = writer.Finish();
        envelope.Seal(buffer[..length]);
        return length;
    }

    /// <summary>The same indication as a record.</summary>
    public static BindingRevocationIndication Indication(ushort sequenceNumber, string identifier, Prefix prefix) => new()
    {
        Trigger = RevocationTrigger.AdministrativeReason,
        SequenceNumber = sequenceNumber,
        ProxyBinding = true,
        Options = [MobileNodeIdentifierOption.Create(identifier), new HomeNetworkPrefixOption { Prefix = prefix }],
    };

    /// <summary>Writes the acknowledgement of a global indication; returns its length.</summary>
    public static int WriteAcknowledgement(Span<byte> buffer, ushort sequenceNumber, in Envelope envelope)
    {
        var length = new BindingRevocationAcknowledgement
        {
            Status = RevocationStatus.Success,
            SequenceNumber = sequenceNumber,
            ProxyBinding = true,
            Global = true,
        }.Write(buffer);
        envelope.Seal(buffer[..length]);
        return length;
    }

    /// <summary>
    /// A Registration Request of the explicit mode of RFC 5454 without its authentication: identifier, one prefix, tunneling to the care-of address.
    /// </summary>
    public static RegistrationRequest Request(Address homeAgent, Address homeAddress, Address careOfAddress, Prefix prefix, string identifier) => new()
    {
        DecapsulationByMobileNode = true,
        ReverseTunneling = true,
        Lifetime = 1800,
        HomeAddress = homeAddress,
        HomeAgent = homeAgent,
        CareOfAddress = careOfAddress,
        Extensions =
        [
            MobileNodeNaiExtension.Create(identifier),
            new IPv6PrefixRequestExtension { Prefix = prefix },
            new IPv6TunnelingModeExtension(),
        ],
    };

    /// <summary>The request of one mobile node.</summary>
    public static RegistrationRequest Request() => Request("10.0.0.1", "10.1.0.1", "192.0.2.1", "2001:db8:7:1::/64", Node(1, 0));

    /// <summary>Writes a request with another Identification and signs it; returns its length.</summary>
    public static int Sign(Span<byte> buffer, ReadOnlySpan<byte> unsigned, ulong identification, MessageAuthenticator authenticator)
    {
        unsigned.CopyTo(buffer);
        RegistrationRequest.Fields.Identification.Write(buffer, identification);
        return RegistrationAuthentication.Append(buffer, unsigned.Length, Spi, authenticator);
    }

    /// <summary>The octets of a text.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
