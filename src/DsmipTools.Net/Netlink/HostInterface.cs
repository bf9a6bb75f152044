using DsmipTools.Wire;

namespace DsmipTools.Net.Netlink;

/// <summary>A network interface of this host.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is, in the kernel's word: tun, veth, sit; empty for hardware.</param>
/// <param name="Mtu">The longest packet in octets.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="HasCarrier">Whether something is at its other end: for a TUN device, a process.</param>
public sealed record HostInterface(int Index, string Name, string Kind, int Mtu, bool IsUp, bool HasCarrier)
{
    /// <summary>Its link-layer address; empty where it has none.</summary>
    public Octets LinkLayerAddress { get; init; }

    /// <summary>What somebody noted with it (ifalias); empty for nothing.</summary>
    public string Note { get; init; } = "";
}
