using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Multicast Listener Query of MLDv1 (RFC 2710, 3).</summary>
public sealed record MulticastListenerQuery : MulticastListenerMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Multicast Listener Query", "RFC 2710, 3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>The fields of every message of MLDv1.</summary>
        public static readonly MulticastListenerFields Body = new(Layout);
    }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MulticastListenerQuery;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static MulticastListenerQuery Read(ref IcmpReader reader) =>
        ReadBody(new MulticastListenerQuery(), Fields.Body, reader.Octets);

    private protected override MulticastListenerFields Body => Fields.Body;
}
