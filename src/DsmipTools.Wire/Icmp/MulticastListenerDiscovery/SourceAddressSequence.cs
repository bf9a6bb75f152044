using DsmipTools.Wire.Ip;
using Fields = DsmipTools.Wire.Icmp.MulticastListenerDiscovery.MulticastAddressRecord.Fields;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>The source addresses of a multicast address record where they stand (RFC 3810, 5.2.9).</summary>
public readonly ref struct SourceAddressSequence
{
    private readonly ReadOnlySpan<byte> octets;

    internal SourceAddressSequence(ReadOnlySpan<byte> octets) => this.octets = octets;

    /// <summary>How many there are.</summary>
    public int Count => octets.Length / Fields.SourceAddress.Length;

    /// <summary>One of them.</summary>
    public Address this[int index] => Address.FromOctets(octets.Slice(index * Fields.SourceAddress.Length, Fields.SourceAddress.Length));

    /// <summary>A copy.</summary>
    public ValueList<Address> ToList() => AddressList.Read(Fields.SourceAddress, octets);
}
