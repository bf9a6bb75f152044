using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A Binding Revocation Indication for proxy bindings before it has its sequence number (RFC 5846, 5.1, 8.1 and 9.2).</summary>
internal sealed record ProxyIndication(RevocationTrigger Trigger)
{
    /// <summary>The mobile node, the realm with its @, or the gateway; null for none.</summary>
    public byte[]? Identifier { get; init; }

    /// <summary>The proxy care-of address that the bindings share, IPv6; null for any.</summary>
    public Address? CareOfAddress { get; init; }

    public IReadOnlyList<Prefix> Prefixes { get; init; } = [];

    /// <summary>The IPv4 home address that is revoked alone (V); null for whole bindings.</summary>
    public Address? IPv4HomeAddress { get; init; }

    public byte IPv4PrefixLength { get; init; }

    public byte[] Write(ushort sequenceNumber)
    {
        var layout = BindingRevocationIndication.Fields.Layout;
        Span<byte> buffer = stackalloc byte[MobilityMessageWriter.MaximumLength];
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingRevocation, layout.Length);
        BindingRevocationIndication.Fields.RevocationType.Write(writer.Octets, (byte)BindingRevocationType.Indication);
        BindingRevocationIndication.Fields.Trigger.Write(writer.Octets, (byte)Trigger);
        BindingRevocationIndication.Fields.SequenceNumber.Write(writer.Octets, sequenceNumber);
        BindingRevocationIndication.Fields.ProxyBinding.Write(writer.Octets, true);
        BindingRevocationIndication.Fields.Global.Write(writer.Octets, Trigger.IsGlobal());
        if (Identifier is not null)
        {
            writer.AppendMobileNodeIdentifier(Identifier);
        }

        if (CareOfAddress is { } careOfAddress)
        {
            AlternateCareOfAddressOption.Fields.AlternateCareOfAddress.Write(writer.Append(AlternateCareOfAddressOption.Fields.Form), careOfAddress);
        }

        if (IPv4HomeAddress is { } address)
        {
            BindingRevocationIndication.Fields.IPv4HomeAddressBindingOnly.Write(writer.Octets, true);
            var option = writer.Append(IPv4HomeAddressRequestOption.Fields.Form);
            IPv4HomeAddressRequestOption.Fields.PrefixLength.Write(option, IPv4PrefixLength);
            IPv4HomeAddressRequestOption.Fields.IPv4HomeAddress.Write(option, address);
        }

        foreach (var prefix in Prefixes)
        {
            writer.AppendHomeNetworkPrefix(prefix);
        }

        return buffer[..writer.Finish()].ToArray();
    }
}
