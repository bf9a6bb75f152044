using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>IPv4 home addresses to assign (RFC 5844, 3.1.2.2; RFC 5944, 3.8.1): a <see cref="PrefixPool"/> of IPv4-mapped addresses, which rest in the same way.</summary>
internal sealed class IPv4AddressPool
{
    private const int MappedBits = 96;
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    private readonly PrefixPool pool;
    private readonly Func<Address, bool> isForNodes;
    private readonly Func<Prefix, bool> isTaken;

    public IPv4AddressPool(IPv4Network network, Func<Address, bool> isForNodes, Func<Address, bool> isInUse)
    {
        this.isForNodes = isForNodes;
        pool = new PrefixPool(new Prefix(Mapped | network.Address.Value, (byte)(MappedBits + network.Length)), 128);
        isTaken = prefix => !isForNodes(AddressOf(prefix)) || isInUse(AddressOf(prefix));
    }

    public bool Owns(Address address) => isForNodes(address);

    /// <summary>Takes an address that is not in use; null when there is none.</summary>
    public Address? Take() => pool.Take(isTaken) is { } prefix ? AddressOf(prefix) : (Address?)null;

    public void Release(Address address) => pool.Release(new Prefix(Mapped | address.Value, 128));

    private static Address AddressOf(Prefix prefix) => Address.FromIPv4((uint)prefix.Bits);
}
