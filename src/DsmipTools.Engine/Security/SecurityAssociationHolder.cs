using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Security;

/// <summary>Whom associations are with.</summary>
/// <param name="Kind">Between whom they are.</param>
/// <param name="Address">The home address, or that of the other agent; 0.0.0.0 with an identifier.</param>
/// <param name="Identifier">The identifier of a mobile node that is known by it alone.</param>
internal readonly record struct SecurityAssociationHolder(SecurityAssociationKind Kind, Address Address, NetworkAccessIdentifier? Identifier)
    : IComparable<SecurityAssociationHolder>
{
    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => (((int)Kind * 31) + Address.GetHashCode()) ^ (Identifier?.GetHashCode() ?? 0);

    /// <inheritdoc/>
    public int CompareTo(SecurityAssociationHolder other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind)
        : Address != other.Address ? Address.CompareTo(other.Address)
        : string.CompareOrdinal(Identifier?.ToString(), other.Identifier?.ToString());

    /// <inheritdoc/>
    public override string ToString() => Identifier?.ToString() ?? Address.ToString();
}
