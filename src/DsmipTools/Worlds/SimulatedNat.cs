using System.Buffers.Binary;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// A NAT of a simulated world: UDP over IPv4 from its inside leaves with its outside address and a port of its own, and comes back by that port,
/// whoever sends it (RFC 4787: endpoint-independent mapping and filtering). Everything else from or to its addresses is dropped.
/// </summary>
public sealed class SimulatedNat
{
    private const ushort FirstPort = 20000;

    private readonly Lock gate = new();
    private readonly HashSet<Address> inside;
    private readonly Dictionary<Endpoint, ushort> ports = [];
    private readonly Dictionary<ushort, Endpoint> hosts = [];
    private ushort nextPort = FirstPort;
    private Address outside;

    /// <summary>Makes a NAT by itself; <see cref="SimulatedWorld.AddNat"/> puts one into a world.</summary>
    /// <exception cref="ArgumentException">An address is no IPv4 unicast address, or stands on both sides.</exception>
    public SimulatedNat(Address outside, params IEnumerable<Address> inside)
    {
        this.outside = outside;
        this.inside = [.. inside];
        if (!outside.IsIPv4 || !outside.IsUnicast || this.inside.Count == 0 || this.inside.Any(address => !address.IsIPv4 || !address.IsUnicast || address == outside))
        {
            throw new ArgumentException("A NAT translates IPv4 unicast addresses of its inside to another one.");
        }
    }

    /// <summary>The address by which the inside is known outside.</summary>
    public Address Outside
    {
        get
        {
            lock (gate)
            {
                return outside;
            }
        }
    }

    /// <summary>The number of mappings.</summary>
    public int Mappings
    {
        get
        {
            lock (gate)
            {
                return ports.Count;
            }
        }
    }

    /// <summary>Forgets all mappings, as after a reboot: what comes from outside is dropped until the inside sends again, and that leaves by another port.</summary>
    /// <param name="newOutside">Another outside address; null keeps it.</param>
    /// <exception cref="ArgumentException">It is no IPv4 unicast address, or one of the inside.</exception>
    public void Rebind(Address? newOutside = null)
    {
        lock (gate)
        {
            if (newOutside is { } address && (!address.IsIPv4 || !address.IsUnicast || inside.Contains(address)))
            {
                throw new ArgumentException($"{address} is no outside address of a NAT.", nameof(newOutside));
            }

            outside = newOutside ?? outside;
            ports.Clear();
            hosts.Clear();
        }
    }

    /// <summary>What becomes of a packet that comes by.</summary>
    /// <param name="packet">The IP packet; it is translated in place.</param>
    /// <param name="from">Its source afterwards.</param>
    /// <param name="to">Its destination afterwards.</param>
    /// <returns>Whether it goes on; null when it is none of this NAT's, and is left alone.</returns>
    public bool? Pass(Span<byte> packet, out Address from, out Address to)
    {
        from = to = default;
        if (packet.Length < IPv4Header.Fields.Layout.Length || packet[0] >> 4 != 4)
        {
            return null;
        }

        from = IPv4Header.Fields.Source.ReadAddress(packet);
        to = IPv4Header.Fields.Destination.ReadAddress(packet);
        lock (gate)
        {
            var leaves = inside.Contains(from) && !inside.Contains(to);
            if (!leaves && to != outside)
            {
                return null;
            }

            var headerLength = (packet[0] & 15) * 4;
            if (IPv4Header.Fields.Protocol.ReadByte(packet) != (byte)IpProtocol.Udp || packet.Length < headerLength + UdpHeader.Fields.Layout.Length)
            {
                return false;
            }

            var datagram = packet[headerLength..];
            if (leaves)
            {
                var port = Map(new Endpoint(from, UdpHeader.Fields.SourcePort.ReadUInt16(datagram)));
                Rewrite(packet, datagram, IPv4Header.Fields.Source.Offset, UdpHeader.Fields.SourcePort.Offset, new Endpoint(outside, port));
                from = outside;
                return true;
            }

            if (!hosts.TryGetValue(UdpHeader.Fields.DestinationPort.ReadUInt16(datagram), out var host))
            {
                return false;
            }

            Rewrite(packet, datagram, IPv4Header.Fields.Destination.Offset, UdpHeader.Fields.DestinationPort.Offset, host);
            to = host.Address;
            return true;
        }
    }

    private ushort Map(Endpoint host)
    {
        if (!ports.TryGetValue(host, out var port))
        {
            port = nextPort;
            nextPort = nextPort == ushort.MaxValue ? FirstPort : (ushort)(nextPort + 1);
            if (hosts.Remove(port, out var former))
            {
                ports.Remove(former);
            }

            ports.Add(host, port);
            hosts.Add(port, host);
        }

        return port;
    }

    /// <summary>Checksums are adjusted and not computed anew, so that what was damaged on the way stays damaged (RFC 1624).</summary>
    private static void Rewrite(Span<byte> packet, Span<byte> datagram, int addressAt, int portAt, Endpoint endpoint)
    {
        Span<byte> address = stackalloc byte[4];
        Span<byte> port = [(byte)(endpoint.Port >> 8), (byte)endpoint.Port];
        BinaryPrimitives.WriteUInt32BigEndian(address, (uint)endpoint.Address.Value);
        Adjust(packet, IPv4Header.Fields.HeaderChecksum.Offset, packet.Slice(addressAt, 4), address);
        if (UdpHeader.Fields.Checksum.ReadUInt16(datagram) != 0)
        {
            Adjust(datagram, UdpHeader.Fields.Checksum.Offset, packet.Slice(addressAt, 4), address);
            Adjust(datagram, UdpHeader.Fields.Checksum.Offset, datagram.Slice(portAt, 2), port);
        }

        address.CopyTo(packet[addressAt..]);
        port.CopyTo(datagram[portAt..]);
    }

    private static void Adjust(Span<byte> header, int checksumAt, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var field = header.Slice(checksumAt, 2);
        var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(field) + InternetChecksum.Sum(after);
        for (var at = 0; at < before.Length; at += 2)
        {
            sum += (ushort)~BinaryPrimitives.ReadUInt16BigEndian(before[at..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.Finish(sum));
    }
}
