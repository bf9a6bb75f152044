using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// Home addresses of mobile nodes that are known by their Network Access Identifier alone (RFC 2794; RFC 5944, 3.8.1). An address is a node's as long as
/// it is bound; afterwards it gets the same one again if nobody else has it.
/// </summary>
/// <param name="pool">Where addresses come from; null for nowhere.</param>
/// <param name="home">The home network.</param>
/// <param name="isInUse">True for an address that is somebody's without this.</param>
internal sealed class DynamicHomeAddresses(IPv4Network? pool, IPv4Network home, Func<Address, bool> isInUse)
{
    private readonly Dictionary<NetworkAccessIdentifier, IdentifiedNode> nodes = [];
    private readonly Dictionary<Address, IdentifiedNode> holders = [];

    /// <summary>The node with an identifier, made when there is none: only for nodes that have authenticated themselves.</summary>
    public IdentifiedNode GetOrAdd(NetworkAccessIdentifier identifier)
    {
        if (!nodes.TryGetValue(identifier, out var node))
        {
            nodes.Add(identifier, node = new IdentifiedNode());
        }

        return node;
    }

    /// <summary>The home address of a request, chosen where it asks for one; null when it may not have it, for the cause that the code says.</summary>
    /// <param name="node">The mobile node.</param>
    /// <param name="requested">The home address of the request; 0.0.0.0 asks for one.</param>
    /// <param name="isLeaving">True for a de-registration: it gets no address.</param>
    /// <param name="refusal">The code of the refusal.</param>
    public Address? Choose(IdentifiedNode node, Address requested, bool isLeaving, out RegistrationCode refusal)
    {
        refusal = RegistrationCode.AdministrativelyProhibited;
        if (!requested.IsUnspecified)
        {
            // Its key proves who it is, and not that any other address is its own.
            return Has(node, requested) ? requested : (Address?)null;
        }

        if (node.HomeAddress is { } known && (Has(node, known) || (!isLeaving && IsFree(known))))
        {
            return known;
        }

        if (isLeaving || Pool is not { } addresses)
        {
            return null;
        }

        refusal = RegistrationCode.InsufficientResources;
        return addresses.Take();
    }

    /// <summary>The node has the address from now on.</summary>
    public void Hold(IdentifiedNode node, Address address)
    {
        node.HomeAddress = address;
        holders[address] = node;
    }

    /// <summary>A binding is gone, or was refused: its address is free if it is one of ours.</summary>
    public void Release(Address address)
    {
        holders.Remove(address);
        if (pool is not null)
        {
            Pool!.Release(address);
        }
    }

    private IPv4AddressPool? Pool => field ??= pool is { } network
        ? new IPv4AddressPool(network, address => network.Contains(address) && !home.IsBroadcast(address) && address != home.First, address => !IsFree(address))
        : null;

    private bool Has(IdentifiedNode node, Address address) => holders.TryGetValue(address, out var holder) && holder == node;

    private bool IsFree(Address address) => !holders.ContainsKey(address) && !isInUse(address);

    /// <summary>A mobile node that is known by its identifier.</summary>
    public sealed class IdentifiedNode
    {
        private ReplayProtection replay;

        /// <summary>The replay protection, to be changed in place.</summary>
        public ref ReplayProtection Replay => ref replay;

        /// <summary>The address that it has or had last; null for none yet.</summary>
        public Address? HomeAddress { get; set; }
    }
}
