using System.Globalization;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The IPv4 home network of mobile nodes at a local mobility anchor: where their IPv4 home addresses come from (RFC 5844, 3.1).</summary>
public sealed record IPv4HomeNetwork
{
    /// <summary>The longest network: below it no address is left beside network, broadcast address and router.</summary>
    private const byte LongestPrefix = 29;

    /// <summary>The address of the network, its host bits zero.</summary>
    public required Address Network { get; init; }

    /// <summary>The length of the network's prefix, 8 to 29.</summary>
    public required byte PrefixLength { get; init; }

    /// <summary>The default router of the mobile nodes (RFC 5844, 3.3.3); null for the first address of the network.</summary>
    public Address? DefaultRouter { get; init; }

    /// <summary>
    /// What the gateways are told to be for the mobile nodes (RFC 5844, 3.3.4): true for a DHCP server, false for a DHCP relay; null says nothing,
    /// which means a relay.
    /// </summary>
    public bool? GatewaysAreDhcpServers { get; init; }

    /// <summary>The default router that mobile nodes are told.</summary>
    internal Address Router => DefaultRouter ?? Address.FromIPv4((uint)Network.Value + 1);

    /// <summary>Makes a network from text such as <c>192.0.2.0/24</c>.</summary>
    /// <exception cref="FormatException">The text is no IPv4 network.</exception>
    public static IPv4HomeNetwork Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return parts.Length == 2
            && Address.TryParse(parts[0], CultureInfo.InvariantCulture, out var network)
            && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new IPv4HomeNetwork { Network = network, PrefixLength = length }
            : throw new FormatException($"'{text}' is no IPv4 network: write it as 192.0.2.0/24.");
    }

    /// <summary>Makes a network from text such as <c>192.0.2.0/24</c>.</summary>
    public static implicit operator IPv4HomeNetwork(string text) => Parse(text);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");

    /// <summary>True for the address of a host of this network.</summary>
    internal bool Contains(Address address) => address.IsIPv4 && (((uint)address.Value ^ (uint)Network.Value) & Mask) == 0;

    /// <summary>True for an address that a mobile node can have: not the network's, the broadcast address or the router's.</summary>
    internal bool IsForNodes(Address address) => Contains(address)
        && address != Network && ((uint)address.Value | Mask) != uint.MaxValue && address != Router;

    internal void Validate()
    {
        if (!Network.IsIPv4 || !Network.IsUnicast || PrefixLength is < 8 or > LongestPrefix || ((uint)Network.Value & ~Mask) != 0)
        {
            throw new ArgumentException($"{this} is no IPv4 network of a length from 8 to {LongestPrefix}, or has bits beyond it.");
        }

        if (!Contains(Router) || Router == Network || ((uint)Router.Value | Mask) == uint.MaxValue)
        {
            throw new ArgumentException($"The default router {Router} is no host of {this}.");
        }
    }

    private uint Mask => uint.MaxValue << (32 - PrefixLength);
}
