using System.Collections;
using System.Management.Automation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Agents;

/// <summary>The hash tables that local mobility anchors are configured with.</summary>
internal static class AnchorArguments
{
    private const string AnySource = "*";

    /// <summary>Gateways that may revoke all of their bindings: identity and proxy care-of addresses.</summary>
    public static IReadOnlyList<GatewayAuthorization> Authorized(Hashtable? table) =>
    [
        .. Entries(table).Select(entry => new GatewayAuthorization
        {
            Identity = $"{entry.Key}",
            CareOfAddresses = ValueList.From(Several(entry.Value).Select(value => Parse("GlobalRevocation", value))),
        }),
    ];

    /// <summary>Proxy care-of addresses that are not the source of an update: each with the addresses that updates which name it come from.</summary>
    public static IReadOnlyList<CareOfAddressAuthorization> CareOfAddresses(Hashtable? table) =>
    [
        .. Entries(table).Select(entry => new CareOfAddressAuthorization
        {
            CareOfAddresses = [Parse("CareOfAddress", entry.Key)],
            Sources = Sources(entry),
        }),
    ];

    /// <summary>Policies for updates that cross an indication: trigger and policy.</summary>
    public static Dictionary<RevocationTrigger, CrossingUpdatePolicy> Crossing(Hashtable? table) => Entries(table).ToDictionary(
        entry => Value<RevocationTrigger>(entry.Key), entry => Value<CrossingUpdatePolicy>(entry.Value));

    /// <summary>Mobile nodes with their home network prefixes.</summary>
    public static Dictionary<string, Prefix> FixedPrefixes(Hashtable? table) => Entries(table).ToDictionary(
        entry => $"{entry.Key}",
        entry => Prefix.TryParse($"{entry.Value}", null, out var prefix)
            ? prefix
            : throw new ArgumentException($"-FixedPrefix: '{entry.Value}' is not an IPv6 prefix such as 2001:db8:7:1::/64."));

    /// <summary>Mobile nodes with their IPv4 home addresses.</summary>
    public static Dictionary<string, Address> FixedIPv4HomeAddresses(Hashtable? table) =>
        Entries(table).ToDictionary(entry => $"{entry.Key}", entry => Parse("FixedIPv4HomeAddress", entry.Value));

    /// <summary>
    /// Policy profiles in the order in which they are written: mobile nodes, and a profile, or a table of what differs from one that allows everything. None
    /// at all for a null.
    /// </summary>
    public static IPolicyStore? Profiles(IDictionary? table) => table is null ? null : new ConfiguredProfiles(
        table.Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create($"{entry.Key}", Profile(entry))));

    private static PolicyProfile Profile(DictionaryEntry entry) => entry.Value switch
    {
        PolicyProfile profile => profile,
        IDictionary table => table.Cast<DictionaryEntry>().Aggregate(new PolicyProfile(), (profile, item) => $"{item.Key}".ToUpperInvariant() switch
        {
            "MOBILITYSERVICE" => profile with { MobilityService = LanguagePrimitives.IsTrue(item.Value) },
            "IPV6" => profile with { IPv6 = LanguagePrimitives.IsTrue(item.Value) },
            "IPV4" => profile with { IPv4 = LanguagePrimitives.IsTrue(item.Value) },
            "GATEWAYS" => profile with { Gateways = ValueList.From(Several(item.Value).Select(value => Parse("PolicyProfile", value))) },
            _ => throw new ArgumentException($"-PolicyProfile: '{item.Key}' is none of MobilityService, IPv6, IPv4, Gateways."),
        }),
        _ => throw new ArgumentException($"-PolicyProfile: what {entry.Key} may have is a table such as @{{ IPv4 = $false }}; an empty one allows everything."),
    };

    // Nobody comes to allow everybody by an empty list.
    private static ValueList<Address> Sources(DictionaryEntry entry) => Several(entry.Value) switch
    {
        [] => throw new ArgumentException($"-CareOfAddress: the updates that name {entry.Key} come from somewhere; '{AnySource}' means any peer."),
        [var one] when $"{one}" == AnySource => [],
        var sources => ValueList.From(sources.Select(value => Parse("CareOfAddress", value))),
    };

    private static object[] Several(object? value) => LanguagePrimitives.ConvertTo<object[]>(value) ?? [];

    private static Address Parse(string parameter, object? value) => Address.TryParse($"{value}", null, out var address)
        ? address
        : throw new ArgumentException($"-{parameter}: '{value}' is not an address such as 127.31.1.11.");

    private static T Value<T>(object? value)
        where T : struct, Enum => LanguagePrimitives.TryConvertTo<T>(value, out var found) && Enum.IsDefined(found)
        ? found
        : throw new ArgumentException($"-CrossingUpdate: '{value}' is none of {string.Join(", ", Enum.GetNames<T>())}.");

    // In one order, whatever the hash table's is.
    private static IOrderedEnumerable<DictionaryEntry> Entries(Hashtable? table) =>
        (table ?? []).Cast<DictionaryEntry>().OrderBy(entry => $"{entry.Key}", StringComparer.Ordinal);
}
