using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <content>NATs on the way.</content>
public sealed partial class SimulatedWorld
{
    private readonly List<SimulatedNat> nats = [];

    /// <summary>Puts a NAT between some addresses and all others. Packets travel a link to it and another one from it, and a capture shows both.</summary>
    /// <param name="outside">The IPv4 address by which the inside is known outside.</param>
    /// <param name="inside">The IPv4 addresses behind it.</param>
    /// <exception cref="ArgumentException">An address is no IPv4 unicast address, or stands on both sides.</exception>
    public SimulatedNat AddNat(Address outside, params IEnumerable<Address> inside)
    {
        var nat = new SimulatedNat(outside, inside);
        lock (gate)
        {
            nats.Add(nat);
        }

        return nat;
    }

    /// <summary>True when a packet that arrived has come to a NAT, which sends it on or drops it.</summary>
    private bool PassNat(in Happening packet)
    {
        foreach (var nat in nats)
        {
            if (nat.Pass(packet.Octets.AsSpan(0, packet.Length), out var from, out var to) is not { } goesOn)
            {
                continue;
            }

            if (goesOn)
            {
                Travel(from, to, packet.Octets!, packet.Length);
            }
            else
            {
                traffic = traffic with { Undeliverable = traffic.Undeliverable + 1 };
                spare.Push(packet.Octets!);
            }

            return true;
        }

        return false;
    }
}
