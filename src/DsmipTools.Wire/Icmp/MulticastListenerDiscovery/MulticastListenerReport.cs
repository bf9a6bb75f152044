using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Multicast Listener Report of MLDv1 (RFC 2710, 3).</summary>
public sealed record MulticastListenerReport : MulticastListenerMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Multicast Listener Report", "RFC 2710, 3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>The fields of every message of MLDv1.</summary>
        public static readonly MulticastListenerFields Body = new(Layout);
    }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MulticastListenerReport;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static MulticastListenerReport Read(ref IcmpReader reader) =>
        ReadBody(new MulticastListenerReport(), Fields.Body, reader.Octets);

    private protected override MulticastListenerFields Body => Fields.Body;
}
