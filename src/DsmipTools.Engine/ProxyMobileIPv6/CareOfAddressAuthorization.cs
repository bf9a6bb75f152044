using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// Proxy care-of addresses that a gateway may name in its updates although they do not come from there: in the Alternate Care-of Address option
/// (RFC 5213, 5.3.1 (13) and 6.9.1.5), or over IPv4, where a NAT changes the source, in the IPv4 Care-of Address option (RFC 5555, 3.1.2).
/// Whoever may name an address can move and end the sessions that stand with it.
/// </summary>
public sealed record CareOfAddressAuthorization
{
    /// <summary>The addresses that its messages come from; none means any peer that is admitted, as when the public address of a NAT is not known.</summary>
    public ValueList<Address> Sources { get; init; }

    /// <summary>The proxy care-of addresses. One address belongs to one gateway of the domain, also behind different NATs.</summary>
    public required ValueList<Address> CareOfAddresses { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(" and ", CareOfAddresses)} from {(Sources.Count == 0 ? "any peer" : string.Join(" and ", Sources))}";

    internal static bool Allows(IReadOnlyList<CareOfAddressAuthorization> list, Address source, Address careOfAddress)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (list[at].CareOfAddresses.Span.Contains(careOfAddress) && (list[at].Sources.Count == 0 || list[at].Sources.Span.Contains(source)))
            {
                return true;
            }
        }

        return false;
    }

    internal void Validate()
    {
        if (CareOfAddresses.Count == 0 || CareOfAddresses.Concat(Sources).Any(address => !address.IsUnicast))
        {
            throw new ArgumentException("An authorisation names a proxy care-of address, and unicast addresses alone.");
        }
    }
}
