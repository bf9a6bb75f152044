using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using Fields = DsmipTools.Wire.Icmp.MulticastListenerDiscovery.MulticastListenerReport.Fields;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>A checked Multicast Listener Report of MLDv1 where it stands (RFC 2710, 3).</summary>
public readonly ref struct MulticastListenerReportView
{
    private MulticastListenerReportView(IcmpV6View header) => Header = header;

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>0 in reports.</summary>
    public ushort MaximumResponseDelay => Fields.Body.MaximumResponseDelay.ReadUInt16(Octets);

    /// <summary>Reserved octets.</summary>
    public ushort Reserved => Fields.Body.Reserved.ReadUInt16(Octets);

    /// <summary>The address that is listened to.</summary>
    public Address MulticastAddress => Fields.Body.MulticastAddress.ReadAddress(Octets);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out MulticastListenerReportView view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheck(IcmpV6Type.MulticastListenerReport, Fields.Layout, out error))
        {
            return false;
        }

        view = new MulticastListenerReportView(header);
        return true;
    }
}
