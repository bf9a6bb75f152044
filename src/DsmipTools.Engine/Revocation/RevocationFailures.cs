using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.Revocation;

/// <summary>
/// Which bindings the options of an acknowledgement name (RFC 5846, 5.2). Prefixes name bindings by themselves, and the identifier beside them
/// says whose they are; without prefixes an identifier means all bindings of its mobile node.
/// </summary>
internal sealed class RevocationFailures
{
    private readonly HashSet<NetworkAccessIdentifier> identifiers = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly HashSet<Prefix> prefixes = [];
    private readonly List<string> names = [];

    public RevocationFailures(MobilityOptionSequence options)
    {
        foreach (var option in options)
        {
            if (option.Type == MobilityOptionType.MobileNodeIdentifier && MobileNodeIdentifierOption.TryRead(option, out var identifier))
            {
                identifiers.Add(new NetworkAccessIdentifier(identifier));
                names.Add(Encoding.UTF8.GetString(identifier));
            }
            else if (option.Type == MobilityOptionType.HomeNetworkPrefix && HomeNetworkPrefixOption.TryRead(option, out var prefix))
            {
                prefixes.Add(prefix.Canonical);
                names.Add(prefix.ToString());
            }
        }
    }

    /// <summary>What is named, in the order of the message.</summary>
    public ValueList<string> Names => ValueList.From(names);

    public bool Include(Prefix prefix) => prefixes.Contains(prefix);

    public bool Include(NetworkAccessIdentifier identifier) => prefixes.Count == 0 && identifiers.Contains(identifier);
}
