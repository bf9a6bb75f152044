using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.Revocation;

/// <summary>What the options of a Binding Revocation Indication name, read once (RFC 5846, 5.1). The first of each kind counts.</summary>
internal readonly ref struct RevocationNames
{
    private readonly MobilityOptionSequence options;

    public RevocationNames(MobilityOptionSequence options)
    {
        this.options = options;
        foreach (var option in options)
        {
            switch (option.Type)
            {
                // Other subtypes than Network Access Identifiers are not supported (RFC 5846, 5.1).
                case MobilityOptionType.MobileNodeIdentifier when !IsIdentified && MobileNodeIdentifierOption.TryRead(option, out var octets):
                    IsIdentified = true;
                    Identifier = octets;
                    break;
                // An option that cannot be read names nothing; without it the indication would mean more.
                case MobilityOptionType.HomeNetworkPrefix:
                    PrefixCount++;
                    break;
                case MobilityOptionType.IPv4HomeAddressRequest
                    when IPv4HomeAddress is null && IPv4HomeAddressRequestOption.TryRead(option, out var address, out _):
                    IPv4HomeAddress = address;
                    break;
                case MobilityOptionType.AlternateCareOfAddress when CareOfAddress is null:
                    CareOfAddress = AlternateCareOfAddressOption.TryRead(option, out var proxy) ? proxy : default;
                    break;
            }
        }
    }

    /// <summary>True when a Network Access Identifier is there.</summary>
    public bool IsIdentified { get; }

    public ReadOnlySpan<byte> Identifier { get; }

    /// <summary>The number of Home Network Prefix options, also of those that cannot be read.</summary>
    public int PrefixCount { get; }

    /// <summary>The proxy IPv4 home address (RFC 5844, 3.3.1); null when it is not named.</summary>
    public Address? IPv4HomeAddress { get; }

    /// <summary>The proxy care-of address that the bindings share; null for any.</summary>
    public Address? CareOfAddress { get; }

    /// <summary>The realm of an identifier of the form <c>@realm</c> (RFC 5846, 8.1); empty when it has another form.</summary>
    public ReadOnlySpan<byte> Realm => Identifier.Length > 1 && Identifier.LastIndexOf((byte)'@') == 0 ? Identifier[1..] : default;

    /// <summary>The home network prefixes, without the bits beyond their lengths.</summary>
    public List<Prefix> Prefixes()
    {
        var prefixes = new List<Prefix>(PrefixCount);
        foreach (var option in options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix
                && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                && !prefixes.Contains(prefix.Canonical))
            {
                prefixes.Add(prefix.Canonical);
            }
        }

        return prefixes;
    }
}
