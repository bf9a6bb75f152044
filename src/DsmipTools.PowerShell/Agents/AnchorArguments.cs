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
