using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>A route of this host.</summary>
/// <param name="Address">Where it leads: the first address.</param>
/// <param name="Length">The length of the prefix.</param>
/// <param name="InterfaceIndex">The interface that it leads to.</param>
/// <param name="Mtu">The longest packet in octets, whatever the interface takes; 0 for that of the interface.</param>
public sealed record HostRoute(Address Address, byte Length, int InterfaceIndex, int Mtu) : HostEntry
{
    /// <summary>The table that it is in.</summary>
    public uint Table { get; init; } = MainTable;

    /// <summary>The router that it leads to; null for what is on the link itself.</summary>
    public Address? Gateway { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{Length}";
}
