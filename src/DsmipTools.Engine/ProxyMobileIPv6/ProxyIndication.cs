using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A Binding Revocation Indication for proxy bindings before it has its sequence number (RFC 5846, 5.1, 8.1 and 9.2).</summary>
internal sealed record ProxyIndication(RevocationTrigger Trigger)
{
    /// <summary>The mobile node, the realm with its @, or the gateway; null for none.</summary>
    public byte[]? Identifier { get; init; }

    public IReadOnlyList<Prefix> Prefixes { get; init; } = [];

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

        foreach (var prefix in Prefixes)
        {
            writer.AppendHomeNetworkPrefix(prefix);
        }

        return buffer[..writer.Finish()].ToArray();
    }
}
