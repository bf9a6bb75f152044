using System.Collections.Concurrent;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.Wire.Rules;

/// <summary>
/// Judges packets and messages by the rules of their RFCs, as far as one packet shows them: what depends on what was sent before, on
/// configuration or on state, no packet shows.
/// </summary>
public static class PacketRules
{
    internal static readonly Rule[] All =
    [
        .. ChecksumRules.All,
        .. HeaderRules.All,
        .. RegistrationRules.All,
        .. DualStackExtensionRules.All,
        .. AuthenticationRules.All,
        .. IdentifierRules.All,
        .. MobilityHeaderRules.All,
        .. MobilityOptionRules.All,
        .. MobilityAuthenticationRules.All,
        .. BindingRules.All,
        .. ProxyBindingRules.All,
        .. RevocationRules.All,
        .. IcmpRules.All,
    ];

    private static readonly ConcurrentDictionary<Type, Rule[]> ByType = new();

    /// <summary>
    /// The ids of the rules that speak of certain structures. Those that follow from any layout table (reserved fields, code points,
    /// lengths, padding) have the RFC and section of that table as their id.
    /// </summary>
    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Judges a packet.</summary>
    /// <param name="packet">The packet as it was decoded.</param>
    /// <param name="keys">Where keys come from; null verifies no authenticator.</param>
    /// <returns>What is wrong, in the order of the octets; empty when nothing is.</returns>
    public static IReadOnlyList<RuleViolation> Check(DecodedPacket packet, RuleKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return Check(packet.Layers, packet.Error, keys);
    }

    /// <summary>Judges a packet by its layers.</summary>
    /// <param name="layers">The layers, the outermost first.</param>
    /// <param name="error">What the decoder found wrong; null for nothing.</param>
    /// <param name="keys">Where keys come from; null verifies no authenticator.</param>
    /// <param name="isCut">True when the capture has not all octets of the frame: then no checksum and no length is judged.</param>
    /// <returns>What is wrong, in the order of the octets; empty when nothing is.</returns>
    public static IReadOnlyList<RuleViolation> Check(IReadOnlyList<Layer> layers, WireError? error, RuleKeys? keys = null, bool isCut = false)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var found = new List<RuleViolation>();
        var packet = new PacketUnderTest(layers, keys, isCut);
        for (var index = 0; index < layers.Count; index++)
        {
            Judge(new Subject(layers[index], null, packet, index, found));
        }

        if (error is { IsError: true } wrong)
        {
            DecoderErrors.Add(found, layers, wrong, isCut);
        }

        return [.. found.OrderBy(violation => violation.Offset)];
    }

    /// <summary>
    /// Judges a message that is being composed, as it will stand on the wire; offsets count from its start. Checksums that its headers
    /// will decide are not judged.
    /// </summary>
    /// <param name="message">A message, or an option, an extension or a header alone.</param>
    /// <param name="keys">Where keys come from; null verifies no authenticator.</param>
    /// <returns>What is wrong, in the order of the octets; empty when nothing is.</returns>
    public static IReadOnlyList<RuleViolation> Check(Structure message, RuleKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return Check(new PacketDecoder().Decode(message), keys);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return
            [
                new RuleViolation
                {
                    Rule = message.Table.Rfc, Severity = RuleSeverity.Error, Structure = message.Table.Name, Offset = 0, Explanation = exception.Message,
                },
            ];
        }
    }

    /// <summary>Judges a structure and its parts.</summary>
    internal static void Judge(Subject subject)
    {
        LayoutRules.Judge(subject);
        if (subject.Layer.Structure is { } structure)
        {
            foreach (var rule in ByType.GetOrAdd(structure.GetType(), type => [.. All.Where(rule => rule.About.IsAssignableFrom(type))]))
            {
                subject.Rule = rule.Id;
                subject.Severity = rule.Severity;
                rule.Judge(structure, subject);
            }
        }

        foreach (var part in subject.Parts)
        {
            Judge(subject.Part(part));
        }
    }
}
