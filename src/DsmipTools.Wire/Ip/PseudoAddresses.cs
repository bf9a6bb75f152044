namespace DsmipTools.Wire.Ip;

/// <summary>
/// The addresses that the pseudo-header of an upper-layer checksum holds. Behind a Home Address option the source is the home address
/// (RFC 6275, 11.3.1), behind a routing header with segments left the destination is the last one (RFC 8200, 8.1).
/// </summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination address.</param>
internal readonly record struct PseudoAddresses(Address Source, Address Destination)
{
    /// <summary>The sum of the pseudo-header.</summary>
    /// <param name="protocol">The upper-layer protocol.</param>
    /// <param name="length">Octets of the upper-layer packet.</param>
    internal uint Sum(IpProtocol protocol, int length) => InternetChecksum.PseudoHeader(Source, Destination, (byte)protocol, length);

    /// <summary>
    /// True for the checksum that a host leaves for its network interface to finish: the sum of the pseudo-header alone, not inverted. Captures of
    /// a host's own packets are full of it.
    /// </summary>
    internal bool IsUnfinished(ushort checksum, IpProtocol protocol, int length) => checksum == (ushort)~InternetChecksum.Finish(Sum(protocol, length));
}
