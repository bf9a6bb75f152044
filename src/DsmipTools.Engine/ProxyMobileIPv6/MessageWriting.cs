using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Options that both ends write into updates, answers and indications.</summary>
internal static class MessageWriting
{
    /// <summary>Adds a GRE Key option; without a key it asks for, or grants, GRE alone (RFC 5845, 6.1).</summary>
    public static void AppendGreKey(this ref MobilityMessageWriter writer, uint? key)
    {
        var fields = GreKeyOption.Fields.GreKeyIdentifier;
        var option = writer.Append(GreKeyOption.Fields.Form, key is null ? fields.Offset : GreKeyOption.Fields.Layout.Length);
        if (key is { } known)
        {
            fields.Write(option, known);
        }
    }

    /// <summary>Adds a Link-local Address option (RFC 5213, 8.7).</summary>
    public static void AppendLinkLocalAddress(this ref MobilityMessageWriter writer, Address address) =>
        LinkLocalAddressOption.Fields.LinkLocalAddress.Write(writer.Append(LinkLocalAddressOption.Fields.Form), address);

    /// <summary>Adds a Mobile Node Link-layer Identifier option (RFC 5213, 8.6).</summary>
    public static void AppendLinkLayerIdentifier(this ref MobilityMessageWriter writer, ReadOnlySpan<byte> identifier)
    {
        var layout = MobileNodeLinkLayerIdentifierOption.Fields.Layout;
        var option = writer.Append(MobileNodeLinkLayerIdentifierOption.Fields.Form, layout.Length + identifier.Length);
        identifier.CopyTo(option[MobileNodeLinkLayerIdentifierOption.Fields.LinkLayerIdentifier.Offset..]);
    }
}
