using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A mobile access gateway that may revoke all of its bindings at once (RFC 5846, 8.2 and 13).</summary>
public sealed record GatewayAuthorization
{
    /// <summary>The identity that the gateway gives in the Mobile Node Identifier option.</summary>
    public required string Identity { get; init; }

    /// <summary>Its proxy care-of addresses: where its indication has to come from, and whose bindings it may revoke.</summary>
    public required ValueList<Address> CareOfAddresses { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Identity} at {string.Join(" and ", CareOfAddresses)}";

    internal void Validate()
    {
        _ = NetworkAccessIdentifier.Parse(Identity);
        if (CareOfAddresses.Count == 0 || CareOfAddresses.Any(address => !address.IsUnicast))
        {
            throw new ArgumentException($"The gateway {Identity} has no proxy care-of address, or one that is no unicast address.");
        }
    }
}
