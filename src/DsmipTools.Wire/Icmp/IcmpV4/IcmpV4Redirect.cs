using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Redirect (RFC 792); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV4Redirect : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Redirect", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4<IcmpV4RedirectCode>(Layout);

        /// <summary>The gateway to send to.</summary>
        public static readonly Field GatewayInternetAddress = Layout.IPv4("GatewayInternetAddress", "the gateway to send to");
    }

    /// <summary>The gateway to send to.</summary>
    public Address GatewayInternetAddress { get; init; } = Address.AnyIPv4;

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.Redirect;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4Redirect Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4Redirect
        {
            GatewayInternetAddress = Fields.GatewayInternetAddress.ReadAddress(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.GatewayInternetAddress.Write(structure, GatewayInternetAddress);
    }
}
