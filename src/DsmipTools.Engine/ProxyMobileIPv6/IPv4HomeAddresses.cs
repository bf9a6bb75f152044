using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Which IPv4 home address an update is granted (RFC 5844, 3.1.2): nothing is taken for an update that is refused.</summary>
internal sealed class IPv4HomeAddresses
{
    private readonly IProxyBindingCache cache;
    private readonly IPv4AddressPool? pool;
    private readonly Dictionary<NetworkAccessIdentifier, Address> own = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly HashSet<Address> reserved;

    public IPv4HomeAddresses(LocalMobilityAnchorOptions options, IProxyBindingCache cache)
    {
        this.cache = cache;
        foreach (var (identifier, address) in options.FixedIPv4HomeAddresses)
        {
            own.Add(NetworkAccessIdentifier.Parse(identifier), address);
        }

        reserved = [.. own.Values];
        pool = options.IPv4HomeNetwork is { } network ? new IPv4AddressPool(new IPv4Network(network.Network, network.PrefixLength), network.IsForNodes, IsInUse) : null;
    }

    /// <summary>Whether an update may ask at all (RFC 5844, 3.1.2.1); null when it may, or does not ask.</summary>
    public BindingStatus? Check(in ProxyUpdate request) => request.IPv4Requests == 0 ? null
        : request.IPv4Requests > 1 ? BindingStatus.MultipleIPv4HomeAddressAssignmentNotSupported
        : pool is null ? BindingStatus.NotAuthorizedForIPv4MobilityService
        : null;

    /// <summary>The address for a session after an update that asks for one; it is taken.</summary>
    /// <param name="request">The update.</param>
    /// <param name="present">The address of the session before it.</param>
    /// <param name="granted">The address; null where the update does not ask, or is refused.</param>
    public BindingStatus Grant(in ProxyUpdate request, Address? present, out Address? granted)
    {
        granted = null;
        if (request.IPv4Requests == 0)
        {
            return BindingStatus.Accepted;
        }

        if (!request.NamesIPv4HomeAddress)
        {
            granted = present ?? Assign(request.Identifier);
            return granted is null ? BindingStatus.InsufficientResources : BindingStatus.Accepted;
        }

        var isFree = present is null && (IsOwn(request.Identifier, request.IPv4HomeAddress)
            ? cache.Find(request.IPv4HomeAddress) is null
            : pool!.Owns(request.IPv4HomeAddress) && !IsInUse(request.IPv4HomeAddress));
        if (request.IPv4HomeAddress != present && !isFree)
        {
            return BindingStatus.NotAuthorizedForIPv4HomeAddress;
        }

        granted = request.IPv4HomeAddress;
        return BindingStatus.Accepted;
    }

    public void Release(Address? address)
    {
        if (address is { } released)
        {
            pool!.Release(released);
        }
    }

    private Address? Assign(ReadOnlySpan<byte> identifier) =>
        own.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(identifier, out var address) && cache.Find(address) is null ? address : pool!.Take();

    private bool IsOwn(ReadOnlySpan<byte> identifier, Address address) =>
        own.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(identifier, out var found) && found == address;

    private bool IsInUse(Address address) => reserved.Contains(address) || cache.Find(address) is not null;
}
